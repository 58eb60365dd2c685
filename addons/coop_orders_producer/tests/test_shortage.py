# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_orders.tests import common

from .producer_common import ProducerData


@tagged("post_install", "-at_install")
class TestShortage(ProducerData, HttpCase):
    """Two members ask 2 each of a product of which the producer has 3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_sent_window(cls.env)

    def _announce(self, quantity):
        self.authenticate("coop_producer", "coop_producer")
        self._post(
            f"/my/producer/orders/{self.purchase.id}/confirm",
            answer="typed",
            **{f"line_{self.line.id}": str(quantity)},
        )
        self.env.invalidate_all()

    def _mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", self.window.order_ids.ids)]
        )

    def _lines(self):
        return self.line.offer_id.line_ids.sorted("id")

    def test_shared_and_told_at_once(self):
        self._announce(3)
        self.assertEqual(self._lines().mapped("quantity_expected"), [2, 1])
        self.assertEqual(self._lines().mapped("quantity_allocated"), [0, 0])
        mail = self._mails()
        self.assertEqual(mail.recipient_ids, self.member_b)
        self.assertIn("1 instead of 2", mail.body_html)

    def test_not_told_twice(self):
        self._announce(3)
        self._announce(3)
        common.CoopOrdersCommon._receive(self.window, {self.line.product_id: 3})
        self.assertEqual(self._lines().mapped("quantity_allocated"), [2, 1])
        self.assertEqual(len(self._mails()), 1)

    def test_told_again_when_even_less_arrives(self):
        self._announce(3)
        common.CoopOrdersCommon._receive(self.window, {self.line.product_id: 2})
        self.assertEqual(self._lines().mapped("quantity_allocated"), [2, 0])
        mails = self._mails()
        self.assertEqual(len(mails), 2)
        self.assertEqual(mails.recipient_ids, self.member_b)

    def test_confirmed_after_all_nothing_is_expected_less(self):
        self._announce(3)
        self._announce(4)
        self.assertFalse(any(self._lines().mapped("expected_at")))
        common.CoopOrdersCommon._receive(self.window, {})
        self.assertEqual(len(self._mails()), 1)

    def test_everything_confirmed_tells_nobody(self):
        self._announce(4)
        self.assertFalse(self._mails())

    def test_coordinator_sees_it_on_the_board(self):
        window = self.window.with_user(self.coordinator)
        self.assertIn("Not confirmed yet by", window.attention)
        self._announce(3)
        self.assertIn("Farm A cannot supply everything", window.attention)
        self.assertIn("3 instead of 4", window.attention)
        self.assertIn("Confirmed by the producers", window.board)

    def test_orders_by_hour(self):
        self.window.order_ids.validated_at = self.window.opened_at
        self.assertIn('"value": 2', self.window.orders_by_hour)

    def test_delivery_days_by_the_producer(self):
        self.authenticate("coop_producer", "coop_producer")
        page = self._post("/my/producer/delivery", coop_delivers_1="1", lead_days="2")
        self.assertIn("Saved", page.text)
        self.env.invalidate_all()
        self.assertTrue(self.farm.coop_delivers_1)
        self.assertFalse(self.farm.coop_delivers_0)
        self.assertEqual(self.farm.coop_lead_days, 2)
        page = self._post("/my/producer/delivery", lead_days="two")
        self.assertIn("a whole number", page.text)
        self.env.invalidate_all()
        self.assertTrue(self.farm.coop_delivers_1)

    def test_a_helper_and_nobody_else(self):
        self.authenticate("coop_helper", "coop_helper")
        self._post("/my/producer/delivery", coop_delivers_4="1", lead_days="1")
        self.env.invalidate_all()
        self.assertTrue(self.farm.coop_delivers_4)
        self.assertFalse(self.other_farm.coop_delivers_4)
        self.authenticate("coop_member_a", "coop_member_a")
        self._post("/my/producer/delivery", coop_delivers_5="1")
        self.env.invalidate_all()
        self.assertFalse(self.member.coop_delivers_5)

    def test_window_follows_the_days(self):
        """Last Tuesday before the distribution, two days to prepare."""
        self.farm.write({"coop_delivers_1": True, "coop_lead_days": 2})
        window = self._create_window(self.env, name="Next")
        window.distribution_ids.write(
            {"date_end": "2199-06-07 12:00:00", "date_start": "2199-06-07 10:00:00"}
        )
        window.supplier_ids.write({"delivery_date": False, "closes_at": False})
        window.closes_at = "2199-06-05 18:00:00"
        window.action_open()
        row = window.supplier_ids.filtered(lambda r: r.partner_id == self.farm)
        self.assertEqual(row.delivery_date.weekday(), 1)
        # 8 o'clock of the cooperative; no summer time is known so far ahead.
        self.assertEqual(str(row.delivery_date), "2199-06-04 07:00:00")
        self.assertEqual(str(row.closes_at), "2199-06-02 07:00:00")
        other = window.supplier_ids - row
        self.assertFalse(any(other.mapped("delivery_date")))
