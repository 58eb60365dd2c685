# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import weight
from ..tools.weight import question_weight, reweighed_total, weighed_amounts

grams = st.decimals("0.001", 50000, places=3, allow_nan=False)
prices = st.decimals(0, 200, places=2, allow_nan=False)


@tagged("post_install", "-at_install")
class TestWeight(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(weight).failed, 0)

    def test_weighed_piece(self):
        amounts = weighed_amounts(5 * 2000, 10, 1000, pieces=5)
        self.assertEqual(amounts.total, Decimal("100.00"))
        self.assertEqual(amounts.unit, Decimal("20.00"))

    def test_trout(self):
        for grams_, total, untaxed in (
            (700, "10.50", "9.54"),
            ("800.584", "12.01", "10.91"),
        ):
            amounts = weighed_amounts(grams_, "1.5", 100, pieces=2, vat=10)
            self.assertEqual(amounts.total, Decimal(total))
            self.assertEqual(amounts.untaxed, Decimal(untaxed))

    def test_slips_are_questioned(self):
        self.assertEqual(question_weight("0.7", 700), "little")
        self.assertEqual(question_weight(800000, 700), "much")
        self.assertFalse(question_weight("800.584", 700))

    def test_price_set_by_hand_stays_for_the_same_weight(self):
        stays = reweighed_total("11.50", 700, "700.0", "1.5", 100)
        self.assertEqual(stays, Decimal("11.50"))
        self.assertEqual(
            reweighed_total("11.50", 700, 700.584, "1.5", 100), Decimal("10.51")
        )

    @settings(max_examples=150, deadline=None)
    @given(grams, prices, st.integers(1, 20), st.sampled_from([0, 5.5, 10, 20]))
    def test_amounts_hold_together(self, weight_, price, pieces, vat):
        amounts = weighed_amounts(weight_, price, 1000, pieces, vat)
        self.assertLessEqual(abs(amounts.unit * pieces - amounts.total), pieces / 100)
        tax = amounts.total - amounts.untaxed
        exact = weight_ * price / 1000 * Decimal(str(vat)) / (100 + Decimal(str(vat)))
        self.assertLessEqual(abs(tax - exact), Decimal(pieces) / 200)

    @given(grams, st.decimals("0.1", 10, places=1, allow_nan=False))
    def test_up_to_ten_times_is_accepted(self, expected, factor):
        self.assertFalse(question_weight(expected * factor, expected))
