# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The price per kilogram, litre or metre that French law asks.

Arrêté of 16 November 1999 "relatif à la publicité, à l'égard du consommateur, des prix
unitaires de certains produits préemballés": net quantity (drained where the food lies
in a liquid), taxes included. Packs under 50 g or 50 ml are exempt; members like to
compare them too, so they get a price per kilogram all the same.
"""

from decimal import ROUND_HALF_UP, Decimal

#: Unit of a net content → (unit of the price, how many of the latter one is).
UNITS = {
    "g": ("kg", Decimal("0.001")),
    "kg": ("kg", Decimal(1)),
    "ml": ("l", Decimal("0.001")),
    "cl": ("l", Decimal("0.01")),
    "l": ("l", Decimal(1)),
    "m": ("m", Decimal(1)),
    "piece": ("piece", Decimal(1)),
}


def unit_price(price, quantity, unit, rounding=Decimal("0.01")):
    """``(price of one measure, measure)``, or ``None`` where there is none to show.

    :param price: of the whole content, taxes included
    :param quantity: net content in ``unit``
    :param unit: a key of ``UNITS``
    :param rounding: the currency's smallest coin

    >>> unit_price(2.35, 50, "cl")
    (Decimal('4.70'), 'l')
    >>> unit_price(1.65, 500, "g")
    (Decimal('3.30'), 'kg')
    >>> unit_price(0.42, 0.1, "kg")
    (Decimal('4.20'), 'kg')

    Half a cent goes up, as on a shop's label: never 1.0049999 from a float.

    >>> unit_price(1.005, 1, "kg")
    (Decimal('1.01'), 'kg')

    A box of eggs has a price an egg; one piece is its own price.

    >>> unit_price(1.60, 6, "piece"), unit_price(1.10, 1, "piece")
    ((Decimal('0.27'), 'piece'), None)
    >>> unit_price(0, 1, "kg"), unit_price(1, 0, "kg"), unit_price(1, 1, False)
    (None, None, None)
    """
    if not price or not quantity or quantity < 0 or unit not in UNITS:
        return None
    measure, factor = UNITS[unit]
    content = Decimal(repr(float(quantity))) * factor
    if measure == "piece" and content == 1:
        return None
    exact = Decimal(repr(float(price))) / content
    return exact.quantize(Decimal(rounding), ROUND_HALF_UP), measure
