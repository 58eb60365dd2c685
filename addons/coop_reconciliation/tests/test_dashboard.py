# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReconciliationCommon

# A Thursday.
NOW = "2026-06-18 08:00:00"


@tagged("post_install", "-at_install")
class TestDashboard(ReconciliationCommon):
    """What passes by itself, what waits and since when, what it saves."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))
        # Nothing of the database counts here.
        self.company_new = self.env["res.company"].create({"name": "Coop à neuf"})
        self.env["account.move"].search(
            [("move_type", "in", ("in_invoice", "in_refund"))]
        ).match_date = False
        self.env["coop.bill.exception"].search([]).write({"state": "resolved"})
        self.flour = self._product("Farine", 2.0)
        self.policy.write({"minutes_per_bill": 6, "auto_claim": False})

    def _matched(self, number, received=10, day="2026-06-17", at=NOW):
        with freeze_time(at):
            order = self._order([(self.flour, 10, 2.0)])
            self._receive(order, {self.flour: received})
            bill = self._bill(
                [(self.flour, 10, 2.0)], ref=number, order=order, invoice_date=day
            )
            bill.action_coop_match()
        return bill

    def _read(self, weeks=4, user=None):
        model = self.env["account.move"].with_user(user or self.accountant)
        return model.coop_match_dashboard(weeks)

    def test_touchless_by_week(self):
        self._matched("D-1")
        self._matched("D-2", received=5)
        # The Sunday before: another week.
        self._matched("D-3", at="2026-06-14 08:00:00")
        found = self._read()
        self.assertEqual(
            [(w["week"], w["total"], w["touchless"]) for w in found["weeks"]],
            [
                ("2026-05-25", 0, 0),
                ("2026-06-01", 0, 0),
                ("2026-06-08", 1, 1),
                ("2026-06-15", 2, 1),
            ],
        )
        self.assertEqual((found["total"], found["touchless"]), (3, 2))
        self.assertEqual(found["hours_saved"], 0.2)

    def test_weeks_start_on_monday_in_every_language(self):
        self.env["res.lang"].search([("code", "=", "en_US")]).week_start = "7"
        self._matched("D-1", at="2026-06-14 08:00:00")
        model = self.env["account.move"].with_user(self.accountant)
        found = model.with_context(lang="en_US").coop_match_dashboard(4)
        self.assertEqual([w["total"] for w in found["weeks"]], [0, 0, 1, 0])

    def test_open_differences(self):
        self._matched("D-1", received=5)
        self._matched("D-2", received=8)
        found = self._read()
        self.assertEqual(
            [(k["kind"], k["count"], k["amount"]) for k in found["kinds"]],
            [("quantity_over", 2, 14.0)],
        )
        self.assertEqual(
            [(s["id"], s["count"], s["amount"]) for s in found["suppliers"]],
            [(self.supplier.id, 2, 14.0)],
        )

    def test_ages(self):
        today = self.env["account.move"]._fields["date"].today()
        for number, days in enumerate((0, 7, 8, 30, 31, 60, 61, 400)):
            day = today - timedelta(days=days)
            self._matched(f"D-{number}", received=5, day=str(day))
        found = self._read()
        self.assertEqual([age["count"] for age in found["ages"]], [2, 2, 2, 2])
        self.assertEqual([age["amount"] for age in found["ages"]], [20.0] * 4)
        self.assertEqual((found["waiting_count"], found["waiting_amount"]), (8, 80.0))

    def test_credits_expected(self):
        before = self._read()
        self.policy.auto_claim = True
        bill = self._matched("D-1", received=5)
        bill.claim_ids.action_mark_sent()
        found = self._read()
        self.assertEqual(found["credits_count"], before["credits_count"] + 1)
        self.assertEqual(found["credits_amount"], before["credits_amount"] + 10.0)

    def test_queries_do_not_grow(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._read()
            return self.env.cr.sql_log_count - start

        self._matched("D-0", received=5)
        cost()
        few = cost()
        for number in range(1, 7):
            self._matched(f"D-{number}", received=5)
        self.assertLessEqual(cost(), few)

    def test_another_company(self):
        self._matched("D-1", received=5)
        self.accountant.company_ids += self.company_new
        model = self.env["account.move"].with_user(self.accountant)
        model = model.with_context(allowed_company_ids=self.company_new.ids)
        found = model.coop_match_dashboard(4)
        self.assertEqual((found["total"], found["kinds"]), (0, []))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_not_for_the_warehouse(self):
        with self.assertRaises(AccessError):
            self._read(user=self.warehouse)
