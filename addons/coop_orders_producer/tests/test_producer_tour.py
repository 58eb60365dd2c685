# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .producer_common import ProducerData


@tagged("post_install", "-at_install")
class TestProducerTour(ProducerData, HttpCase):
    """The producer's answer in a real browser, as narrow as a phone, in French."""

    browser_size = "390x844"
    touch_enabled = True

    def test_producer_answers_on_a_phone(self):
        self._create_sent_window(self.env)
        self._load_french()
        self.producer_user.lang = "fr_FR"
        self.start_tour("/my", "coop_orders_producer", login="coop_producer")
        self.env.invalidate_all()
        self.assertEqual(self.line.quantity_confirmed, 1.5)
        self.assertEqual(self.second_line.quantity_confirmed, 3.0)
        self.assertEqual(self.purchase.coop_delivery_note_ref, "BL 2026-7")
        self.assertEqual(self.sellers[0].price, 3.4)
        self.assertFalse(self.sellers[1].is_available)
        self.assertTrue(self.farm.coop_delivers_1)
        self.assertEqual(self.farm.coop_lead_days, 2)
        helper = self.env["coop.producer.helper"].search([])
        self.assertEqual(helper.mapped("email"), ["bea@example.com"])
        self.assertEqual(helper.user_id._coop_get_producer(), self.farm)

    def _load_french(self):
        """French, in a database that did not speak it too."""
        if "fr_FR" not in dict(self.env["res.lang"].get_installed()):
            self.env["res.lang"]._activate_lang("fr_FR")
            modules = self.env["ir.module.module"].search([("state", "=", "installed")])
            modules._update_translations(["fr_FR"])
