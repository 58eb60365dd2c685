from odoo import models
from odoo.exceptions import UserError


class PurchaseBillLineMatch(models.Model):
    _inherit = "purchase.bill.line.match"

    def action_match_lines(self):
        """Core deletes the bill lines it cannot match (carriage…) and adds order lines.

        Ours links what a person selected, one to one, and leaves the bill alone.
        """
        if not self.pol_id or not self.aml_id:
            return super().action_match_lines()
        order_lines = self.pol_id.sorted("id")
        links = {}
        for line in self.aml_id.sorted("id"):
            same = order_lines.filtered(
                lambda p, ln=line: p.product_id == ln.product_id
            )
            if not same or not line.product_id:
                continue
            links[line.id] = same[0].id
            # The next line of the same product takes the next order line, if any.
            if len(same) > 1:
                order_lines -= same[0]
        if not links:
            raise UserError(
                self.env._(
                    "None of the selected bill lines has the product of a selected "
                    "order line: choose lines of the same product."
                )
            )
        bills = self.aml_id.move_id
        bills.check_access("write")
        # sudo: the buyer links what the accountant entered, and only links.
        self.env["coop.bill.matcher"].sudo()._write_purchase_links(links)
        bills._coop_match()
        return None
