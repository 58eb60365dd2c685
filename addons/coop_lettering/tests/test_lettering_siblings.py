# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..tools.lettering import Line, Policy, propose

DAY = datetime.date(2026, 1, 10)


@tagged("post_install", "-at_install")
class TestLetteringSiblings(BaseCase):
    """Cases beside the worked ones: what labels and balances look like in banks."""

    def _automatic(self, *lines, **policy):
        found = propose(lines, Policy(**policy))
        return [(p.rule, p.keys) for p in found if p.automatic]

    def test_the_payment_that_cites_is_served_first(self):
        bill = Line(1, D(-50), number="FA101")
        silent = Line(2, D(50), label="VIREMENT")
        cites = Line(3, D(50), label="VIR FA101")
        self.assertEqual(self._automatic(bill, silent, cites), [("number", (1, 3))])

    def test_a_number_inside_another(self):
        short, long = Line(1, D(-50), number="FA12"), Line(2, D(-50), number="FA123")
        payment = Line(3, D(50), label="VIR SEPA FA123")
        self.assertEqual(self._automatic(short, long, payment), [("number", (2, 3))])

    def test_a_second_payment_of_a_paid_bill(self):
        """It cites FA123, settled already: the equal FA200 is not for it."""
        bill = Line(1, D(-50), number="FA200")
        payment = Line(2, D(50), label="VIR FA123")
        self.assertEqual(self._automatic(bill, payment), [])
        self.assertEqual(propose([bill, payment], Policy())[0].rule, "fifo")

    def test_a_date_in_the_label_is_no_number(self):
        bill = Line(1, D(-50), number="FA200")
        payment = Line(2, D(50), label="VIR DU 12/06/2026")
        self.assertEqual(self._automatic(bill, payment), [("amount", (1, 2))])

    def test_the_year_of_a_date_is_no_bill(self):
        """Two equal bills, one numbered 2026: the date of the payment cites neither."""
        bills = Line(1, D(-50), number="2026"), Line(2, D(-50), number="2025")
        for label in ("VIR DU 12/06/2026", "VIR 12 06 2026", "PRLV 12.06.2026 MOULIN"):
            payment = Line(3, D(50), label=label)
            self.assertEqual(self._automatic(*bills, payment), [], label)
        payment = Line(3, D(50), label="VIR 12/06/2026 FACTURE 2026")
        self.assertEqual(self._automatic(*bills, payment), [("number", (1, 3))])
        # A number that looks like a date, after its letters.
        bill = Line(4, D(-70), number="FA 12-06-2026")
        payment = Line(5, D(70), label="VIR FA 12-06-2026")
        self.assertEqual(self._automatic(bill, payment), [("number", (4, 5))])

    def test_credit_note_on_the_first_of_two_bills(self):
        """The worked case with other numbers, the credit cited or linked."""
        for number, links in (("AV75", frozenset()), ("AV75", frozenset({1}))):
            lines = [
                Line(1, D("-275.50"), number="F275"),
                Line(2, D("-120.00"), number="F120"),
                Line(3, D("75.25"), number=number, links=links),
                Line(4, D("200.25"), label="VIR F275" + " AV75" * (not links)),
            ]
            found = [set(keys) for __, keys in self._automatic(*lines)]
            self.assertEqual(found, [{1, 3, 4}])

    def test_deposit_and_balance_of_one_bill(self):
        lines = [
            Line(1, D(-100), number="FA101"),
            Line(2, D(30), label="ACOMPTE FA101"),
            Line(3, D(70), label="SOLDE FA101"),
        ]
        self.assertEqual(self._automatic(*lines), [("numbers", (1, 2, 3))])

    def test_deposit_alone_is_not_lettered(self):
        lines = [Line(1, D(-100), number="FA101"), Line(2, D(30), label="FA101")]
        self.assertEqual(self._automatic(*lines), [])

    def test_ninety_days_and_one_more(self):
        for days, wanted in ((90, [("amount", (1, 2))]), (91, [])):
            later = DAY + datetime.timedelta(days=days)
            lines = [Line(1, D(-50), date=DAY), Line(2, D(50), date=later)]
            self.assertEqual(self._automatic(*lines), wanted, days)

    def test_two_equal_payments_of_two_equal_bills(self):
        lines = [Line(n, D(amount)) for n, amount in enumerate((-50, -50, 50, 50))]
        self.assertEqual(self._automatic(*lines), [])

    def test_several_cited_but_not_the_sum(self):
        lines = [
            Line(1, D(-123), number="FA123"),
            Line(2, D(-124), number="FA124"),
            Line(3, D("246.99"), label="VIR FA123 FA124"),
        ]
        self.assertEqual(self._automatic(*lines), [])
        self.assertEqual(self._automatic(*lines, gap=D("0.01")), [("gap", (1, 2, 3))])

    def test_the_gap_is_no_wider_than_the_policy(self):
        for paid, wanted in (("49.95", [("gap", (1, 2))]), ("49.94", [])):
            lines = [Line(1, D(-50), number="FA101"), Line(2, D(paid), label="FA101")]
            self.assertEqual(self._automatic(*lines, gap=D("0.05")), wanted, paid)

    def test_number_with_its_spaces_and_slashes(self):
        for label in ("FA 2026/001", "fa-2026-001 merci", "REF:FA2026001."):
            bill, payment = (
                Line(1, D(-9), number="FA 2026-001"),
                Line(2, D(9), label=label),
            )
            other = Line(3, D(-9), number="FA 2026-002")
            self.assertEqual(
                self._automatic(bill, payment, other), [("number", (1, 2))], label
            )

    def test_two_sets_make_the_amount(self):
        lines = [Line(n, D(a)) for n, a in enumerate((-10, -20, -5, -25, 30))]
        self.assertEqual(self._automatic(*lines), [])

    def test_eight_are_looked_at_and_not_nine(self):
        for count, wanted in ((8, 1), (9, 0)):
            lines = [Line(n, D(-(2**n))) for n in range(count)]
            lines.append(Line("p", D(3)))
            self.assertEqual(len(self._automatic(*lines)), wanted, count)

    def test_currencies_and_accounts_never_meet(self):
        self.assertEqual(
            propose([Line(1, D(-5), currency="USD"), Line(2, D(5))], Policy()), []
        )
        self.assertEqual(
            propose([Line(1, D(-5), account="408"), Line(2, D(5))], Policy()), []
        )

    def test_many_lines_of_one_partner(self):
        """A year of a wholesaler without any number: seconds, not hours."""
        import time

        lines = [Line(n, D(-1000 - n), date=DAY) for n in range(4000)]
        lines += [Line(f"p{n}", D(7000 + n), date=DAY) for n in range(4000)]
        start = time.process_time()
        self.assertTrue(propose(lines, Policy()))
        self.assertLess(time.process_time() - start, 5.0)
