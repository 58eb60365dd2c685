# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common import LetteringCommon


@tagged("post_install", "-at_install")
class TestLetteringScreen(LetteringCommon):
    """The buttons of the lettering, as the web client calls them."""

    def _entry(self, label, amount):
        payable = self.supplier.property_account_payable_id
        other = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)],
            limit=1,
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": self.env["account.journal"]
                .search(
                    [("type", "=", "general"), ("company_id", "=", self.company.id)],
                    limit=1,
                )
                .id,
                "date": "2026-06-20",
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": account.id,
                            "partner_id": self.supplier.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in ((payable, -amount), (other, amount))
                ],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == payable)

    def _click(self, records, name):
        """A button sends the ids that are chosen, also when there are none."""
        model = records.with_user(self.accountant)
        return call_kw(model, name, [records.ids], {})

    def test_letter_now_then_confirm(self):
        lines = self._entry("FA-901", 50) | self._entry("FA-902", 50)
        lines |= self._entry("VIR SEPA", -50)
        action = self._click(self.env["coop.lettering.run"], "action_letter")
        run = self.env["coop.lettering.run"].browse(action["res_id"])
        mine = run.suggestion_ids.filtered(lambda s: s.partner_id == self.supplier)
        self.assertEqual(len(mine), 1)
        self.assertFalse(any(lines.mapped("lettering_code")))
        self._click(mine, "action_confirm")
        self.assertEqual(len(lines.filtered("lettering_code")), 2)
        self._click(mine, "action_undo")
        self.assertFalse(any(lines.mapped("lettering_code")))

    def test_confirm_all_asks_and_leaves_the_guesses(self):
        lines = self._entry("FA-911", 50) | self._entry("FA-912", 50)
        lines |= self._entry("VIR SEPA", -50)
        run = self.env["coop.lettering.run"].create({})
        guess, proven = self.env["coop.lettering.run.line"].create(
            [
                {
                    "run_id": run.id,
                    "rule": rule,
                    "account_id": lines.account_id.id,
                    "partner_id": self.supplier.id,
                    "currency_id": self.company.currency_id.id,
                    "amount": 50,
                    "move_line_ids": [Command.set((lines[index] | lines[2]).ids)],
                }
                for index, rule in enumerate(("fifo", "amount"))
            ]
        )
        action = self._click(run, "action_confirm_all")
        self.assertEqual(set(run.line_ids.mapped("state")), {"suggested"})
        asked = self.env[action["res_model"]].browse(action["res_id"])
        asked = asked.with_user(self.accountant)
        self.assertEqual((asked.proven_count, asked.guess_count), (1, 1))
        self._click(asked, "action_confirm")
        self.assertEqual((guess.state, proven.state), ("suggested", "confirmed"))
        proven.action_undo()
        again = asked.create({"run_ids": run.ids, "with_guesses": True})
        again.action_confirm()
        self.assertEqual(guess.state, "confirmed")

    def test_who_only_reads_has_no_button(self):
        reader = new_test_user(
            self.env, "reco_reader", "account.group_account_readonly"
        )
        decide = (
            "action_confirm_all",
            "action_letter",
            "action_confirm",
            "action_undo",
        )
        for user, wanted in ((self.accountant, True), (reader, False)):
            run = self.env["coop.lettering.run"].with_user(user)
            arch = run.get_view(view_type="form")["arch"]
            for name in decide:
                self.assertEqual(f'name="{name}"' in arch, wanted, (user.login, name))
            self.assertIn('name="action_open_items"', arch)
