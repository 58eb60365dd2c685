# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Does what was ordered from a supplier reach the supplier's minimum?"""

from .allocation import to_decimal


def minimum_state(amount, weight, minimum_amount=0, minimum_weight=0, *, quantity=0):
    """``empty``, ``weight``, ``amount`` (what is missing first) or ``reached``.

    Amounts in one currency, weights in kilograms; 0 is no minimum. The amount speaks
    first where both are missing.

    >>> minimum_state(192, 12, 150, 14), minimum_state(120, "14.25", 150, 14)
    ('weight', 'amount')
    >>> minimum_state(0, 0, 150, 14), minimum_state(150, 14, 150, 14)
    ('empty', 'reached')
    >>> minimum_state(0, 0, quantity=3), minimum_state(0, 0, 150, quantity=3)
    ('reached', 'amount')
    """
    amount, weight = to_decimal(amount), to_decimal(weight)
    if not amount and not weight and not quantity:
        return "empty"
    if amount < to_decimal(minimum_amount):
        return "amount"
    if weight < to_decimal(minimum_weight):
        return "weight"
    return "reached"
