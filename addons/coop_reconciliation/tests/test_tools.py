# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime
import doctest
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import (
    match_data,
    match_issues,
    match_pairs,
    match_receipts,
    match_score,
    matcher,
)
from ..tools import proposal as proposals
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
