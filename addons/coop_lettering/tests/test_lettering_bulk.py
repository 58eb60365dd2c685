# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import coop_lettering_engine
from .common import LetteringCommon


@tagged("post_install", "-at_install")
class TestLetteringBulk(LetteringCommon):
    """What is lettered together is what `reconcile()` makes, one after the other."""

    def _tables(self, lines):
        """All that a reconciliation writes, without the ids that it invents."""
        self.env.flush_all()
        self.env.invalidate_all()
        moves = lines.move_id
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        known = set(lines.ids)
        return {
            "partials": sorted(
                (
                    partial.debit_move_id.id in known and partial.debit_move_id.id,
                    partial.credit_move_id.id in known and partial.credit_move_id.id,
                    partial.amount,
                    partial.debit_amount_currency,
                    partial.credit_amount_currency,
                    partial.debit_currency_id.id,
                    partial.credit_currency_id.id,
                    partial.max_date,
                    partial.company_id.id,
                    bool(partial.full_reconcile_id),
                    sorted(partial.exchange_move_id.line_ids.mapped("balance")),
                )
                for partial in partials
            ),
            "fulls": sorted(
                (
                    sorted(set(full.reconciled_line_ids.ids) & known),
                    len(full.reconciled_line_ids),
                    len(full.partial_reconcile_ids),
                )
                for full in lines.full_reconcile_id
            ),
            "lines": [
                (
                    line.id,
                    line.amount_residual,
                    line.amount_residual_currency,
                    line.reconciled,
                    (line.matching_number or "")[:1] == "P",
                    bool(line.full_reconcile_id),
                )
                for line in lines
            ],
            "moves": [
                (
                    move.id,
                    move.payment_state,
                    move.amount_residual,
                    move.amount_residual_signed,
                    move.status_in_payment,
                )
                for move in moves
            ],
            "cash basis": sorted(
                (move.date, move.amount_total, move.state, len(move.line_ids))
                for move in self.env["account.move"].search(
                    [("tax_cash_basis_origin_move_id", "in", moves.ids)]
                )
            ),
        }

    def _in_dollars(self, amount, ref):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        dollar.rate_ids = [
            Command.create({"name": "2026-06-01", "rate": 1.25}),
            Command.create({"name": "2026-06-20", "rate": 1.10}),
        ]
        bill = self._posted(amount, ref, currency_id=dollar.id)
        entry = self._entry(
            round(amount / 1.10, 2), f"VIR {ref}", foreign=(dollar, amount)
        )
        return bill, entry

    def _due_on_payment(self, amount, ref):
        """A bill whose VAT is due when it is paid."""
        waiting = self.env["account.account"].create(
            {
                "name": "TVA en attente",
                "code": "445899",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        self.company.tax_exigibility = True
        tax = self.taxes[20.0].copy(
            {
                "name": "20 % encaissement",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": waiting.id,
            }
        )
        line = {
            "name": "x",
            "quantity": 1,
            "price_unit": amount,
            "tax_ids": [Command.set(tax.ids)],
        }
        bill = self._bill([line], ref=ref, date="2026-06-17")
        bill.action_post()
        return bill, self._entry(bill.amount_total, f"VIR {ref}")

    def _groups(self):
        pairs = [
            (self._posted(10.0 + n, f"FA70{n}"), self._entry(10.0 + n, f"VIR FA70{n}"))
            for n in range(3)
        ]
        bills = self._posted(30.0, "FA710") + self._posted(40.0, "FA711")
        pairs.append((bills, self._entry(70.0, "VIR FA710 FA711")))
        refund = self._posted(5.0, "AV712", move_type="in_refund")
        pairs.append((self._posted(5.0, "FA713"), refund))
        # Paid in part.
        pairs.append((self._posted(90.0, "FA714"), self._entry(50.0, "VIR FA714")))
        pairs.append(self._in_dollars(110.0, "FA715"))
        pairs.append(self._due_on_payment(200.0, "FA716"))
        return [self._payable_line(bill + other) for bill, other in pairs]

    def test_same_tables_as_one_by_one(self):
        groups = self._groups()
        lines = self.env["account.move.line"].union(*groups)
        savepoint = self.env.cr.savepoint()
        for group in groups:
            group.reconcile()
        wanted = self._tables(lines)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.env["account.move.line"]._coop_reconcile_groups(groups)
        found = self._tables(lines)
        for name, rows in wanted.items():
            self.assertEqual(found[name], rows, name)
        self.assertTrue(wanted["cash basis"], "no tax was due on payment")
        self.assertTrue(
            any(row[-1] for row in wanted["partials"]), "no exchange difference"
        )

    def test_who_asked_is_told_that_a_bill_is_paid(self):
        bills = self._posted(20.0, "FA720") + self._posted(21.0, "FA721")
        self._entry(20.0, "VIR FA720")
        self._entry(21.0, "VIR FA721")
        bills[0].message_subscribe(
            self.buyer.partner_id.ids, self.env.ref("account.mt_invoice_paid").ids
        )
        self.env["mail.message"].flush_model()
        run = self.env["coop.lettering.run"].with_context(tracking_disable=False)
        before = bills.message_ids
        run._run(self.company, partners=self.supplier)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(set(bills.mapped("payment_state")), {"paid"})
        told = (bills.message_ids - before).sudo().filtered("tracking_value_ids")
        self.assertEqual(told.mapped("res_id"), bills[0].ids)

    def test_chunks(self):
        """A refused group does not keep those of its chunk, nor of the next ones."""
        bills = self.env["account.move"]
        for number in range(5):
            bills += self._posted(10.0 + number, f"FA73{number}")
            self._entry(10.0 + number, f"VIR FA73{number}")
        refuse = type(self.env["coop.lettering.engine"])._execute_chunk
        wrong = bills[1]

        def spy(engine, proposals, state):
            if wrong in proposals.move_line_ids.move_id:
                raise UserError(self.env._("parce que"))
            return refuse(engine, proposals, state)

        engine = type(self.env["coop.lettering.engine"])
        with (
            patch.object(coop_lettering_engine, "CHUNK", 2),
            patch.object(engine, "_execute_chunk", spy),
        ):
            run = self._run()
        self.assertEqual(
            bills.filtered(lambda b: b.payment_state == "paid"), bills - wrong
        )
        refused = run.line_ids.filtered(lambda x: x.state == "refused")
        self.assertEqual(refused.message, "parce que")
        codes = (run.line_ids - refused).mapped("code")
        self.assertEqual(codes, ["AAA", "AAB", "AAC", "AAD"])

    def test_queries_do_not_grow_with_the_pairs(self):
        def cost(count, first):
            for number in range(first, first + count):
                self._posted(1000.0 + number, f"FA8{number:03}")
                self._entry(1000.0 + number, f"VIR FA8{number:03}")
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            run = self._run()
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - start
            self.assertEqual(len(run.line_ids), count)
            return queries

        cost(2, 0)
        small, large = cost(3, 10), cost(30, 20)
        self.assertLessEqual(large - small, 20, (small, large))

    def test_exchange_difference_is_not_dated_in_a_closed_period(self):
        bill, __ = self._in_dollars(110.0, "FA740")
        self.company.sudo().fiscalyear_lock_date = "2026-06-30"
        run = self._run()
        self.assertEqual(run.line_ids.state, "done")
        line = self._payable_line(bill)
        self.assertTrue(line.reconciled)
        partials = line.matched_debit_ids | line.matched_credit_ids
        self.assertTrue(partials.exchange_move_id)
        for move in partials.exchange_move_id:
            self.assertGreater(str(move.date), "2026-06-30")
