# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Prices and margins of a cooperative that sells what it buys, nothing more."""

from decimal import ROUND_HALF_UP, Decimal


def follow_cost(price, old_cost, new_cost, rounding=0.01):
    """The price that keeps the same margin rate when the cost changes.

    :param price: what members pay now
    :param old_cost: what the producer asked for it
    :param new_cost: what the producer asks now
    :param rounding: the currency's smallest coin; half a coin goes up

    >>> follow_cost(2.50, 2.00, 2.20)
    2.75
    >>> follow_cost(2.50, 2.00, 1.80)
    2.25

    Where one of them is not known, the price stays.

    >>> follow_cost(2.50, 0, 1.80), follow_cost(2.50, 2.00, 0)
    (2.5, 2.5)
    """
    if not price or not old_cost or not new_cost:
        return price
    values = (Decimal(repr(float(value))) for value in (price, old_cost, new_cost))
    price, old_cost, new_cost = values
    coin = Decimal(repr(float(rounding)))
    coins = (price * new_cost / old_cost / coin).quantize(Decimal(1), ROUND_HALF_UP)
    return float(coins * coin)


def margin_rate(price_without_vat, cost):
    """What is left of the price once the producer is paid, from 0 to 1, or ``None``.

    >>> margin_rate(2.0, 1.5)
    0.25
    >>> margin_rate(2.0, 2.5)
    -0.25
    >>> margin_rate(0, 1), margin_rate(2.0, 0)
    (None, None)
    """
    if not price_without_vat or not cost:
        return None
    return (price_without_vat - cost) / price_without_vat
