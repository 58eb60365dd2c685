import datetime
import doctest
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import (
    accrual,
    bill_lines,
    einvoice,
    einvoice_data,
    einvoice_reader,
    lettering,
    match_data,
    match_issues,
    match_pairs,
    match_receipts,
    match_score,
    matcher,
    statement_label,
)
from ..tools import proposal as proposals
from ..tools.lettering import Line, propose
from ..tools.matcher import BillLine, ReceiptLine, match, refs


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_doctests(self):
        for module in (
            matcher,
            match_data,
            match_issues,
            match_pairs,
            match_receipts,
            match_score,
            lettering,
            statement_label,
            einvoice,
            einvoice_data,
            einvoice_reader,
            bill_lines,
            accrual,
            proposals,
        ):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0, module.__name__)
            self.assertEqual(results.failed, 0, module.__name__)


PRODUCTS = st.sampled_from("abc")
QUANTITIES = st.integers(0, 30).map(D)
PRICES = st.sampled_from([D("1.00"), D("1.10"), D("2.50")])
ORDERS = st.sampled_from(["PO1", "PO2", ""])


@st.composite
def documents(draw):
    bills = [
        BillLine(
            f"b{n}",
            draw(PRODUCTS),
            draw(QUANTITIES),
            draw(PRICES),
            refs(order=draw(ORDERS)),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    receipts = []
    for n in range(draw(st.integers(0, 6))):
        order = draw(ORDERS)
        receipts.append(
            ReceiptLine(
                f"m{n}",
                draw(PRODUCTS),
                draw(QUANTITIES),
                draw(PRICES),
                f"l{n}",
                order,
                refs(order=order),
            )
        )
    return bills, receipts


@tagged("post_install", "-at_install")
class TestMatcherProperties(BaseCase):
    @settings(max_examples=300, deadline=None)
    @given(documents())
    def test_never_more_than_received_nor_billed(self, given_documents):
        bills, receipts = given_documents
        result = match(bills, receipts, matcher.Policy())
        automatic = [link for link in result.links if link.state == "auto"]
        for receipt in receipts:
            taken = sum(
                (k.quantity for k in automatic if k.receipt == receipt.key), D(0)
            )
            self.assertLessEqual(taken, receipt.quantity)
        for line in bills:
            taken = sum((k.quantity for k in automatic if k.bill == line.key), D(0))
            self.assertLessEqual(taken, line.quantity)

    @settings(max_examples=200, deadline=None)
    @given(documents())
    def test_a_link_has_the_product_and_a_reference(self, given_documents):
        bills, receipts = given_documents
        by_key = {line.key: line for line in [*bills, *receipts]}
        for link in match(bills, receipts, matcher.Policy()).links:
            line, receipt = by_key[link.bill], by_key[link.receipt]
            self.assertEqual(line.product, receipt.product)
            self.assertEqual(link.score, sum(p for __, p in link.components))
            if link.state == "auto":
                self.assertTrue(line.refs & receipt.refs)

    @settings(max_examples=100, deadline=None)
    @given(documents())
    def test_deterministic(self, given_documents):
        first = match(*given_documents, matcher.Policy())
        self.assertEqual(first, match(*given_documents, matcher.Policy()))

    def test_tiers(self):
        """Line despatch or BT-132 > BT-16 > BT-15 > BT-13 > billing period."""
        day = datetime.date(2026, 6, 14)
        line = BillLine(
            "b",
            "p",
            D(1),
            D(1),
            refs("PO1#7", "BL1", "BR1", "PO1"),
            period=(day, day),
        )
        by_tier = {
            "line": refs(line="PO1#7"),
            "despatch": refs(despatch="BL1"),
            "receiving": refs(receiving="BR1"),
            "order": refs(order="PO1"),
            "period": frozenset(),
        }
        receipts = [
            ReceiptLine(name, "p", D(1), D(1), name, name, references, date=day)
            for name, references in reversed(by_tier.items())
        ]
        for name in by_tier:
            link = match([line], receipts, matcher.Policy()).links[0]
            self.assertEqual((link.receipt, link.state), (name, "auto"))
            receipts = [r for r in receipts if r.key != name]

    def test_period_with_two_orders_is_a_guess(self):
        day = datetime.date(2026, 6, 14)
        line = BillLine("b", "p", D(5), D(1), period=(day, day))
        receipts = [
            ReceiptLine(k, "p", D(5), D(1), k, k, date=day) for k in ("o1", "o2")
        ]
        self.assertEqual(
            match([line], receipts, matcher.Policy()).links[0].state, "suggested"
        )

    def test_500_equal_prices_under_a_second(self):
        import time

        bills = [BillLine(n, n, D(1), D(2), refs(order="PO1")) for n in range(500)]
        receipts = [
            ReceiptLine(n, n, D(1), D(2), n, "o", refs(order="PO1")) for n in range(500)
        ]
        start = time.perf_counter()
        result = match(bills, receipts, matcher.Policy())
        self.assertLess(time.perf_counter() - start, 1.0)
        self.assertEqual(len(result.links), 500)
        self.assertTrue(result.touchless)


@st.composite
def open_lines(draw):
    amounts = st.integers(-5, 5).map(lambda n: D(n * 10))
    return [
        Line(
            n,
            draw(amounts),
            partner=draw(st.sampled_from(["x", "y", None])),
            account=draw(st.sampled_from(["401", "411"])),
            number=draw(st.sampled_from(["", "FA101", "FA102"])),
            label=draw(st.sampled_from(["", "VIR FA101", "VIR FA101 FA102"])),
            links=frozenset(draw(st.sets(st.integers(0, 6), max_size=2))),
        )
        for n in range(draw(st.integers(0, 7)))
    ]


@tagged("post_install", "-at_install")
class TestLetteringProperties(BaseCase):
    @settings(max_examples=400, deadline=None)
    @given(open_lines())
    def test_automatic_is_balanced_and_of_one_partner(self, lines):
        by_key = {line.key: line for line in lines}
        used = []
        for proposal in propose(lines, lettering.Policy()):
            members = [by_key[k] for k in proposal.keys]
            used += proposal.keys
            self.assertEqual(len({(m.account, m.partner) for m in members}), 1)
            self.assertTrue(all(m.partner for m in members))
            if proposal.automatic:
                self.assertEqual(sum(m.balance for m in members), proposal.gap)
                self.assertEqual(proposal.gap, 0)
        self.assertEqual(len(used), len(set(used)))

    def _rules(self, lines, **policy):
        found = propose(lines, lettering.Policy(**policy))
        return [(p.rule, p.keys, p.automatic) for p in found]

    def test_each_rule_of_the_table(self):
        day = datetime.date(2026, 1, 10)
        late = datetime.date(2026, 6, 10)
        cases = [
            (
                "linked",
                [Line(1, D(-50)), Line(2, D(50), links=frozenset({1}))],
                ("linked", (1, 2), True),
            ),
            (
                "number",
                [
                    Line(1, D(-50), number="FA 2026-001"),
                    Line(2, D(-50), number="FA 2026-002"),
                    Line(3, D(50), label="vir sepa fa2026001 merci"),
                ],
                ("number", (1, 3), True),
            ),
            (
                "numbers",
                [
                    Line(1, D(-123), number="FA123"),
                    Line(2, D(-124), number="FA124"),
                    Line(3, D(247), label="VIR FA123 FA124"),
                ],
                ("numbers", (1, 2, 3), True),
            ),
            (
                "reference",
                [
                    Line(1, D(-50), reference="CHQ 7788"),
                    Line(2, D(30), reference="chq7788"),
                    Line(3, D(20), reference="CHQ-7788"),
                ],
                ("reference", (1, 2, 3), True),
            ),
            (
                "amount",
                [Line(1, D(-50), date=day), Line(2, D(50), date=day)],
                ("amount", (1, 2), True),
            ),
            (
                "too late",
                [Line(1, D(-50), date=day), Line(2, D(50), date=late)],
                ("fifo", (1, 2), False),
            ),
            (
                "subset",
                [Line(1, D(-30)), Line(2, D(-25)), Line(3, D(-7)), Line(4, D(37))],
                ("subset", (1, 3, 4), True),
            ),
        ]
        for label, lines, wanted in cases:
            with self.subTest(label):
                self.assertEqual(self._rules(lines)[0], wanted)

    def test_subset_among_nine_is_only_suggested(self):
        lines = [Line(n, D(-(2**n))) for n in range(9)] + [Line("p", D(3))]
        self.assertFalse([r for r in self._rules(lines) if r[2]])

    def test_credit_on_two_bills(self):
        """Credit of 150 on bills 550 and 300, payment 400 citing 550 and the credit."""
        lines = [
            Line(1, D(-550), number="F550"),
            Line(2, D(-300), number="F300"),
            Line(3, D(150), number="AV150", links=frozenset({1, 2})),
            Line(4, D(400), label="VIR F550 AV150"),
        ]
        self.assertEqual(self._rules(lines), [("numbers", (1, 3, 4), True)])

    def test_gap_only_where_the_policy_says_so(self):
        lines = [
            Line(1, D("-50.03"), number="FA101"),
            Line(2, D(50), label="VIR FA101"),
        ]
        self.assertEqual(self._rules(lines)[0][0], "fifo")
        proposal = propose(lines, lettering.Policy(gap=D("0.05")))[0]
        self.assertEqual((proposal.rule, proposal.gap), ("gap", D("-0.03")))

    def test_running_balance_is_a_suggestion(self):
        day = datetime.date(2026, 1, 1)
        step = datetime.timedelta(days=1)
        amounts = [-50, -50, 40, 60, -10]
        lines = [Line(n, D(a), date=day + n * step) for n, a in enumerate(amounts)]
        self.assertEqual(
            self._rules(lines, rules=frozenset({"balance"})),
            [("balance", (0, 1, 2, 3), False)],
        )

    def test_ten_thousand_pairs(self):
        import time

        lines = []
        for n in range(5000):
            number = f"FA{n:06d}"
            lines.append(Line(f"b{n}", D(-10 - n), partner=n % 300, number=number))
            lines.append(
                Line(f"p{n}", D(10 + n), partner=n % 300, label=f"VIR {number}")
            )
        start = time.perf_counter()
        found = propose(lines, lettering.Policy())
        self.assertEqual(len(found), 5000)
        self.assertLess(time.perf_counter() - start, 5.0)
