from odoo.tests import HttpCase, tagged

from .producer_common import ProducerData


@tagged("post_install", "-at_install")
class TestProducerTour(ProducerData, HttpCase):
    """The producer's answer in a real browser, as narrow as a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_producer_answers_on_a_phone(self):
        self._create_sent_window(self.env)
        self.start_tour("/my", "coop_orders_producer", login="coop_producer")
        self.env.invalidate_all()
        self.assertEqual(self.line.quantity_confirmed, 1.5)
        self.assertEqual(self.second_line.quantity_confirmed, 3.0)
        self.assertEqual(self.purchase.coop_delivery_note_ref, "BL 2026-7")
        self.assertEqual(self.sellers[0].price, 3.4)
        self.assertFalse(self.sellers[1].is_available)
