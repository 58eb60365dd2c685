# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopSaleOrderNotice(models.AbstractModel):
    """What the mails about an order say; each text in the reader's language."""

    _name = "coop.sale.order.notice"
    _description = "Member's Order: Messages"

    def _coop_with_about(self, **facts):
        """These orders, with what a mail about them says besides: words only."""
        about = self.env.context.get("coop_about") or {}
        return self.with_context(coop_about={**about, **facts})

    def _coop_get_about(self, name, default=None):
        """A fact given to ``_coop_with_about``, for the mail that is being written."""
        return (self.env.context.get("coop_about") or {}).get(name, default)

    def _coop_format_closes_at(self):
        """The deadline, in the cooperative's time."""
        self.ensure_one()
        window = self.order_window_id
        return format_local(self.env, window.closes_at, window.company_id)

    def _coop_format_collection(self):
        """When the order is collected: its slot, else the hours of the point."""
        self.ensure_one()
        place = self.slot_id or self.distribution_id
        if not place:
            return ""
        company = self.company_id
        return self.env._(
            "%(start)s to %(end)s",
            start=format_local(self.env, place.date_start, company),
            end=format_local(self.env, place.date_end, company, "HH:mm"),
        )

    def _coop_format_place(self):
        """Where the order is collected, with the address on one line."""
        self.ensure_one()
        point = self.distribution_id.collection_point_id
        address = point.partner_id._display_address(without_company=True)
        lines = [point.name or "", *address.split("\n")]
        return ", ".join(line.strip() for line in lines if line.strip())

    def _coop_get_mail_lines(self):
        """``[(product, quantity, amount)]`` of what is ordered, or allocated."""
        self.ensure_one()
        rows = []
        for line in self.order_line.filtered("offer_id"):
            quantity = line._coop_get_expected_quantity()
            amount = line._coop_get_expected_amount()
            product = line.product_id.with_context(display_default_code=False)
            rows.append(
                (
                    product.display_name,
                    line.offer_id._format_quantity(quantity),
                    self.currency_id.format(amount),
                )
            )
        return rows

    def _coop_get_expected_total(self):
        """What there is to pay: for what was allocated, once goods are shared out."""
        self.ensure_one()
        lines = self.order_line
        return sum(line._coop_get_expected_amount() for line in lines)


class CoopSaleOrderLineNotice(models.AbstractModel):
    _name = "coop.sale.order.line.notice"
    _description = "Line of an Order: Messages"

    def _coop_get_expected_quantity(self):
        self.ensure_one()
        if self.offer_id.allocated_at:
            return self.quantity_allocated
        return self.product_uom_qty

    def _coop_get_expected_amount(self):
        """Price with VAT of what the member is to get."""
        self.ensure_one()
        if not self.offer_id.allocated_at or not self.product_uom_qty:
            return self.price_total
        share = self.quantity_allocated / self.product_uom_qty
        return self.currency_id.round(self.price_total * share)
