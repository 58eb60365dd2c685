# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which packs to add so that an order just reaches its supplier's minimums."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.coop_orders.tools.allocation import to_decimal

# More packs than anybody adds by hand: the minimum is not meant for these products.
MOST_PACKS = 20000


@dataclass(frozen=True)
class Product:
    """What is ordered of a product so far, all quantities in its unit.

    ``first`` is the least that can be ordered of it where nothing is yet; ``demand``
    is what members asked, also where it fills no pack.
    """

    key: object
    price: Decimal | float = 0
    weight: Decimal | float = 0
    pack: Decimal | float = 1
    ordered: Decimal | float = 0
    demand: Decimal | float = 0
    first: Decimal | float = 0


def packs_to_add(products, missing_amount=0, missing_weight=0):
    """``(key → Decimal quantity to add, reached)``, whole packs only.

    What members ask most is added most, since it is what will be sold; packs that
    members began come first; the last pack is the cheapest that is enough, and what
    turns out not to be needed is taken away again. Nothing is missing: nothing is
    added. ``reached`` is false where no pack has a price (or a weight) that helps.

    >>> jam, oil = Product("jam", price=2, pack=6, demand=4), Product("oil", price=9)
    >>> added, reached = packs_to_add([jam, oil], missing_amount=10)
    >>> {key: str(quantity) for key, quantity in added.items()}, reached
    ({'jam': '6'}, True)
    >>> packs_to_add([jam, oil])
    ({}, True)
    >>> packs_to_add([oil], missing_weight=3)
    ({}, False)
    """
    rows = [_Row(product) for product in products]
    amount, weight = to_decimal(missing_amount), to_decimal(missing_weight)
    added, count = {}, 0
    while (amount > 0 or weight > 0) and count < MOST_PACKS:
        row = _choose(rows, amount, weight)
        if row is None:
            break
        step = row.next_step(added)
        added[row.key] = added.get(row.key, Decimal(0)) + step
        amount -= step * row.price
        weight -= step * row.weight
        count += 1
    reached = amount <= 0 and weight <= 0
    if reached:
        _take_away(rows, added, -amount, -weight)
    return {key: quantity for key, quantity in added.items() if quantity}, reached


class _Row:
    def __init__(self, product):
        self.key = product.key
        self.price = to_decimal(product.price)
        self.weight = to_decimal(product.weight)
        self.pack = to_decimal(product.pack) or Decimal(1)
        self.ordered = to_decimal(product.ordered)
        self.demand = to_decimal(product.demand)
        self.first = -(-to_decimal(product.first) // self.pack) * self.pack
        self.added = Decimal(0)

    @property
    def step(self):
        if self.ordered or self.added:
            return self.pack
        return max(self.pack, self.first)

    def next_step(self, added):
        step = self.step
        self.added += step
        return step

    def is_begun(self):
        return self.demand > self.ordered + self.added


def _choose(rows, amount, weight):
    """The product of which one more pack is added."""

    def helps(row):
        return (amount > 0 and row.price > 0) or (weight > 0 and row.weight > 0)

    def is_enough(row):
        return row.step * row.price >= amount and row.step * row.weight >= weight

    useful = [row for row in rows if helps(row)]
    begun = [row for row in useful if row.is_begun()]
    if begun:
        return max(begun, key=lambda row: row.demand - row.ordered - row.added)
    last = [row for row in useful if is_enough(row) and (row.demand or row.ordered)]
    last = last or [row for row in useful if is_enough(row)]
    if last:
        return min(last, key=lambda row: row.step * row.price)
    # In proportion to what members ask; what nobody asks comes last.
    return min(
        useful,
        key=lambda row: (
            not (row.demand or row.ordered),
            (row.added + row.step) / max(row.demand, row.ordered, row.pack),
        ),
        default=None,
    )


def _take_away(rows, added, spare_amount, spare_weight):
    """Packs without which the minimums are reached all the same, dearest first."""
    for row in sorted(rows, key=lambda row: -row.pack * row.price):
        while added.get(row.key, 0) > 0:
            left = added[row.key] - row.pack
            # Below its own least quantity, nothing of it can be ordered.
            below = not row.ordered and left < row.first
            step = added[row.key] if below else row.pack
            if step * row.price > spare_amount or step * row.weight > spare_weight:
                break
            added[row.key] -= step
            spare_amount -= step * row.price
            spare_weight -= step * row.weight
