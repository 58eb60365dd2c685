# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.coop_orders_recurring.tools import recurrence
from odoo.addons.coop_orders_rules.tools import box_fill

from ..tools import allocation, supplier_minimum
from ..tools.allocation import Demand, allocate, quantity_to_order

amounts = st.integers(0, 12)
demands = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=8).map(
    lambda rows: [Demand(key, *row) for key, row in enumerate(rows)]
)
weights = st.lists(
    st.tuples(
        st.decimals(0, 5, places=2, allow_nan=False),
        st.decimals(0, 2, places=2, allow_nan=False),
    ),
    min_size=1,
    max_size=6,
).map(lambda rows: [Demand(key, *row) for key, row in enumerate(rows)])
rules = st.sampled_from(allocation.RULES)
quick = settings(max_examples=150, deadline=None)


def demand(*rows):
    return [Demand(key, *row) for key, row in enumerate(rows)]


def shares(rows, available, rule="first_come"):
    given_out, left = allocate(demand(*rows), available, rule)
    return [int(share) for share in given_out.values()], int(left)


@tagged("post_install", "-at_install")
class TestWorkedCases(BaseCase):
    """The cases that other cooperatives' software is checked with."""

    def test_doctests(self):
        for module in (
            allocation,
            box_fill,
            recurrence,
            supplier_minimum,
        ):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_pack_completed_by_tolerances(self):
        rows = (3, 2), (1, 3), (1, 0)
        self.assertEqual(quantity_to_order(demand(*rows), 3), 6)
        self.assertEqual(shares(rows, 6), ([4, 1, 1], 0))
        self.assertEqual(shares(rows, 4), ([3, 1, 0], 0))
        self.assertEqual(shares(rows, 1), ([1, 0, 0], 0))
        self.assertEqual(shares(rows, 0), ([0, 0, 0], 0))

    def test_more_or_less_packs_than_ordered(self):
        rows = (2, 0), (3, 2)
        self.assertEqual(quantity_to_order(demand(*rows), 3), 6)
        self.assertEqual(shares(rows, 6), ([2, 4], 0))
        self.assertEqual(shares(rows, 9), ([2, 5], 2))
        self.assertEqual(shares(rows, 3), ([2, 1], 0))

    def test_tolerance_never_orders_alone(self):
        for row, packs in (((5, 3), 2), ((4, 4), 1), ((0, 5), 0)):
            self.assertEqual(quantity_to_order(demand(row), 4), packs * 4)

    def test_minimum_in_pieces_and_packs(self):
        for row, quantity in (((4, 0), 0), ((9, 1), 10), ((12, 1), 12)):
            self.assertEqual(quantity_to_order(demand(row), 1, 10), quantity)
        for row, packs in (((9, 1), 2), ((12, 1), 2), ((14, 1), 3)):
            self.assertEqual(quantity_to_order(demand(row), 5, 10), packs * 5)

    def test_box_fill(self):
        for before, after, allowed in (
            ((3, 0), (2, 0), False),
            ((7, 0), (6, 0), True),
            ((7, 0), (1, 0), False),
        ):
            self.assertEqual(box_fill.change_allowed(before, after, 6), allowed)

    def test_weekly_calendar(self):
        for ordered, delivered in (
            (date(2022, 8, 26), date(2022, 8, 31)),
            (date(2022, 8, 27), date(2022, 9, 7)),
        ):
            self.assertEqual(recurrence.weekly_delivery(ordered, 5, 2), delivered)

    def test_last_tuesday_of_the_month(self):
        day, found = date(2018, 10, 30), []
        for _month in range(5):
            day = recurrence.next_occurrence(day, "monthly", weekday=1, rank=-1)
            found.append((day.day, day.month))
        self.assertEqual(found, [(27, 11), (25, 12), (29, 1), (26, 2), (26, 3)])

    def test_supplier_minimum(self):
        state = supplier_minimum.minimum_state
        self.assertEqual(state(192, 12, 150, 14), "weight")
        self.assertEqual(state(120, 14.25, 150, 14), "amount")
        self.assertEqual(state(0, 0, 150, 14), "empty")

    def test_bad_amounts(self):
        for bad in (-1, "a", float("nan")):
            with self.assertRaises(ValueError):
                quantity_to_order([Demand(1, bad)])
        with self.assertRaises(ValueError):
            allocate([Demand(1, 1)], 1, "by_chance")
        with self.assertRaises(ValueError):
            quantity_to_order([Demand(1, 1)], 0)


@tagged("post_install", "-at_install")
class TestInvariants(BaseCase):
    @quick
    @given(demands, st.integers(0, 120), rules)
    def test_adds_up_and_never_more_than_asked(self, rows, available, rule):
        given_out, left = allocate(rows, available, rule)
        self.assertEqual(sum(given_out.values()) + left, available)
        for row in rows:
            self.assertLessEqual(given_out[row.key], row.quantity + row.tolerance)
        if left:
            asked = sum(row.quantity + row.tolerance for row in rows)
            self.assertEqual(sum(given_out.values()), asked)

    @quick
    @given(weights, st.decimals(0, 40, places=2), rules)
    def test_weights_add_up(self, rows, available, rule):
        given_out, left = allocate(rows, available, rule)
        self.assertEqual(sum(given_out.values(), Decimal(0)) + left, available)

    @quick
    @given(demands, st.integers(0, 100), st.integers(1, 5), rules)
    def test_no_share_falls_when_more_arrives(self, rows, available, more, rule):
        before, _left = allocate(rows, available, rule)
        after, _left = allocate(rows, available + more, rule)
        for key, share in before.items():
            self.assertGreaterEqual(after[key], share)

    @quick
    @given(demands, st.integers(0, 100), rules)
    def test_same_input_same_output(self, rows, available, rule):
        self.assertEqual(
            allocate(rows, available, rule), allocate(rows, available, rule)
        )

    @quick
    @given(demands, st.integers(1, 7), st.integers(0, 20))
    def test_whole_packs_and_minimum(self, rows, pack, minimum):
        quantity = quantity_to_order(rows, pack, minimum)
        self.assertEqual(quantity % pack, 0)
        self.assertTrue(quantity == 0 or quantity >= minimum)
        asked = sum(row.quantity + row.tolerance for row in rows)
        self.assertLessEqual(quantity, asked)

    @quick
    @given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.integers(0, 50))
    def test_pro_rata_is_fair_to_equal_requests(self, quantities, available):
        rows = demand(*((quantity,) for quantity in quantities))
        given_out, _left = allocate(rows, available, "pro_rata")
        for first in rows:
            for second in rows:
                if first.quantity == second.quantity:
                    gap = abs(given_out[first.key] - given_out[second.key])
                    self.assertLessEqual(gap, 1)

    @quick
    @given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 50))
    def test_equal_serves_round_by_round(self, quantities, available):
        rows = demand(*((quantity,) for quantity in quantities))
        expected = [0] * len(rows)
        left = available
        while left and any(e < q for e, q in zip(expected, quantities, strict=True)):
            for index, quantity in enumerate(quantities):
                if left and expected[index] < quantity:
                    expected[index] += 1
                    left -= 1
        given_out, _left = allocate(rows, available, "equal")
        self.assertEqual([int(share) for share in given_out.values()], expected)
