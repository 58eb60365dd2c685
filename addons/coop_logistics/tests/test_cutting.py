# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.coop_base.tests.common import calm

from ..tools import cutting
from ..tools.cutting import Piece, fewest_blocks, plan_cuts, split_large

weights = st.lists(st.integers(1, 1500), max_size=40)


def fewest_possible(sizes, block):
    """The optimum, by trying everything; for few pieces only."""
    if not sizes:
        return 0
    first, *others = sizes
    best = len(sizes)
    for count in range(len(others), -1, -1):
        for chosen in combinations(range(len(others)), count):
            if first + sum(others[i] for i in chosen) <= block:
                left = [size for i, size in enumerate(others) if i not in chosen]
                best = min(best, 1 + fewest_possible(left, block))
    return best


@tagged("post_install", "-at_install")
class TestCutting(BaseCase):
    def test_documentation(self):
        failed, _count = doctest.testmod(cutting)
        self.assertFalse(failed)

    @calm
    @given(
        weights, st.integers(200, 3000), st.lists(st.integers(100, 3000), max_size=3)
    )
    def test_each_piece_once_and_nothing_invented(self, sizes, block, known):
        pieces = [Piece(number, size) for number, size in enumerate(sizes)]
        plan = plan_cuts(pieces, block, known)
        cut = sorted(piece for one in plan for piece in one.pieces)
        self.assertEqual(cut, sorted(split_large(pieces, block)))
        for one in plan:
            self.assertGreaterEqual(one.rest, 0)
            self.assertEqual(
                one.weight, one.rest + sum(piece.weight for piece in one.pieces)
            )
            self.assertIn(one.weight, [block, *known])

    @calm
    @given(weights, st.integers(200, 3000))
    def test_close_to_the_fewest(self, sizes, block):
        """FFD needs at most 11/9 of the optimum, plus 6/9."""
        pieces = split_large([Piece(0, size) for size in sizes], block)
        least = fewest_blocks(pieces, block)
        count = len(plan_cuts(pieces, block))
        self.assertGreaterEqual(count, least)
        # Two half-empty blocks would have been one.
        total = sum(piece.weight for piece in pieces)
        self.assertLessEqual(count, 2 * total // block + 1)

    @calm
    @given(st.lists(st.integers(1, 100), max_size=7))
    def test_against_every_possibility(self, sizes):
        pieces = [Piece(number, size) for number, size in enumerate(sizes)]
        optimum = fewest_possible(sorted(sizes, reverse=True), 100)
        count = len(plan_cuts(pieces, 100))
        self.assertLessEqual(9 * count, 11 * optimum + 6)
        self.assertLessEqual(fewest_blocks(pieces, 100), optimum)

    @calm
    @given(weights, st.integers(200, 3000))
    def test_heaviest_first_and_the_same_each_time(self, sizes, block):
        pieces = [Piece(number, size) for number, size in enumerate(sizes)]
        plan = plan_cuts(pieces, block)
        for one in plan:
            cut = [piece.weight for piece in one.pieces]
            self.assertEqual(cut, sorted(cut, reverse=True))
        self.assertEqual(plan, plan_cuts(pieces, block))

    def test_weighed_blocks_are_used_first(self):
        plan = plan_cuts([Piece("A", 900), Piece("B", 900)], 1000, [4200])
        self.assertEqual([(b.weight, b.rest) for b in plan], [(4200, 2400)])

    def test_no_weight_no_cut(self):
        self.assertEqual(plan_cuts([], 1000), [])
        for pieces, block in (([Piece("A", 0)], 1000), ([Piece("A", 5)], 0)):
            with self.assertRaises(ValueError):
                plan_cuts(pieces, block)
