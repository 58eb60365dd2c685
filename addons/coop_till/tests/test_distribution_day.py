# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import contextlib
import signal
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import ROUND_HALF_UP, Decimal

from odoo.tests import HttpCase, tagged
from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME, ChromeBrowser

from odoo.addons.coop_logistics.tests.common import LogisticsCommon

from .till_common import play_till

CENT = Decimal("0.01")
MEMBERS = 60
FLOAT = Decimal(50)
COINS = ("50", "20", "10", "5", "2", "1", "0.5", "0.2", "0.1", "0.05", "0.02", "0.01")


def euros(amount):
    """As the screen says it, and as one types it."""
    return str(amount).replace(".", ",")


class Box:
    """What a volunteer's till must hold at the end, reckoned beside the program."""

    def __init__(self):
        self.cash, self.cheque, self.card, self.later = (Decimal(0) for _ in range(4))

    def take(self, kind, amount):
        setattr(self, kind, getattr(self, kind) + amount)

    def count(self):
        """Notes and coins of the box, ``{denomination: how many}``."""
        rest, counts = FLOAT + self.cash, {}
        for coin in COINS:
            number, rest = divmod(rest, Decimal(coin))
            if number:
                counts[coin] = str(number)
        return counts


@tagged("post_install", "-at_install")
class TestDistributionDay(LogisticsCommon, HttpCase):
    """Sixty members, two browsers, one that dies: the boxes balance to the cent."""

    browser_size = "820x1180"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.partner"].create(
            [
                {
                    "name": f"Adhérent {number:02d}",
                    **cls._coop_member_values(cls.group_toul, cls.point_1),
                }
                for number in range(MEMBERS)
            ]
        )
        cls.day = cls._coop_make_window("Un jeudi")
        cls.orders = cls._coop_make_orders(cls.day, cls.members)
        cls._coop_receive(cls.day)
        cls.place = cls.orders.distribution_id
        cls.place.action_prepare()
        cls.user_second = cls._coop_user(
            "coop_second",
            "Sami Second",
            "base.group_user,coop_base.coop_base_group_referent",
        )
        cls.point_1.referent_ids |= cls.user_second.partner_id

    # ------------------------------------------------------------------
    # What members do
    # ------------------------------------------------------------------

    def _make_member(self, number, box, grams=None):
        """A member's visit, and what it brings to the box.

        Everybody ordered 2 kg of carrots, 3 boxes of eggs and 0.4 kg of cheese.
        """
        grams = grams or 370 + number * 7 % 61
        gone = number % 7 == 0
        more = number % 7 == 3
        eggs = 0 if gone else 4 if more else 3
        due = Decimal(4) + Decimal("1.5") * eggs
        due += (Decimal(18) * grams / 1000).quantize(CENT, ROUND_HALF_UP)
        member = {
            "name": f"Adhérent {number:02d}",
            "cheese": str(grams),
            "amount": euros(due),
            "payments": self._make_payments(number, due, box),
        }
        if gone:
            member["gone"] = "Œufs"
        if more:
            member["extra"] = {"name": "Œufs", "more": "1"}
        return member

    @staticmethod
    def _make_payments(number, due, box):
        kind = ("cash", "cheque", "card", "mixed", "later")[number % 5]
        if kind == "mixed":
            box.take("cash", Decimal(5))
            box.take("cheque", due - 5)
            return [
                {"kind": "cash", "amount": "5", "given": "10"},
                {"kind": "cheque", "number": f"77{number:02d}"},
            ]
        box.take(kind, due)
        return [
            {
                "kind": kind,
                **({"given": "50"} if kind == "cash" else {}),
                **({"number": f"88{number:02d}"} if kind == "cheque" else {}),
            }
        ]

    # ------------------------------------------------------------------
    # Browsers
    # ------------------------------------------------------------------

    @contextlib.contextmanager
    def _tablets(self, *users):
        """``start(user)`` gives the screen of the day in a browser of its own."""
        # All before the first request: they share the test's only transaction.
        sessions = {user: self._make_session(user) for user in users}
        action = self.env.ref("coop_till.coop_till_action").id
        self.cr.flush()
        self.cr.clear()
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.allow_requests())
            stack.callback(self._wait_remaining_requests)

            def start(user):
                browser = ChromeBrowser(self, success_signal="tour succeeded")
                stack.callback(self._stop, browser)
                for name, value in (
                    (TEST_CURSOR_COOKIE_NAME, self.http_request_key),
                    ("session_id", sessions[user]),
                ):
                    browser.set_cookie(name, value, "/", HOST)
                browser.navigate_to(f"{self.base_url()}/odoo/action-{action}")
                return browser

            yield start

    def _make_session(self, user):
        # Not the one before: authenticating again would end it.
        self.session = None
        return self.authenticate(user.login, user.login).sid

    @staticmethod
    def _stop(browser):
        if browser.chrome.poll() is None:
            browser.stop()

    def _kill(self, browser):
        """The tablet falls: no last word to the server."""
        browser.chrome.send_signal(signal.SIGKILL)
        browser.chrome.wait(120)
        self._wait_remaining_requests()

    def _play(self, plans):
        """Play ``{browser: [(action, values)]}``, all of them at the same time."""
        with ThreadPoolExecutor(len(plans)) as pool:
            runs = [
                pool.submit(self._play_one, browser, plan)
                for browser, plan in plans.items()
            ]
        for run in runs:
            run.result()

    def _play_one(self, browser, plan):
        browser._result, browser.had_failure = Future(), False
        self.assertTrue(browser._wait_ready("odoo.startTour && true"))
        browser._wait_code_ok(play_till(plan), timeout=600)

    # ------------------------------------------------------------------
    # The day
    # ------------------------------------------------------------------

    def test_sixty_members_two_tills_and_a_crash(self):
        first, second = Box(), Box()
        absent = {58, 59}
        late, weighing, paying = 40, 41, 42
        special = absent | {late, weighing, paying}
        plain = [number for number in range(MEMBERS) if number not in special]
        begin = ("open_till", {"float": "50"})
        with self._tablets(self.user_referent, self.user_second) as start:
            left, right = start(self.user_referent), start(self.user_second)
            # What members 0 to 9 do not take is there for who takes more later.
            self._play(
                {
                    left: [begin, *self._serve(plain[:18:2], first)],
                    right: [begin, *self._serve(plain[1:18:2], second)],
                }
            )
            # Both tills have the same member on the screen: one is paid.
            race = self._make_member(late, first)
            self._play({right: [("hesitate", race)]})
            self._play({left: [("serve", race)]})
            self._play({right: [("be_too_late", race)]})
            # The second tablet dies with a basket half weighed, and another as the
            # server answers that it is paid.
            lost = self._make_member(weighing, Box())
            self._play({right: [("crash_weighing", lost)]})
            self._kill(right)
            right = start(self.user_second)
            answered = self._make_member(paying, second)
            self._play({right: [("crash_paying", answered)]})
            self._kill(right)
            right = start(self.user_second)
            again = self._make_member(weighing, second, grams=411)
            self._play(
                {
                    left: self._serve(plain[18::2], first),
                    right: [
                        ("see_served", answered),
                        ("serve", again),
                        *self._serve(plain[19::2], second),
                    ],
                }
            )
            self._play(
                {
                    tablet: [("cash_up", self._make_count(box, envelope))]
                    for tablet, box, envelope in (
                        (left, first, "E-1"),
                        (right, second, "E-2"),
                    )
                }
            )
        self.env.invalidate_all()
        self._check_members(absent)
        for user, box in ((self.user_referent, first), (self.user_second, second)):
            self._check_till(user, box)

    def _serve(self, numbers, box):
        return [("serve", self._make_member(number, box)) for number in numbers]

    def _make_count(self, box, envelope):
        return {
            "counts": box.count(),
            "card": euros(box.card) if box.card else "",
            "left": "50",
            "envelope": envelope,
        }

    def _check_members(self, absent):
        self.place.with_user(self.user_referent).action_count()
        states = Counter(self.orders.mapped("serve_state"))
        self.assertEqual(
            states, {"served": MEMBERS - len(absent), "no_show": len(absent)}
        )
        served = self.orders.filtered(lambda order: order.serve_state == "served")
        for order in served:
            self.assertEqual(len(order.invoice_ids), 1, order.partner_id.name)
            cheese = self._line(order, self.cheese)
            self.assertAlmostEqual(
                cheese.qty_delivered, sum(cheese.invoice_lines.mapped("quantity")), 6
            )
        box = Box()
        expected = sum(
            Decimal(
                self._make_member(
                    int(order.partner_id.name[-2:]),
                    box,
                    grams=411 if order.partner_id.name.endswith("41") else None,
                )["amount"].replace(",", ".")
            )
            for order in served
        )
        invoices = served.invoice_ids
        self.assertEqual(
            Decimal(str(round(sum(invoices.mapped("amount_total")), 2))), expected
        )
        self.assertEqual(
            Decimal(str(round(sum(invoices.mapped("amount_residual")), 2))), box.later
        )

    def _check_till(self, user, box):
        till = self.env["coop.cash.session"].search(
            [("distribution_id", "=", self.place.id), ("user_id", "=", user.id)]
        )
        self.assertEqual(till.state, "closed")
        self.assertFalse(till.difference_reason)
        for name, amount in (
            ("counted_cash", FLOAT + box.cash),
            ("expected_cash", FLOAT + box.cash),
            ("counted_cheque", box.cheque),
            ("counted_card", box.card),
        ):
            self.assertAlmostEqual(till[name], float(amount), 2, name)
        till.with_user(self.user_coordinator).action_check()
        # The books say what the boxes held: all but the float went to the bank.
        moves = till.payment_ids.move_id | till.move_ids
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        transfer = till.company_id.transfer_account_id
        deposited = moves.line_ids.filtered(lambda line: line.account_id == transfer)
        self.assertAlmostEqual(
            sum(deposited.mapped("balance")), float(box.cash + box.cheque), 2
        )
        for kind, amount in (("cash", 0), ("cheque", 0), ("card", box.card)):
            account = till._get_liquidity_account(kind)
            lines = moves.line_ids.filtered(
                lambda line, account=account: line.account_id == account
            )
            self.assertAlmostEqual(sum(lines.mapped("balance")), float(amount), 2, kind)
