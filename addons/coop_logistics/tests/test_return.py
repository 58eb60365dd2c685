from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LogisticsCommon
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
        journal = self.env["account.journal"]._get_coop_payment_journal(
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
