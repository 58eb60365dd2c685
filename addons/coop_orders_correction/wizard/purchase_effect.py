# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_orders.tools.terms import DemandChange


class PurchaseEffect(models.AbstractModel):
    """What a change of demand does to the orders to producers, before it is done."""

    _name = "coop.purchase.effect"
    _description = "Effect on the Orders to Producers"

    def _get_effect_rows(self, offers, change=None, keep_purchases=False):
        """``[{'offer', 'before', 'after', 'purchase', 'stage', 'text'}]``.

        :param change: ``{offer id: (quantity, tolerance)}`` added to the demand
        """
        stages = offers._coop_get_purchase_stage()
        expected = offers.with_context(
            coop_demand_change=DemandChange(change or {})
        )._get_expected_quantities_to_order()
        expected = {offer.id: quantity for offer, quantity in expected.items()}
        rows = []
        for offer in offers:
            stage, purchase = stages[offer]
            lines = purchase.order_line.filtered(
                lambda line, offer=offer: line.offer_id.id == offer.id
            )
            before = sum(lines.mapped("product_qty"))
            after = expected[offer.id]
            if keep_purchases or stage in ("received", "stock"):
                after = before
            row = {
                "offer": offer,
                "before": before,
                "after": after,
                "purchase": purchase,
                "stage": stage,
            }
            row["text"] = self._get_effect_text(row, keep_purchases)
            rows.append(row)
        return rows

    def _get_effect_text(self, row, keep_purchases):
        offer, purchase = row["offer"], row["purchase"]
        if row["stage"] == "stock":
            return self.env._("Taken from stock: nothing to order.")
        if row["stage"] == "received":
            return self.env._(
                "Received: from what is left over only (%(left)s).",
                left=offer._format_quantity(offer._get_left_over()),
            )
        if row["stage"] == "none":
            return self.env._("Not ordered from the producer yet.")
        if offer.product_uom_id.compare(row["before"], row["after"]) == 0:
            return self.env._(
                "%(order)s stays as it is: what differs is left over or completes it.",
                order=purchase.name,
            )
        if row["stage"] == "draft":
            return self.env._("Draft %(order)s is updated.", order=purchase.name)
        return self.env._(
            "%(order)s was sent on %(date)s: the changed order is sent again, with the"
            " difference.",
            order=purchase.name,
            date=format_local(self.env, purchase.coop_sent_at, purchase.company_id),
        )

    def _format_effect_rows(self, rows):
        """The rows as a table."""
        if not rows:
            return Markup("<p class='text-muted mb-0'>%s</p>") % self.env._(
                "Nothing changes yet."
            )
        head = (
            self.env._("Product"),
            self.env._("Ordered now"),
            self.env._("Would be"),
            self.env._("What happens"),
        )
        body = Markup("").join(
            Markup("<tr><td>%s<br/><small class='text-muted'>%s</small></td>")
            % (row["offer"].product_id.display_name, row["offer"].supplier_id.name)
            + Markup("<td class='text-end text-nowrap'>%s</td>")
            % self._format_effect_quantity(row["offer"], row["before"])
            + Markup("<td class='text-end text-nowrap %s'>%s</td>")
            % (
                "fw-bold" if row["before"] != row["after"] else "",
                self._format_effect_quantity(row["offer"], row["after"]),
            )
            + Markup("<td>%s</td></tr>") % row["text"]
            for row in rows
        )
        return (
            Markup("<table class='table table-sm mb-0'><thead><tr>")
            + Markup("").join(
                Markup("<th class='%s'>%s</th>")
                % ("text-end" if index in (1, 2) else "", title)
                for index, title in enumerate(head)
            )
            + Markup("</tr></thead><tbody>%s</tbody></table>") % body
        )

    def _format_effect_quantity(self, offer, quantity):
        """ "12 (2 × 6)": with the packs, where they matter."""
        text = offer._format_quantity(quantity)
        pack = offer.pack_size or 1.0
        if pack == 1.0 or not quantity:
            return text
        return self.env._(
            "%(quantity)s (%(count)s × %(pack)s)",
            quantity=text,
            count=offer._format_number(quantity / pack),
            pack=offer._format_number(pack),
        )
