# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..tools.matcher import BillLine, Policy, ReceiptLine, match, refs

SIZE = 2000


@tagged("post_install", "-at_install")
class TestMatcherSpeed(BaseCase):
    """Thousands of lines of one article on one bill cost what they are, and not their
    square: ten seconds and more, before."""

    def _match(self, bill, receipt):
        """The result for lines made by two functions of a number, in under 3 s."""
        bills = [BillLine(f"b{n}", "egg", *bill(n)) for n in range(SIZE)]
        receipts = [
            ReceiptLine(f"m{n}", "egg", *receipt(n)[:2], f"l{n}", *receipt(n)[2:])
            for n in range(SIZE)
        ]
        start = time.process_time()
        result = match(bills, receipts, Policy())
        self.assertLess(time.process_time() - start, 3.0)
        return result

    def test_equal_lines(self):
        order = refs(order="PO1")
        result = self._match(
            lambda n: (D(1), D(2), order), lambda n: (D(1), D(2), "o1", order)
        )
        self.assertEqual(
            [(k.bill, k.receipt) for k in result.links],
            [(f"b{n}", f"m{n}") for n in range(SIZE)],
        )
        self.assertTrue(result.touchless)

    def test_quantities_of_all_kinds(self):
        """The exact quantity first, wherever it is; no receipt twice."""
        order = refs(order="PO1")
        result = self._match(
            lambda n: (D(n % 9 + 1), D(2), order),
            lambda n: (D((SIZE - n) % 9 + 1), D(2), "o1", order),
        )
        billed = sum(k.quantity for k in result.links)
        self.assertEqual(billed, min(sum(n % 9 + 1 for n in range(SIZE)), billed))
        exact = sum(k.quantity == int(k.bill[1:]) % 9 + 1 for k in result.links)
        self.assertGreater(exact, SIZE * 0.99)
        taken = {}
        for link in result.links:
            taken[link.receipt] = taken.get(link.receipt, 0) + link.quantity
        for receipt, quantity in taken.items():
            self.assertLessEqual(quantity, (SIZE - int(receipt[1:])) % 9 + 1)

    def test_billed_already(self):
        order = refs(order="PO1")
        result = self._match(
            lambda n: (D(1), D(2), order),
            lambda n: (D(0), D(2), "o1", order, "", "unit", None, False, D(0)),
        )
        self.assertFalse(result.links)
        self.assertEqual({issue.kind for issue in result.issues}, {"quantity_over"})

    def test_without_reference(self):
        result = self._match(lambda n: (D(1), D(2)), lambda n: (D(1), D(2), "o1"))
        self.assertEqual({link.state for link in result.links}, {"suggested"})
        self.assertEqual(len({link.receipt for link in result.links}), SIZE)

    def test_many_notes_on_one_bill(self):
        cited = refs(despatch=[f"BL{n}" for n in range(40)])
        result = self._match(
            lambda n: (D(1 + n % 7), D(2), cited),
            lambda n: (D(1 + n % 7), D(2), n % 40, refs(despatch=f"BL{n % 40}")),
        )
        self.assertEqual(len(result.links), SIZE)
        self.assertTrue(result.touchless)
