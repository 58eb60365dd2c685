# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon

from .test_cash_session import AMOUNT


class ReturnCase(LogisticsCommon):
    """Alice took her basket, paid in cash, and brings something back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive()
        cls.window.distribution_ids.action_prepare()
        cls.window.distribution_ids.action_open()
        cls.own = cls.distribution.with_user(cls.user_referent)
        cls.session = (
            cls.env["coop.cash.session"]
            .with_user(cls.user_referent)
            .browse(cls.own.coop_till_open(50.0)["id"])
        )
        cls.alice = cls.order.with_user(cls.user_referent)
        cls.eggs_line = cls.order.order_line.filtered(
            lambda line: line.product_id == cls.eggs
        )


@tagged("post_install", "-at_install")
class TestReturn(ReturnCase):
    def setUp(self):
        super().setUp()
        self.alice.coop_till_serve({"payments": [{"kind": "cash", "amount": AMOUNT}]})

    def _return(self, quantity=1.0, **values):
        return self.alice.coop_till_return(
            {
                "line_id": self.eggs_line.id,
                "quantity": quantity,
                "reason": "Cassés",
                "is_spoilt": True,
                "in_cash": True,
                **values,
            }
        )

    def _stock(self):
        self.eggs.invalidate_recordset(["qty_available"])
        return self.eggs.qty_available

    def test_money_back_credit_note_and_loss(self):
        before = self._stock()
        result = self._return()
        self.assertAlmostEqual(result["refunded"], 1.5)
        credit = self.order.invoice_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertAlmostEqual(credit.amount_total, 1.5)
        self.assertIn(credit.payment_state, ("paid", "in_payment"))
        self.assertIn("Cassés", credit.ref)
        self.assertAlmostEqual(self.eggs_line.qty_delivered, 2.0)
        self.assertAlmostEqual(self._stock(), before)
        self.session.invalidate_recordset()
        self.assertAlmostEqual(self.session.amount_cash, AMOUNT - 1.5)
        self.assertAlmostEqual(self.session.expected_cash, 50.0 + AMOUNT - 1.5)
        self.own.invalidate_recordset()
        self.assertAlmostEqual(self.own.amount_cash, AMOUNT - 1.5)
        self.assertAlmostEqual(self.own.tracking_turnover, AMOUNT - 1.5)
        journal = self.env["account.journal"]._coop_get_payment_journal(
            self.company, "cash"
        )
        lines = self.session.sudo().payment_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == journal.default_account_id
        )
        self.assertAlmostEqual(sum(lines.mapped("balance")), AMOUNT - 1.5)
        self.assertIn("Cassés", self.order.message_ids[0].body)

    def test_good_ones_go_back_on_the_shelf(self):
        before = self._stock()
        self._return(is_spoilt=False)
        self.assertAlmostEqual(self._stock(), before + 1.0)

    def test_kept_as_a_credit(self):
        result = self._return(in_cash=False)
        self.assertEqual(result["refunded"], 0.0)
        self.assertAlmostEqual(result["due"], -1.5)
        self.session.invalidate_recordset()
        self.assertAlmostEqual(self.session.amount_cash, AMOUNT)

    def test_sent_twice_it_is_given_back_once(self):
        self._return(delivered=3.0)
        with self.assertRaises(UserError):
            self._return(delivered=3.0)
        credits = self.order.invoice_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual(len(credits), 1)

    def test_the_screen_shows_what_is_left_in_the_basket(self):
        self._return(quantity=3.0)
        rows = {row["id"]: row for row in self.alice.coop_till_read()["lines"]}
        self.assertAlmostEqual(rows[self.eggs_line.id]["quantity"], 0.0)
        self.assertAlmostEqual(
            self.alice.coop_till_read()["payments"][-1]["amount"], -4.5
        )

    def test_what_cannot_be_meant(self):
        for values in (
            {"quantity": 4.0},
            {"quantity": 0.0},
            {"quantity": -1.0},
            {"reason": "  "},
            {"line_id": self.order_2.order_line[0].id},
        ):
            with self.assertRaises(UserError):
                self._return(**values)
        with self.assertRaises(UserError):
            self.order_paper.with_user(self.user_referent).coop_till_return(
                {
                    "line_id": self.order_paper.order_line[0].id,
                    "quantity": 1.0,
                    "reason": "x",
                }
            )
        for user in (self.user_member, self.user_internal):
            with self.assertRaises(AccessError):
                self.order.with_user(user).coop_till_return(
                    {"line_id": self.eggs_line.id, "quantity": 1.0, "reason": "x"}
                )
        self.assertAlmostEqual(self.eggs_line.qty_delivered, 3.0)


@tagged("post_install", "-at_install")
class TestReturnBeforePaying(ReturnCase):
    def test_it_is_taken_off_what_is_due(self):
        self.alice.coop_till_serve({"payments": [{"kind": "later"}]})
        result = self.alice.coop_till_return(
            {
                "line_id": self.eggs_line.id,
                "quantity": 1.0,
                "reason": "Cassés",
                "in_cash": True,
            }
        )
        self.assertEqual(result["refunded"], 0.0)
        self.assertAlmostEqual(result["due"], AMOUNT - 1.5)


@tagged("post_install", "-at_install")
class TestUndoReturn(ReturnCase):
    """A return that was a mistake: goods, credit note and money, in the open."""

    def setUp(self):
        super().setUp()
        self.alice.coop_till_serve({"payments": [{"kind": "cash", "amount": AMOUNT}]})

    def _return(self, **values):
        self.alice.coop_till_return(
            {
                "line_id": self.eggs_line.id,
                "quantity": 1.0,
                "reason": "Cassés",
                "is_spoilt": True,
                "in_cash": True,
                **values,
            }
        )
        return self.order.invoice_ids.filtered(
            lambda m: m.move_type == "out_refund" and not m.coop_undone_at
        )

    def _get_row(self, kind, amount):
        rows = self.alice.coop_till_read()["payments"]
        return next(r for r in rows if r["kind"] == kind and r["amount"] == amount)

    def _get_cash(self):
        journal = self.env["account.journal"]._coop_get_payment_journal(
            self.company, "cash"
        )
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", journal.default_account_id.id),
                ("move_id.partner_id", "=", self.member.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("balance"))

    def test_all_of_it_is_undone(self):
        self.eggs.invalidate_recordset(["qty_available"])
        before = self.eggs.qty_available
        credit = self._return()
        content = (credit.amount_total, credit.date, credit.line_ids.ids)
        self.assertTrue(self._get_row("return", -1.5)["can_correct"])
        self.alice.coop_till_undo_return(credit.id, "Pas le bon membre")
        self.eggs.invalidate_recordset(["qty_available"])
        self.assertAlmostEqual(self.eggs.qty_available, before)
        self.assertAlmostEqual(self.eggs_line.qty_delivered, 3.0)
        self.assertEqual(
            content, (credit.amount_total, credit.date, credit.line_ids.ids)
        )
        self.assertEqual(credit.state, "posted")
        self.assertIn(credit.payment_state, ("paid", "reversed", "in_payment"))
        self.assertAlmostEqual(self.order.coop_amount_due, 0.0)
        self.assertAlmostEqual(
            sum(-m.direction_sign * m.amount_total for m in self.order.invoice_ids),
            AMOUNT,
        )
        self.session.invalidate_recordset()
        self.assertAlmostEqual(self.session.amount_cash, AMOUNT)
        self.assertAlmostEqual(self._get_cash(), AMOUNT)
        self.assertAlmostEqual(self.own.tracking_turnover, AMOUNT)
        self.assertIn("Pas le bon membre", self.order.message_ids[0].body)
        row = self._get_row("return", -1.5)
        self.assertEqual(row["corrected"], "Pas le bon membre")
        self.assertFalse(row["can_correct"])
        with self.assertRaises(UserError):
            self.alice.coop_till_undo_return(credit.id, "Encore")

    def test_and_brought_back_again(self):
        self.alice.coop_till_undo_return(self._return().id, "Trop vite")
        self._return(quantity=2.0)
        self.assertAlmostEqual(self.eggs_line.qty_delivered, 1.0)
        self.session.invalidate_recordset()
        self.assertAlmostEqual(self.session.amount_cash, AMOUNT - 3.0)

    def test_only_the_money_was_wrong(self):
        """Given back in cash where the member wanted a credit."""
        self._return(is_spoilt=False)
        payment = self._get_row("cash", -1.5)
        self.assertTrue(payment["can_correct"])
        self.alice.coop_till_correct(payment["id"], "Préfère un avoir")
        self.session.invalidate_recordset()
        self.assertAlmostEqual(self.session.amount_cash, AMOUNT)
        self.assertAlmostEqual(self._get_cash(), AMOUNT)
        self.assertAlmostEqual(self.order.coop_amount_due, -1.5)
        self.assertAlmostEqual(self.eggs_line.qty_delivered, 2.0)
        self.assertFalse(self._get_row("cash", -1.5)["can_correct"])

    def test_not_once_the_till_is_counted(self):
        credit = self._return()
        cents, counts = round((50.0 + AMOUNT - 1.5) * 100), {}
        for value in (2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1):
            counts[str(value / 100)], cents = divmod(cents, value)
        self.session.close_with_count({"counts": counts})
        with self.assertRaises(UserError):
            self.alice.coop_till_undo_return(credit.id, "Trop tard")
        self.assertFalse(self._get_row("return", -1.5)["can_correct"])

    def test_a_credit_that_paid_another_basket(self):
        credit = self._return(in_cash=False)
        # sudo: as another basket of the member would
        other = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.member.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.eggs.id,
                            "price_unit": 4.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        other.action_post()
        (other | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        with self.assertRaises(UserError):
            self.alice.coop_till_undo_return(credit.id, "Trop tard")

    def test_who_may_not(self):
        credit = self._return()
        with self.assertRaises(UserError):
            self.alice.coop_till_undo_return(credit.id, " ")
        for user in (self.user_member, self.user_buyer, self.user_internal):
            with self.assertRaises(AccessError):
                self.order.with_user(user).coop_till_undo_return(credit.id, "x")
        with self.assertRaises(UserError):
            self.order_paper.with_user(self.user_referent).coop_till_undo_return(
                credit.id, "x"
            )
