# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.tests import tagged

from ..models import coop_bill_matcher
from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestMatchingAgain(ReconciliationCommon):
    """A second run writes nothing, decisions are kept, the cost is bounded."""

    def test_second_run_writes_nothing(self):
        self._real_order()
        bill = self._upload("ubl-fr-en16931.xml")
        with self._assert_writes_nothing():
            bill.action_coop_match()

    def test_confirmed_and_rejected_are_not_recomputed(self):
        self._real_order()
        bill = self._upload("ubl-fr-en16931.xml")
        matches = bill.bill_match_ids
        nougat = matches.filtered(lambda m: m.product_id == self.nougat)
        nougat.action_reject()
        self.assertFalse(nougat.bill_line_id.purchase_line_id)
        (matches - nougat).action_confirm()
        bill.action_coop_match()
        self.assertEqual(nougat.state, "rejected")
        self.assertEqual((matches - nougat).state, "confirmed")
        self.assertEqual(bill.bill_match_ids, matches)

    def test_cron_matches_in_batches(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order)
        bills = self.env["account.move"]
        for number in range(3):
            bills |= self._bill([(product, 2, 2.0)], ref=f"C{number}", order=order)
        self.assertEqual(set(bills.mapped("match_state")), {"none"})
        with self.enter_registry_test_mode():
            self.env.ref(
                "coop_reconciliation.coop_bill_match_cron"
            ).method_direct_trigger()
        self.assertEqual(set(bills.mapped("match_state")), {"matched"})

    def test_queries_do_not_grow_with_the_lines(self):
        def cost(count):
            products = [self._product(f"P{count}-{n}", 2.0) for n in range(count)]
            order = self._order([(p, 1, 2.0) for p in products])
            self._receive(order)
            bill = self._bill(
                [(p, 1, 2.0) for p in products], ref=f"Q{count}", order=order
            ).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            bill._coop_match()
            self.env.flush_all()
            self.assertEqual(bill.match_state, "matched")
            return self.env.cr.sql_log_count - start

        cost(2)
        small, large = cost(5), cost(40)
        self.assertLessEqual(large - small, 35, (small, large))

    def test_cron_goes_on_where_it_stopped(self):
        """Bills that still differ do not keep the others waiting."""
        other = self.supplier.copy({"name": "Autre", "vat": False})
        product = self._product("Farine", 2.0)
        bills = self.env["account.move"]
        for number in range(3):
            partner = other if number == 1 else self.supplier
            bills |= self._bill(
                [(product, 2, 2.0)], ref=f"K{number}", partner_id=partner.id
            )
        model = self.env["account.move"]
        waiting = model.search(
            [("match_state", "=", "none"), ("move_type", "=", "in_invoice")]
        )
        (waiting - bills).match_date = "2026-01-01"
        self.env.flush_all()
        matched = []
        run = type(model)._coop_match

        def spy(records):
            matched.append(records.ids)
            return run(records)

        with (
            patch.object(type(model), "_coop_match", spy),
            patch.object(type(self.env["ir.cron"]), "_commit_progress"),
        ):
            for __ in range(3):
                model._cron_coop_match(limit=1)
        wanted = (bills[0] + bills[2] + bills[1]).ids
        self.assertEqual(sum(matched, []), wanted)

    def test_large_batches_are_written_in_parts(self):
        """More bills than a batch: the second part sees what the first one took."""
        product = self._product("Farine", 2.0)
        order = self._order([(product, 5, 2.0)])
        self._receive(order)
        bills = self.env["account.move"]
        for number in range(4):
            bills |= self._bill([(product, 2, 2.0)], ref=f"P{number}", order=order)
        with patch.object(coop_bill_matcher, "BATCH", 2):
            bills.action_coop_match()
        self.assertEqual(
            [sum(b.bill_match_ids.mapped("quantity")) for b in bills], [2, 2, 1, 0]
        )
        with (
            patch.object(coop_bill_matcher, "BATCH", 2),
            self._assert_writes_nothing(),
        ):
            bills.action_coop_match()
