# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which receipts does a bill without lines pay for? Plain Python, no ORM."""

from decimal import Decimal

# Beyond, the number of sums explodes and a coincidence becomes likely.
MAXIMUM = 16


def find_receipts(receipts, total, tolerance=Decimal("0.05")):
    """The one set of receipts whose amounts make a total.

    :param receipts: ``{key: amount with VAT}``, one per delivery
    :return: the keys, or None where no set fits or where more than one does: a guess
        between two deliveries is worse than none

    >>> D = Decimal
    >>> got = {"BL1": D("17.28"), "BL2": D("40.00"), "BL3": D("12.00")}
    >>> find_receipts(got, D("29.28")), find_receipts(got, D("69.30"))
    (['BL1', 'BL3'], ['BL1', 'BL2', 'BL3'])
    >>> find_receipts({"BL1": D(5), "BL2": D(5)}, D(5)) is None
    True
    >>> find_receipts(got, D("1.00")) is None
    True
    """
    amounts = {key: amount for key, amount in receipts.items() if amount > 0}
    exact = [k for k, amount in amounts.items() if abs(amount - total) <= tolerance]
    if exact:
        return exact if len(exact) == 1 else None
    everything = sum(amounts.values(), Decimal(0))
    if amounts and abs(everything - total) <= tolerance:
        return list(amounts)
    amounts = {k: a for k, a in amounts.items() if a <= total + tolerance}
    if len(amounts) > MAXIMUM:
        return None
    sums = [(Decimal(0), ())]
    for key, amount in amounts.items():
        sums += [
            (reached + amount, (*keys, key))
            for reached, keys in sums
            if reached + amount <= total + tolerance
        ]
    found = [list(keys) for reached, keys in sums if abs(reached - total) <= tolerance]
    return found[0] if len(found) == 1 else None


def untaxed(total, rate):
    """What a total with VAT is without it.

    >>> untaxed(Decimal("120.00"), Decimal(20))
    Decimal('100.00')
    >>> untaxed(Decimal("10.00"), Decimal("5.5"))
    Decimal('9.48')
    """
    return (total / (1 + rate / 100)).quantize(Decimal("0.01"))
