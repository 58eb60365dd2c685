# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class PurchaseBillLineMatch(models.Model):
    _inherit = "purchase.bill.line.match"

    def action_match_lines(self):
        """Core deletes the bill lines it cannot match (carriage…) and adds order lines.

        Ours links what a person selected, one to one, and leaves the bill alone.
        """
        if (
            not self.pol_id
            or not self.aml_id
            or not all(self.aml_id.company_id.mapped("coop_match_bills"))
        ):
            return super().action_match_lines()
        links, across = self._coop_pair_lines()
        if not links:
            raise UserError(
                self.env._(
                    "None of the selected bill lines has the product of a selected "
                    "order line: choose one bill line for each order line."
                )
            )
        bills = self.aml_id.move_id
        bills.check_access("write")
        # sudo: the buyer links what the accountant entered, and only links.
        self.env["coop.bill.matcher"].sudo()._write_purchase_links(links)
        bills._coop_match()
        return self._coop_warn_across(across) if across else None

    def _coop_pair_lines(self):
        """``{bill line id: order line id}`` of what is selected, and the ``(bill line,
        order line)`` among them whose products differ."""
        order_lines = self.pol_id.sorted("id")
        links, alone = {}, self.aml_id.browse()
        free = order_lines
        for line in self.aml_id.sorted("id"):
            same = order_lines.filtered(
                lambda p, ln=line: p.product_id == ln.product_id
            )
            if not same or not line.product_id:
                alone += line
                continue
            links[line.id] = same[0].id
            free -= same[0]
            # The next line of the same product takes the next order line, if any.
            if len(same) > 1:
                order_lines -= same[0]
        # A substitute is billed under another product: the person who selects as many
        # of both says which is which. Carriage has no order line.
        goods = alone.filtered(lambda ln: ln.bill_line_kind in (False, "goods"))
        clear = len(goods) == len(free)
        across = list(zip(goods, free, strict=True)) if clear else []
        links.update((line.id, order_line.id) for line, order_line in across)
        return links, across

    def _coop_warn_across(self, across):
        pairs = [
            f"{line.product_id.display_name or line.name} → "
            f"{order_line.product_id.display_name or order_line.name}"
            for line, order_line in across
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Linked, but the products differ"),
                "message": "\n".join(pairs),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
