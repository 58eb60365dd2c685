# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.coop_reconciliation.tests.common import ReconciliationCommon

NOW = "2026-06-18 08:00:00"


@tagged("post_install", "-at_install")
class TestSupplierScore(ReconciliationCommon):
    """Fill rate, on time, price drift, billed above the order, claims: by supplier."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))
        self.env.company.partner_id.tz = "Europe/Paris"
        self.flour = self._product("Farine", 2.0)

    def _due(self, quantity=10, price=2.0, planned="2026-06-16 08:00:00", **vals):
        order = self._order([(self.flour, quantity, price)], **vals)
        order.order_line.date_planned = planned
        return order

    def _came(self, order, quantity, on):
        with freeze_time(on):
            return self._receive(order, {self.flour: quantity})

    def _figures(self, partner=None, user=None):
        model = self.env["coop.supplier.score"].with_user(user or self.buyer)
        return model.coop_score_card((partner or self.supplier).id, 3)["figures"]

    def test_fill_rate(self):
        self._came(self._due(), 8, "2026-06-16 09:00:00")
        self._due(quantity=30)
        figures = self._figures()
        self.assertEqual(figures["ordered_amount"], 80.0)
        self.assertEqual(figures["received_amount"], 16.0)
        self.assertEqual(figures["fill_rate"], 20.0)

    def test_more_than_ordered_is_not_better(self):
        self._came(self._due(), 12, "2026-06-16 09:00:00")
        self.assertEqual(self._figures()["fill_rate"], 100.0)

    def test_not_due_yet_is_not_counted(self):
        self._due(planned="2026-06-25 08:00:00")
        self.assertIsNone(self._figures()["fill_rate"])

    def test_on_time(self):
        self._came(self._due(), 10, "2026-06-15 09:00:00")
        # The same day, at any hour: on time.
        self._came(self._due(), 10, "2026-06-16 20:00:00")
        # One minute past midnight in Paris: the day after.
        self._came(self._due(), 10, "2026-06-16 22:01:00")
        self._due()
        self.assertEqual(self._figures()["on_time_rate"], 50.0)

    def test_price_drift(self):
        with freeze_time("2026-05-10"):
            self._due(price=2.0)
        with freeze_time("2026-06-10"):
            self._due(price=2.2, quantity=20)
        self.assertAlmostEqual(self._figures()["price_drift"], 10.0)

    def test_price_of_another_supplier_is_no_drift(self):
        other = self.env["res.partner"].create({"name": "Autre moulin"})
        with freeze_time("2026-05-10"):
            self._due(price=1.0, partner=other)
        with freeze_time("2026-06-10"):
            self._due(price=2.0)
        self.assertIsNone(self._figures()["price_drift"])

    def test_billed_above_the_order(self):
        order = self._due(price=2.0)
        self._came(order, 10, "2026-06-16 09:00:00")
        bill = self._bill([(self.flour, 10, 2.1)], ref="S-1", order=order)
        bill.action_coop_match()
        bill.action_coop_accept()
        bill.sudo().action_post()
        figures = self._figures()
        self.assertAlmostEqual(figures["billed_amount"], 21.0)
        self.assertAlmostEqual(figures["price_gap"], 5.0)

    def test_claims_once_sent(self):
        order = self._due()
        self._came(order, 8, "2026-06-16 09:00:00")
        bill = self._bill([(self.flour, 10, 2.0)], ref="S-2", order=order)
        bill.action_coop_match()
        figures = self._figures()
        self.assertEqual((figures["claim_count"], figures["claim_rate"]), (0, 0.0))
        order.claim_ids.action_mark_sent()
        figures = self._figures()
        self.assertEqual((figures["claim_count"], figures["claim_amount"]), (1, 4.0))
        self.assertAlmostEqual(figures["claim_rate"], 25.0)

    def test_month_by_month(self):
        with freeze_time("2026-05-20"):
            order = self._due(planned="2026-05-21 08:00:00")
            self._came(order, 5, "2026-05-21 09:00:00")
        self._came(self._due(), 10, "2026-06-16 09:00:00")
        card = self.env["coop.supplier.score"].with_user(self.buyer)
        card = card.coop_score_card(self.supplier.id, 3)
        self.assertEqual(
            [(m["month"], m["fill_rate"]) for m in card["series"]],
            [("2026-04-01", None), ("2026-05-01", 50.0), ("2026-06-01", 100.0)],
        )

    def test_list_queries_do_not_grow(self):
        model = self.env["coop.supplier.score"].with_user(self.buyer)

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            rows = model.coop_score_list(12)["suppliers"]
            return self.env.cr.sql_log_count - start, len(rows)

        self._due()
        cost()
        few, rows = cost()
        for number in range(8):
            partner = self.env["res.partner"].create({"name": f"Moulin {number}"})
            self._due(partner=partner)
        many, more = cost()
        self.assertEqual(more, rows + 8)
        self.assertLessEqual(many, few)

    def test_another_company_is_not_counted(self):
        self._came(self._due(), 10, "2026-06-16 09:00:00")
        other = self.env["res.company"].create({"name": "Autre coop"})
        self.buyer.company_ids += other
        model = self.env["coop.supplier.score"].with_user(self.buyer)
        found = model.with_context(allowed_company_ids=other.ids).coop_score_list(12)
        self.assertFalse(found["suppliers"])

    def test_analysis_agrees_with_the_card(self):
        self._came(self._due(), 8, "2026-06-16 09:00:00")
        self._due(quantity=30)
        groups = self.env["coop.supplier.score"].with_user(self.accountant)
        groups = groups._read_group(
            [("partner_id", "=", self.supplier.id)],
            ["product_id"],
            ["fill_rate:avg", "due_count:sum"],
        )
        self.assertIn(
            (self.flour, 20.0, 2), [(p, float(f or 0), d) for p, f, d in groups]
        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_not_for_the_warehouse(self):
        with self.assertRaises(AccessError):
            self._figures(user=self.warehouse)

    def test_smart_button(self):
        action = self.supplier.with_user(self.buyer).action_view_supplier_score()
        self.assertEqual(action["tag"], "coop_supplier_score.supplier_score")
        self.assertEqual(action["context"]["active_id"], self.supplier.id)
