# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopBillProposable(models.AbstractModel):
    """Bills that come without their lines."""

    _name = "coop.bill.proposable"
    _description = "Bills that come without their lines"

    can_propose_lines = fields.Boolean(compute="_compute_can_propose_lines")

    @api.depends(
        "state",
        "move_type",
        "keyed_total",
        "einvoice_total",
        "invoice_line_ids.product_id",
        "invoice_line_ids.purchase_line_id",
        "invoice_line_ids.bill_reference_ids",
    )
    def _compute_can_propose_lines(self):
        for move in self:
            move.can_propose_lines = move._lacks_lines()

    def _lacks_lines(self):
        """A draft bill with a total and nothing that says for what."""
        self.ensure_one()
        if self.state != "draft" or self.move_type != "in_invoice":
            return False
        lines = self.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        if not lines:
            return bool(self.keyed_total)
        # Profiles MINIMUM and BASIC WL: one line per VAT rate, named by the number.
        return bool(self.einvoice_total) and not any(
            line.product_id or line.purchase_line_id or line.bill_reference_ids
            for line in lines
        )

    def action_coop_propose_lines(self):
        """Show the lines that would be written; nothing is until someone confirms."""
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise UserError(self.env._("Choose the supplier first."))
        if not self._lacks_lines():
            raise UserError(
                self.env._(
                    "This bill has its lines, or no total: key in the total of the "
                    "paper bill first."
                )
            )
        proposal = self.env["coop.bill.proposal"].create({"bill_id": self.id})
        proposal._propose()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposed lines"),
            "res_model": proposal._name,
            "res_id": proposal.id,
            "view_mode": "form",
            "target": "new",
        }
