# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime
import doctest
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import lettering, statement_label
from ..tools.lettering import Line, propose


@tagged("post_install", "-at_install")
class TestLetteringDoctests(BaseCase):
    def test_doctests(self):
        for module in (lettering, statement_label):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0, module.__name__)
            self.assertEqual(results.failed, 0, module.__name__)


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
