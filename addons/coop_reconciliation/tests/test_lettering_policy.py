# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .lettering_common import LetteringCommon


@tagged("post_install", "-at_install")
class TestLetteringPolicy(LetteringCommon):
    """Small differences are written off as the matching policy says."""

    def _allow_gap(self):
        account = self.env["account.account"]
        self.policy.write(
            {
                "write_off_amount": 0.05,
                "write_off_loss_account_id": account.create(
                    {"name": "Pertes", "code": "658999", "account_type": "expense"}
                ).id,
                "write_off_gain_account_id": account.create(
                    {"name": "Gains", "code": "758999", "account_type": "income_other"}
                ).id,
            }
        )

    def test_small_difference_is_written_off(self):
        self._allow_gap()
        bill = self._posted(50.03, "FA503")
        self._entry(50.0, "VIR FA503")
        run = self._run()
        self.assertEqual((run.line_ids.rule, run.line_ids.state), ("gap", "done"))
        self.assertTrue(self._payable_line(bill).reconciled)
        gain = self.policy.write_off_gain_account_id
        line = self.env["account.move.line"].search([("account_id", "=", gain.id)])
        self.assertAlmostEqual(line.balance, -0.03)

    def _four_cents_of_dollars(self, rate):
        """Owed 50.04 dollars, paid 50.00: ``rate`` dollars for one of ours."""
        self._allow_gap()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        dollar.rate_ids = [Command.create({"name": "2026-06-01", "rate": rate})]
        bill = self._posted(50.04, "FA610", currency_id=dollar.id)
        self._entry(50.0 / rate, "VIR FA610", foreign=(dollar, 50.0))
        return bill, self._run().line_ids

    def test_small_difference_in_another_currency(self):
        """Written off in the currency of the bill, for what it is worth in ours."""
        bill, proposal = self._four_cents_of_dollars(2.0)
        self.assertEqual((proposal.rule, proposal.state), ("gap", "done"))
        self.assertTrue(self._payable_line(bill).reconciled)
        gain = self.policy.write_off_gain_account_id
        line = self.env["account.move.line"].search([("account_id", "=", gain.id)])
        self.assertAlmostEqual(line.amount_currency, -0.04)
        self.assertAlmostEqual(line.balance, -0.02)

    def test_difference_that_is_not_small_in_our_currency(self):
        """The policy allows 0.05 of ours: four cents are eight here."""
        bill, proposal = self._four_cents_of_dollars(0.5)
        self.assertEqual((proposal.rule, proposal.state), ("gap", "refused"))
        self.assertFalse(self._payable_line(bill).reconciled)

    def test_write_off_in_a_closed_period_is_refused(self):
        self._allow_gap()
        bill = self._posted(50.03, "FA503")
        self._entry(50.0, "VIR FA503")
        self.company.sudo().fiscalyear_lock_date = "2026-06-30"
        run = self._run()
        self.assertEqual(run.line_ids.state, "refused")
        self.assertIn("2026-06-30", run.line_ids.message)
        self.assertFalse(self._payable_line(bill).reconciled)

    def _suggest(self, name, rule, amount, paid=None, **vals):
        """A bill and a payment of a supplier of this name, suggested by this rule."""
        partner = self.env["res.partner"].create({"name": name})
        bill = self._posted(amount, f"FA {name}", partner_id=partner.id)
        entry = self._entry(paid or amount, f"VIR {name}", partner=partner)
        items = self._payable_line(bill) + self._payable_line(entry)
        return self.env["coop.lettering.run.line"].create(
            {
                "run_id": self.env["coop.lettering.run"].create({}).id,
                "rule": rule,
                "account_id": self.payable.id,
                "partner_id": partner.id,
                "currency_id": self.company.currency_id.id,
                "amount": paid or amount,
                "move_line_ids": [Command.set(items.ids)],
                **vals,
            }
        )

    def test_what_posts_an_entry_is_not_undone_by_a_key(self):
        self.policy.write_off_amount = 1
        account = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)],
            limit=1,
        )
        self.policy.write_off_gain_account_id = account
        self.policy.write_off_loss_account_id = account
        mine = self._suggest("LT-5", "gap", 100.0, paid=99.5, gap=-0.5)
        mine = mine.with_user(self.accountant)
        self.assertRegex(mine.coop_work_detail()["rest_words"], r"0[.,]50")
        result = mine.coop_work_act("accept")
        self.assertEqual((result["state"], result["undo"]), ("confirmed", False))
        with self.assertRaises(UserError):
            mine.coop_work_undo()
