# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.coop_logistics.tests.common import LogisticsCommon

# 2 kg × 2.00 + 3 × 1.50 + 0.4 kg × 18.00
AMOUNT = 15.7


@tagged("post_install", "-at_install")
class TestCashSession(LogisticsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive()
        cls.window.distribution_ids.action_prepare()
        cls.window.distribution_ids.action_open()
        cls.own = cls.distribution.with_user(cls.user_referent)

    def _open(self, amount=50.0, user=None):
        distribution = self.distribution.with_user(user or self.user_referent)
        session_id = distribution.coop_till_open(amount)["id"]
        return (
            self.env["coop.cash.session"]
            .with_user(user or self.user_referent)
            .browse(session_id)
        )

    def _serve(self, order, payments, user=None, **values):
        order = order.with_user(user or self.user_referent)
        return order.coop_till_serve({"payments": payments, **values})

    def _count(self, session, cash, **values):
        """Close with an amount of cash, in the fewest notes and coins."""
        counts, left = {}, round(cash * 100)
        for cents in (10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1):
            counts[str(cents / 100)], left = divmod(left, cents)
        return session.close_with_count(
            {
                "counts": counts,
                "cheque": session.amount_cheque,
                "card": session.amount_card,
                **values,
            }
        )

    def _get_cash_balance(self, session):
        """What accounting says that this till's cash account moved."""
        session = session.sudo()
        moves = session.payment_ids.move_id | session.move_ids
        moves |= session.payment_ids.coop_correction_move_id
        self.assertEqual(set(moves.mapped("state")) - {"posted"}, set())
        journal = self.env["account.journal"].search(
            [
                ("coop_payment_kind", "=", "cash"),
                ("company_id", "=", self.company.id),
            ]
        )
        for move in moves:
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0)
        lines = moves.line_ids.filtered(
            lambda line: line.account_id == journal.default_account_id
        )
        self.assertEqual(lines.journal_id, journal & lines.journal_id)
        return sum(lines.mapped("balance"))

    def test_mixed_payment_in_cash_and_by_cheque(self):
        session = self._open()
        result = self._serve(
            self.order,
            [
                {"kind": "cash", "amount": 5.7, "given": 10.0},
                {"kind": "cheque", "amount": 10.0, "bank": "CA", "number": "0012345"},
            ],
        )
        self.assertAlmostEqual(result["paid"], AMOUNT)
        self.assertEqual(self.order.coop_amount_due, 0.0)
        self.assertEqual(self.order.coop_payment_state, "paid")
        self.assertEqual(self.order.coop_payment_kind, "mixed")
        self.assertEqual(self.order.cash_session_id.id, session.id)
        self.assertAlmostEqual(session.expected_cash, 55.7)
        self.assertAlmostEqual(session.amount_cheque, 10.0)
        self.assertEqual(session.cheque_count, 1)
        self.assertEqual(session.served_count, 1)

    def test_the_rest_is_promised(self):
        session = self._open()
        result = self._serve(
            self.order, [{"kind": "cash", "amount": 5.0}, {"kind": "later"}]
        )
        self.assertAlmostEqual(result["due"], AMOUNT - 5.0)
        self.assertAlmostEqual(session.amount_later, AMOUNT - 5.0)
        self.assertEqual(self.order.coop_payment_state, "to_pay")

    def test_nothing_is_half_done(self):
        """Too little, nothing promised: the basket is still on the table."""
        self._open()
        for payments in (
            [{"kind": "cash", "amount": 5.0}],
            [{"kind": "cash", "amount": AMOUNT, "given": 10.0}],
            [{"kind": "cheque", "amount": AMOUNT}],
            [{"kind": "cash", "amount": AMOUNT + 1}],
            [{"kind": "cash", "amount": -5}],
            [{"kind": "gold", "amount": AMOUNT}],
        ):
            with self.subTest(payments=payments):
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._serve(self.order, payments)
                self.order.invalidate_recordset()
                self.assertEqual(self.order.serve_state, "expected")
                self.assertFalse(self.order.invoice_ids)

    def test_a_till_must_be_open(self):
        with self.assertRaises(UserError):
            self._serve(self.order, [{"kind": "cash", "amount": AMOUNT}])

    def test_two_tills_on_one_distribution(self):
        """Two people, two tills; the second one cannot collect again."""
        first, second = self._open(50.0), self._open(30.0, self.user_coordinator)
        self.assertNotEqual(first.id, second.id)
        self._serve(self.order, [{"kind": "cash", "amount": AMOUNT}])
        for values in ({}, {"quantities": {self.order.order_line[0].id: 1.0}}):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._serve(
                    self.order,
                    [{"kind": "cash", "amount": AMOUNT}],
                    self.user_coordinator,
                    **values,
                )
        self._serve(
            self.order_paper,
            [{"kind": "cash", "amount": AMOUNT}],
            self.user_coordinator,
        )
        self.assertAlmostEqual(first.expected_cash, 50.0 + AMOUNT)
        self.assertAlmostEqual(second.expected_cash, 30.0 + AMOUNT)
        self.assertAlmostEqual(self.own.amount_cash, 2 * AMOUNT)

    def test_opening_twice_gives_the_same_till(self):
        self.assertEqual(self._open(50.0), self._open(80.0))
        with self.assertRaises(UserError):
            self._open(-1.0, self.user_coordinator)

    def test_a_payment_corrected_in_the_open(self):
        session = self._open()
        self._serve(self.order, [{"kind": "cash", "amount": AMOUNT}])
        [row] = self.order.with_user(self.user_referent).coop_till_read()["payments"]
        order = self.order.with_user(self.user_referent)
        with self.assertRaises(UserError):
            order.coop_till_correct(row["id"], " ")
        order.coop_till_correct(row["id"], "C'était un chèque")
        self.assertAlmostEqual(self.order.coop_amount_due, AMOUNT)
        self.assertAlmostEqual(session.expected_cash, 50.0)
        with self.assertRaises(UserError):
            order.coop_till_correct(row["id"], "encore")
        self._serve(self.order, [{"kind": "cheque", "amount": AMOUNT, "number": "778"}])
        self.assertEqual(self.order.coop_amount_due, 0.0)
        self.assertAlmostEqual(session.amount_cheque, AMOUNT)
        self.assertAlmostEqual(session.expected_cash, 50.0)
        self.assertIn(
            "C'était un chèque", " ".join(self.order.message_ids.mapped("body"))
        )
        self._count(session, 50.0)
        self.assertFalse(session.has_difference)
        self.assertAlmostEqual(self._get_cash_balance(session), 0.0)
        [_cash, cheque] = order.coop_till_read()["payments"]
        with self.assertRaises(UserError):
            order.coop_till_correct(cheque["id"], "Trop tard")

    def test_difference_is_explained_and_entered(self):
        session = self._open()
        self._serve(self.order, [{"kind": "cash", "amount": AMOUNT}])
        with self.assertRaises(UserError) as caught:
            self._count(session, 60.7)
        self.assertIn("missing", str(caught.exception))
        self._count(
            session, 60.7, reason="Erreur de rendu", float_left=50.0, envelope="E-12"
        )
        self.assertEqual(session.state, "closed")
        self.assertAlmostEqual(session.difference_cash, -5.0)
        self.assertIn("missing", session.difference_text)
        self.assertAlmostEqual(session.deposit_cash, 10.7)
        self.assertAlmostEqual(self._get_cash_balance(session), 60.7 - 50.0)
        entry = session.sudo().move_ids
        loss = entry.line_ids.filtered(lambda line: line.debit)
        self.assertEqual(loss.account_id, entry.journal_id.loss_account_id)
        self.assertAlmostEqual(loss.debit, 5.0)

    def test_counted_again(self):
        session = self._open()
        self._serve(self.order, [{"kind": "cash", "amount": AMOUNT}])
        self._count(session, 60.7, reason="Un billet de 5 € manque")
        session.action_reopen()
        self.assertEqual(session.state, "open")
        self._count(session, 65.7)
        self.assertFalse(session.has_difference)
        self.assertAlmostEqual(self._get_cash_balance(session), AMOUNT)

    def test_absurd_counts_are_refused(self):
        session = self._open()
        for values in (
            {"counts": {"3": 1}},
            {"counts": {"20": -1}},
            {"counts": {"20": "x"}},
            {"counts": {"50": 1}, "float_left": 60.0},
            {"counts": {"50": 1}, "float_left": -1.0},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                session.close_with_count(values)
        self.assertEqual(session.state, "open")

    def test_office_checks_and_the_bank_finds_the_deposit(self):
        session = self._open()
        self._serve(
            self.order,
            [
                {"kind": "cash", "amount": 5.7},
                {"kind": "cheque", "amount": 10.0, "number": "1"},
            ],
        )
        with self.assertRaises(UserError):
            session.with_user(self.user_coordinator).action_check()
        self._count(session, 55.7, float_left=50.0)
        with self.assertRaises(AccessError):
            session.action_check()
        session.with_user(self.user_coordinator).action_check()
        self.assertEqual(session.state, "checked")
        moves = session.sudo().move_ids
        transfer = self.company.transfer_account_id
        deposits = moves.line_ids.filtered(lambda x: x.account_id == transfer)
        self.assertEqual(sorted(deposits.mapped("debit")), [5.7, 10.0])
        self.assertAlmostEqual(self._get_cash_balance(session), 0.0)
        cheques = session.sudo().payment_ids.filtered(
            lambda p: p.coop_payment_kind == "cheque"
        )
        waiting = cheques.move_id.line_ids.filtered(
            lambda x: x.account_id.account_type != "asset_receivable"
        )
        self.assertTrue(all(waiting.mapped("reconciled")))
        with self.assertRaises(UserError):
            session.with_user(self.user_coordinator).action_reopen()

    def test_a_distribution_waits_for_its_tills(self):
        session = self._open()
        self.own.action_count()
        with self.assertRaisesRegex(UserError, session.name):
            self.own.action_close()
        self._count(session, 50.0)
        self.own.action_close()
        self.assertEqual(self.own.state, "closed")
        # The way back, a step at a time.
        self.own.action_reopen()
        self.assertEqual(self.own.state, "counted")
        self.own.action_reopen()
        self.assertEqual(self.own.state, "open")

    def test_a_float_is_a_number(self):
        for value in ("abc", "nan", float("nan"), float("inf"), True, "1e3", "-5"):
            with self.subTest(value=value), self.assertRaises(UserError):
                self.own.coop_till_open(value)
        self.assertEqual(self._open("50,5").opening_float, 50.5)

    def test_closed_till_takes_no_money(self):
        session = self._open()
        self._count(session, 50.0)
        with self.assertRaises(UserError):
            self._serve(self.order, [{"kind": "cash", "amount": AMOUNT}])
        with self.assertRaises(UserError):
            self._count(session, 50.0)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_others_have_no_hand_in_the_till(self):
        session = self._open()
        for user in (self.user_member, self.user_internal, self.user_buyer):
            with self.assertRaises(AccessError):
                self.distribution.with_user(user).coop_till_open(10.0)
            with self.assertRaises(AccessError):
                self._count(session.with_user(user), 50.0)
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).coop_till_open(10.0)
        for values in ({"opening_float": 0.0}, {"state": "checked"}):
            with self.assertRaises(AccessError):
                session.write(values)
        with self.assertRaises(AccessError):
            session.create({"distribution_id": self.distribution_2.id})
        other = self._open(20.0, self.user_coordinator)
        with self.assertRaises(AccessError):
            self._count(other.with_user(self.user_referent), 20.0)

    def test_session_balances_whatever_happens(self):
        """Any day, any mistake: counted less float is what accounting says."""
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Membre {number:03d}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for number in range(8)
            ]
        )
        for seed in range(4):
            rng = random.Random(seed)
            window = self._coop_make_window(f"Jour {seed}", days=10 + seed)
            orders = self._coop_make_orders(window, members)
            self._coop_receive(window)
            self.distribution = orders.distribution_id
            self.distribution.action_prepare()
            session = self._open(rng.randrange(0, 10000) / 100)
            for order in orders:
                self._play_member(rng, order)
            off = rng.choice((0, 0, -317, 250)) / 100
            expected = session.expected_cash
            cash = max(round(expected + off, 2), 0.0)
            self._count(session, cash, reason="Compté deux fois", float_left=0.0)
            self.assertAlmostEqual(
                self._get_cash_balance(session), cash - session.opening_float
            )
            self.assertAlmostEqual(session.difference_cash, cash - expected)
            taken = session.amount_total + session.amount_later
            taken += session.amount_transfer
            invoiced = sum(orders.invoice_ids.mapped("amount_total"))
            self.assertAlmostEqual(taken, invoiced)

    def _play_member(self, rng, order):
        own = order.with_user(self.user_referent)
        quantities = {
            line.id: round(line.product_uom_qty * rng.choice((0, 0.374, 0.9, 1.5)), 3)
            for line in order.order_line
            if rng.random() < 0.5 and line.product_id != self.eggs
        }
        due = own.coop_till_amount(quantities)
        part = round(due * rng.choice((0, 0.3, 0.5, 1)), 2)
        kind = rng.choice(("cheque", "card"))
        payments = [
            {"kind": "cash", "amount": part, "given": part + rng.randrange(0, 20)},
            {"kind": kind, "amount": round((due - part) / 2, 2), "number": "7"},
            {"kind": rng.choice(("later", "transfer"))},
        ]
        own.coop_till_serve({"quantities": quantities, "payments": payments})
        if rng.random() < 0.4:
            rows = [row for row in own.coop_till_read()["payments"] if row["id"]]
            if rows:
                own.coop_till_correct(rng.choice(rows)["id"], "Erreur de saisie")
                own.coop_till_serve(
                    {"payments": [{"kind": "cash", "amount": own.coop_amount_due}]}
                )
