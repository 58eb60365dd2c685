# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The "box fill" phase: near the end of a window, opened packs must close.

In that phase members may still complete packs, and no longer open them again.
"""

from odoo.addons.coop_orders.tools.allocation import (
    Demand,
    quantity_to_order,
    to_decimal,
)


def missing(quantity, tolerance, pack_size):
    """What is missing for the last opened pack to be full.

    >>> str(missing(7, 0, 6)), str(missing(6, 0, 6)), str(missing(4, 1, 6))
    ('5', '0', '1')
    """
    quantity, pack = to_decimal(quantity), to_decimal(pack_size)
    opened = quantity % pack
    if not opened:
        return opened
    return max(pack - opened - to_decimal(tolerance), to_decimal(0))


def change_allowed(before, after, pack_size):
    """Whether the group's total demand may go from ``before`` to ``after``.

    Both are ``(quantity, tolerance)`` of everybody together, in units. Accepted: no
    change or a wider tolerance; a tolerance turned into a firm quantity; less missing
    in the opened pack without losing a full pack; whole packs more.

    >>> change_allowed((3, 0), (2, 0), 6), change_allowed((7, 0), (6, 0), 6)
    (False, True)
    >>> change_allowed((7, 0), (1, 0), 6)
    False
    >>> change_allowed((6, 0), (7, 0), 6), change_allowed((6, 0), (12, 0), 6)
    (False, True)
    """
    quantity, tolerance = map(to_decimal, before)
    new_quantity, new_tolerance = map(to_decimal, after)
    if new_quantity == quantity and new_tolerance >= tolerance:
        return True
    if new_quantity > quantity and new_quantity - quantity == tolerance - new_tolerance:
        return True
    packs = quantity_to_order([Demand(0, quantity, tolerance)], pack_size)
    new_packs = quantity_to_order([Demand(0, new_quantity, new_tolerance)], pack_size)
    lacking = missing(quantity, tolerance, pack_size)
    new_lacking = missing(new_quantity, new_tolerance, pack_size)
    if new_packs > packs:
        return new_lacking <= lacking
    return new_packs == packs and new_lacking < lacking
