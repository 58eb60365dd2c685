# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import LetteringCommon


@tagged("post_install", "-at_install")
class TestLetteringWork(LetteringCommon, HttpCase):
    """The suggestions one by one: what is shown, the keys, and who may use them."""

    browser_size = "1300x850"

    def setUp(self):
        super().setUp()
        lines = self.env["coop.lettering.run.line"]
        # Other suggestions of the database would come before these.
        lines.search([("state", "in", ("suggested", "refused"))]).write(
            {"state": "dismissed"}
        )
        self.reader = new_test_user(
            self.env, "letter_reader", "account.group_account_readonly"
        )
        self.lettering = self.env["coop.lettering.run"].create({})
        self.equal = self._suggest("LT-1", "amount", 100.0)
        self.small = self._suggest("LT-2", "amount", 80.0)
        self.guess = self._suggest("LT-3", "fifo", 300.0, paid=260.0)

    def _suggest(self, name, rule, amount, paid=None, **vals):
        """A bill and a payment of a supplier of this name, suggested by this rule."""
        partner = self.env["res.partner"].create({"name": name})
        bill = self._posted(amount, f"FA {name}", partner_id=partner.id)
        entry = self._entry(paid or amount, f"VIR {name}", partner=partner)
        items = self._payable_line(bill) + self._payable_line(entry)
        return self.env["coop.lettering.run.line"].create(
            {
                "run_id": self.lettering.id,
                "rule": rule,
                "account_id": self.payable.id,
                "partner_id": partner.id,
                "currency_id": self.company.currency_id.id,
                "amount": paid or amount,
                "move_line_ids": [Command.set(items.ids)],
                **vals,
            }
        )

    def _list(self, user=None):
        model = self.env["coop.lettering.run.line"]
        return model.with_user(user or self.accountant).coop_work_list()

    def _names(self):
        return [row["partner"] for row in self._list()["rows"]]

    def test_guesses_last_and_counted(self):
        found = self._list()
        self.assertEqual(self._names(), ["LT-1", "LT-2", "LT-3"])
        self.assertEqual((found["count"], found["guesses"]), (3, 1))
        self.assertTrue(found["can_decide"])
        self.assertIn("FA LT-1", found["rows"][0]["reason"])

    def test_both_sides_and_what_stays_open(self):
        detail = self.equal.with_user(self.accountant).coop_work_detail()
        self.assertEqual([x["label"] for x in detail["debit"]["items"]], ["VIR LT-1"])
        self.assertEqual(
            [x["document"] for x in detail["credit"]["items"]], ["FA LT-1"]
        )
        self.assertEqual((detail["debit"]["total"], detail["rest"]), (100.0, 0.0))
        detail = self.guess.with_user(self.accountant).coop_work_detail()
        self.assertEqual((detail["credit"]["total"], detail["rest"]), (300.0, -40.0))
        self.assertRegex(detail["rest_words"], r"40[.,]00")

    def test_a_bank_transaction_is_one_side(self):
        transaction = self._statement_line(-55.0, "VIR LT-4", self.supplier)
        bill = self._posted(55.0, "FA LT-4")
        line = self.equal.copy(
            {
                "partner_id": self.supplier.id,
                "amount": 55.0,
                "move_line_ids": [Command.set(self._payable_line(bill).ids)],
                "statement_line_ids": [Command.set(transaction.ids)],
            }
        ).with_user(self.accountant)
        before = line.coop_work_detail()
        self.assertEqual((before["debit"]["total"], before["rest"]), (55.0, 0.0))
        opened = self.env["account.move.line"].search(
            line.action_open_items()["domain"]
        )
        self.assertEqual(len(opened), 2)
        self.assertTrue(line.coop_work_act("accept")["undo"])
        self.assertEqual((bill.payment_state, line.state), ("paid", "confirmed"))
        line.coop_work_undo()
        self.assertEqual((bill.payment_state, line.state), ("not_paid", "suggested"))
        self.env.invalidate_all()
        self.assertEqual(line.coop_work_detail(), before)

    def test_letter_and_undo(self):
        mine = self.equal.with_user(self.accountant)
        result = mine.coop_work_act("accept")
        self.assertEqual((mine.state, result["code"]), ("confirmed", mine.code))
        self.assertTrue(all(mine.move_line_ids.mapped("reconciled")))
        self.assertNotIn("LT-1", self._names())
        mine.coop_work_undo()
        self.assertFalse(any(mine.move_line_ids.mapped("reconciled")))
        self.assertEqual(self._names(), ["LT-1", "LT-2", "LT-3"])

    def test_dismiss_and_undo(self):
        mine = self.guess.with_user(self.accountant)
        self.assertTrue(mine.coop_work_act("dismiss")["undo"])
        self.assertEqual(mine.state, "dismissed")
        mine.coop_work_undo()
        self.assertEqual(mine.state, "suggested")

    def test_lettered_elsewhere_leaves_the_list(self):
        self.equal.move_line_ids.reconcile()
        self.assertEqual(self._names(), ["LT-2", "LT-3"])
        with self.assertRaises(UserError):
            self.equal.with_user(self.accountant).coop_work_act("accept")

    def test_who_only_reads_decides_nothing(self):
        found = self._list(self.reader)
        self.assertEqual((found["count"], found["can_decide"]), (3, False))
        line = self.equal.with_user(self.reader)
        self.assertEqual(line.coop_work_detail()["rest"], 0.0)
        for call in (
            lambda: line.coop_work_act("accept"),
            lambda: line.coop_work_act("dismiss"),
            line.coop_work_undo,
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            self._list(self.warehouse)
        self.assertEqual(self.equal.state, "suggested")

    def test_queries(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._list()
            return self.env.cr.sql_log_count - start

        few = cost()
        for number in range(10):
            self._suggest(f"LT-1{number}", "fifo", 10.0)
        self.assertLessEqual(cost() - few, 3)

    def test_menu(self):
        menu = self.env.ref("coop_lettering.coop_lettering_work_menu")
        for user, wanted in ((self.accountant, True), (self.warehouse, False)):
            visible = menu.with_user(user)._visible_menu_ids(debug=False)
            self.assertEqual(menu.id in visible, wanted, user.login)

    def test_by_keyboard_only(self):
        self.accountant.password = "reco_accountant"
        self.start_tour(
            "/odoo/lettering-to-confirm",
            "coop_lettering_lettering_list",
            login="reco_accountant",
        )
        self.env.invalidate_all()
        self.assertEqual(
            (self.equal.state, self.small.state, self.guess.state),
            ("suggested", "confirmed", "dismissed"),
        )

    def test_who_only_reads_has_no_key(self):
        self.reader.password = "letter_reader"
        self.start_tour(
            "/odoo/lettering-to-confirm",
            "coop_lettering_lettering_read",
            login="letter_reader",
        )
        self.env.invalidate_all()
        self.assertEqual(self.equal.state, "suggested")
