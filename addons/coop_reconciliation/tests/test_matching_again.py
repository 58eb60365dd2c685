from odoo.tests import tagged

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
