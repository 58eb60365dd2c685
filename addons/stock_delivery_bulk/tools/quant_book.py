# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a bulk run knows of the quants that it touches: read once, written once.

Core reads, checks and writes a quant for each line that leaves it. A run of some
hundred deliveries changes a few hundred quants some ten thousand times: here the
changes are added up in plain numbers, step by step as core does it, and each quant is
written once.

Only what is plain is kept here: goods without lot, package nor owner, one quant a
product and location. All the rest goes core's way; before core reads any quant, what
was added up so far is written (``settle``).
"""

from collections import defaultdict

from odoo.tools import float_compare, float_is_zero, float_round


class QuantRow:
    """One quant in numbers; ``bypass``: its location never runs out (customers)."""

    __slots__ = ("before", "bypass", "id", "in_date", "quantity", "reserved")

    def __init__(self, quant_id, quantity, reserved, in_date, bypass):
        self.id, self.bypass = quant_id, bypass
        self.quantity, self.reserved, self.in_date = quantity, reserved, in_date
        self.before = (quantity, reserved, in_date)

    @property
    def free(self):
        return self.quantity - self.reserved

    def get_changes(self):
        after = (self.quantity, self.reserved, self.in_date)
        names = ("quantity", "reserved_quantity", "in_date")
        return {
            name: new
            for name, old, new in zip(names, self.before, after, strict=True)
            if old != new
        }


class QuantBook:
    """The quants of a run.

    :param read: function (product id, location id) → :class:`QuantRow`, or None where
        core must do it; a row without id is a quant that is not there yet
    :param write: function (quant id, dict of values)
    :param create: function (list of dicts of values)
    :param now: function → the moment at which what is empty comes in
    :param digits: of quantities
    """

    def __init__(self, read, write, create, now, digits):
        self._read, self._write, self._create = read, write, create
        self._now, self.digits = now, digits
        # Core's own, by product, location, lot, package and owner
        self.cache = None
        self.by_product = defaultdict(list)
        self.locked_ids = set()
        self.location_ids = set()
        self._rows = {}
        self._depth = 0

    def __enter__(self):
        self._depth += 1
        return self

    def __exit__(self, *exception):
        self._depth -= 1
        if not self._depth and exception[0] is None:
            self.settle()

    @property
    def is_open(self):
        """Whether changes are added up now, to be written at the end."""
        return bool(self._depth)

    def settle(self):
        """Write what changed; then forget, as whoever asks may change quants too."""
        rows, self._rows = self._rows, {}
        new = []
        for (product_id, location_id), row in rows.items():
            values = row.get_changes() if row else None
            if values and row.id:
                self._write(row.id, values)
            elif values:
                new.append(
                    {"product_id": product_id, "location_id": location_id, **values}
                )
        if new:
            self._create(new)

    def find(self, product_id, location_id):
        """The quant of a product in a location, or None: core must do it."""
        key = (product_id, location_id)
        if key not in self._rows:
            self._rows[key] = self._read(*key)
        return self._rows[key]

    def change(self, row, quantity=0.0, reserved=0.0, in_date=None):
        """As ``stock.quant._update_available_quantity`` does on one quant.

        :return: ``(available, in_date)``; available may be negative
        """
        dates = []
        if not row.bypass and row.in_date and self.compare(row.quantity, 0.0) > 0:
            dates.append(row.in_date)
        if in_date:
            dates.append(in_date)
        row.in_date = min(dates) if dates else self._now()
        if quantity:
            row.quantity = self.round(row.quantity + quantity)
        if reserved:
            row.reserved = self.round(max(0.0, row.reserved + reserved))
        return row.free, row.in_date

    def take(self, rows, quantity):
        """From which quants a quantity is reserved, in the order of ``rows``.

        As the end of ``stock.quant._get_reserve_quantity`` does it; changes nothing.

        :return: list of ``(row, quantity)``
        """
        left = sum(r.quantity for r in rows if self.compare(r.quantity, 0.0) > 0)
        left -= sum(row.reserved for row in rows)
        taken = []
        for row in rows:
            if self.compare(row.free, 0.0) <= 0:
                continue
            share = min(row.free, quantity)
            taken.append((row, share))
            quantity -= share
            left -= share
            if self.is_zero(quantity) or self.is_zero(left):
                break
        return taken

    def compare(self, left, right):
        return float_compare(left, right, precision_digits=self.digits)

    def is_zero(self, quantity):
        return float_is_zero(quantity, precision_digits=self.digits)

    def round(self, quantity):
        return float_round(quantity, precision_digits=self.digits)
