# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestOfferReprice(CoopOrdersCommon):
    """A price that changes after members ordered at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offer = cls.window.offer_ids[0]
        cls.order = cls._order(cls.window, cls.member, {0: 2, 1: 1})
        cls.basket = cls._order(cls.window, cls.member_b, {0: 5}, state="draft")

    def _open(self, offers=None, user=None):
        offers = (offers or self.offer).with_user(user or self.buyer)
        action = offers.action_change_price()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.buyer)
            .browse(action["res_id"])
        )

    def _reprice(self, price, **kwargs):
        wizard = self._open(**kwargs)
        wizard.line_ids[0].price_new = price
        wizard.action_confirm()

    def _mails(self, order):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )

    def test_wizard_shows_who_is_concerned_and_what_it_costs(self):
        wizard = self._open()
        self.assertEqual(wizard.order_count, 0)
        wizard.line_ids.price_new = 2.5
        self.assertRecordValues(
            wizard,
            [
                {
                    "order_count": 2,
                    "member_count": 2,
                    "amount_before": 14.0,
                    "amount_after": 17.5,
                    "refusal": "",
                }
            ],
        )

    def test_confirming_reprices_orders_and_baskets(self):
        self._reprice(2.5)
        self.assertAlmostEqual(self.offer.price_unit, 2.5)
        self.assertAlmostEqual(self.order.amount_total, 2 * 2.5 + 3)
        self.assertAlmostEqual(self.basket.amount_total, 5 * 2.5)
        self.assertEqual(self.order.state, "sent")

    def test_coordinator_may_too(self):
        self._reprice(2.5, user=self.coordinator)
        self.assertAlmostEqual(self.order.order_line[0].price_unit, 2.5)

    def test_each_member_gets_one_mail_for_several_prices(self):
        wizard = self._open(self.window.offer_ids[:2])
        wizard.line_ids[0].price_new = 2.5
        wizard.line_ids[1].price_new = 3.25
        wizard.reason = "Frost in May"
        wizard.action_confirm()
        mail = self._mails(self.order)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.member)
        for text in ("Product 0", "Product 1", "2.50", "3.25", "Frost in May"):
            self.assertIn(text, mail.body_html.replace(",", "."))
        self.assertIn(f"/my/coop/window/{self.window.id}", mail.body_html)
        other = self._mails(self.basket)
        self.assertEqual(len(other), 1)
        self.assertNotIn("Product 1", other.body_html)

    def test_member_without_mail_is_called(self):
        self._order(self.window, self.paper_member, {0: 1})
        self._reprice(2.5)
        self.assertIn("price", self.paper_member.activity_ids.summary)

    def test_window_and_order_keep_who_changed_what(self):
        self._reprice(2.5)
        message = self.window.message_ids[0]
        self.assertEqual(message.author_id, self.buyer.partner_id)
        self.assertIn("Product 0", message.body)
        note = self.order.message_ids.filtered(lambda m: "Product 0" in m.body)
        self.assertEqual(note[:1].author_id, self.buyer.partner_id)

    def test_direct_write_stays_refused(self):
        with self.assertRaisesRegex(UserError, "already ordered"):
            self.offer.with_user(self.buyer).price_unit = 2.5
        with self.assertRaisesRegex(UserError, "already ordered"):
            self.offer.with_user(self.buyer).with_context(
                coop_repricing=True
            ).price_unit = 2.5

    def test_member_referent_and_producer_may_not(self):
        for user in (self.member_user, self.referent, self.producer_user):
            with self.assertRaises(AccessError):
                self.offer.with_user(user).action_change_price()
            with self.assertRaises(AccessError):
                self.env["coop.offer.reprice"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.offer.with_user(user)._coop_reprice({self.offer: 1.0})

    def test_nothing_changed_is_said(self):
        with self.assertRaisesRegex(UserError, "new price first"):
            self._open().action_confirm()

    def test_negative_price_is_refused(self):
        wizard = self._open()
        wizard.line_ids.price_new = -1
        self.assertIn("negative", wizard.refusal)
        with self.assertRaisesRegex(UserError, "negative"):
            wizard.action_confirm()

    def test_figures_that_somebody_else_changed_are_not_confirmed(self):
        wizard = self._open()
        wizard.line_ids.price_new = 2.5
        self._reprice(3.0)
        with self.assertRaisesRegex(UserError, "somebody else"):
            wizard.action_confirm()
        self.assertAlmostEqual(self.offer.price_unit, 3.0)

    # ------------------------------------------------------------------
    # Once the order cannot be changed any more
    # ------------------------------------------------------------------

    def test_confirmed_order_may_fall_not_rise(self):
        self.window.action_close()
        with self.assertRaisesRegex(UserError, "may fall, not rise"):
            self._reprice(2.5)
        self.assertAlmostEqual(self.order.amount_total, 7.0)
        self._reprice(1.5)
        self.assertAlmostEqual(self.order.amount_total, 2 * 1.5 + 3)

    def test_after_the_producers_deadline_it_may_not_rise(self):
        row = self.window.supplier_ids.filtered(
            lambda s: s.partner_id == self.offer.supplier_id
        )
        row.closes_at = fields.Datetime.now() - timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "may fall, not rise"):
            self._reprice(2.5)
        self._reprice(1.5)
        self.assertAlmostEqual(self.order.amount_total, 2 * 1.5 + 3)

    def test_delivered_line_keeps_its_price(self):
        self.window.action_close()
        line = self.order.order_line[0]
        line.qty_delivered_method = "manual"
        line.qty_delivered = 2
        self._reprice(1.5)
        self.assertAlmostEqual(line.price_unit, 2.0)

    def test_finished_window_keeps_its_prices(self):
        self.window.action_close()
        self.window.action_done()
        with self.assertRaisesRegex(UserError, "is over"):
            self._reprice(1.5)

    def test_other_windows_keep_theirs(self):
        other = self._create_window(self.env)
        other.action_open()
        kept = self._order(other, self.member, {0: 3})
        self._reprice(2.5)
        self.assertAlmostEqual(kept.amount_total, 6.0)

    # ------------------------------------------------------------------
    # In batch
    # ------------------------------------------------------------------

    def test_queries_do_not_grow_with_the_orders(self):
        def cost(count, price):
            members = self.env["res.partner"].create(
                [
                    {
                        "name": f"Member {price} {index}",
                        "email": f"m{price}-{index}@example.com",
                        "is_coop_member": True,
                        "coop_group_id": self.group.id,
                    }
                    for index in range(count)
                ]
            )
            window = self._create_window(self.env)
            window.action_open()
            offer = window.offer_ids[0]
            self.env["sale.order"]._coop_create_orders(
                window, [{"partner": m, "lines": [(offer, 1)]} for m in members]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            offer._coop_reprice({offer: price})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(3, 2.1)
        few, many = cost(10, 2.2), cost(110, 2.3)
        # Odoo itself writes and notifies in batches of a hundred or so.
        self.assertLess(many - few, 20, f"{few} for 10 orders, {many} for 110")
