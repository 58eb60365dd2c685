# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from .sale_order_basket import QUIET

DONATION_MAX = 1000
NOTE_MAX = 500


class CoopSaleOrderLineDonation(models.AbstractModel):
    _name = "coop.sale.order.line.donation"
    _description = "Line of an Order: Donations"

    coop_donation = fields.Selection(
        [
            ("person", "For the person behind me"),
            ("round_up", "Rounded up"),
        ],
        string="Donation",
        copy=False,
        readonly=True,
    )


class CoopSaleOrderDonation(models.AbstractModel):
    """What a member adds to the goods: a donation, a rounded total, a note."""

    _name = "coop.sale.order.donation"
    _description = "Member's Order: Donations"

    coop_round_up = fields.Boolean(
        string="Rounded Up",
        copy=False,
        help="The total goes up to the next whole amount, as a donation.",
    )
    coop_note = fields.Text(
        string="Member's Note", copy=False, help="What the member wrote with the order."
    )

    def _coop_takes_donations(self):
        self.ensure_one()
        window = self.order_window_id
        return window.takes_donations and window.company_id.coop_takes_donations

    def _coop_get_donation_amount(self, kind=None):
        """What the member gives, in the order's currency."""
        self.ensure_one()
        return sum(
            line.price_total
            for line in self.order_line
            if line.coop_donation and kind in (None, line.coop_donation)
        )

    def _coop_get_goods_amount(self):
        """The total without donations, VAT included."""
        self.ensure_one()
        return self.amount_total - self._coop_get_donation_amount()

    def _coop_get_round_up(self, amount):
        """What is missing to the next whole amount."""
        missing = float_round(amount, 0, rounding_method="UP") - amount
        return self.currency_id.round(max(missing, 0.0))

    def _coop_set_extras(self, donation=None, round_up=None, note=None):
        """Set donations and note; ``None`` leaves one as it is.

        :param donation: amount for the person behind, 0 for none
        :raise UserError: closed, not taken here, or not an amount
        """
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("This order cannot be changed any more."))
        entries, order = [], self.with_context(**QUIET)
        if note is not None:
            note = note.strip()[:NOTE_MAX] or False
            if note != (self.coop_note or False):
                order.coop_note = note
                entries.append({"kind": "note"})
        if not self._coop_takes_donations():
            if donation or round_up:
                raise UserError(self.env._("Donations are not taken in this order."))
            donation = round_up = None
        if donation is not None:
            if not 0 <= donation <= DONATION_MAX:
                raise UserError(
                    self.env._(
                        "A donation goes from 0 to %(max)s.",
                        max=self.currency_id.format(DONATION_MAX),
                    )
                )
            before = self._coop_get_donation_amount("person")
            if order._coop_write_donation("person", self.currency_id.round(donation)):
                entries.append(
                    {
                        "kind": "donation",
                        "before": before,
                        "after": self._coop_get_donation_amount("person"),
                    }
                )
        if round_up is not None and round_up != self.coop_round_up:
            order.coop_round_up = round_up
            entries.append({"kind": "round_up", "after": 1.0 if round_up else 0.0})
        order._coop_update_round_up()
        self._coop_log_changes(entries)

    def _coop_write_donation(self, kind, amount):
        """Set one donation line; whether anything changed."""
        self.ensure_one()
        line = self.order_line.filtered(lambda x: x.coop_donation == kind)
        if self.currency_id.compare_amounts(line.price_total, amount) == 0:
            return False
        if self.currency_id.is_zero(amount):
            line.unlink()
        elif line:
            line.price_unit = amount
        else:
            product = self.env.ref(f"coop_orders.product_donation_{kind}")
            # sudo: the own order of who gives; see _coop_get_order
            self.env["sale.order.line"].sudo().with_context(**QUIET).create(
                {
                    "order_id": self.id,
                    "product_id": product.product_variant_id.id,
                    "product_uom_qty": 1.0,
                    "price_unit": amount,
                    "coop_donation": kind,
                    # Below the goods, wherever lines are listed.
                    "sequence": 9000,
                }
            )
        return True

    def _coop_update_round_up(self):
        """Bring the rounded total up to date with the goods."""
        self.ensure_one()
        others = self.amount_total - self._coop_get_donation_amount("round_up")
        wanted = 0.0
        if self.coop_round_up and self._coop_has_demand():
            wanted = self._coop_get_round_up(others)
        return self._coop_write_donation("round_up", wanted)

    # ------------------------------------------------------------------
    # Donations are no goods
    # ------------------------------------------------------------------


class CoopOrderWindowDonation(models.AbstractModel):
    _name = "coop.order.window.donation"
    _description = "Order Window: Donations"

    takes_donations = fields.Boolean(
        default=True,
        help="Members can pay something for the person behind them, or round up.",
    )


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["coop.order.snapshot.source", "res.company"]

    coop_takes_donations = fields.Boolean(
        string="Donations with Orders",
        default=True,
        help="Members can pay something for the person behind them, or round up. A"
        " window can refuse it.",
    )
