# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, models

# A credit note at less than half of the price corrects a price, not a quantity.
HALF = 0.5


class CoopBillMatcherCredit(models.AbstractModel):
    """What a supplier credited wants no receipt any more: a bill that is credited and
    made again leaves its receipts to the new one."""

    _name = "coop.bill.matcher.credit"
    _description = "Credited Quantities"

    @api.model
    def _add_credited_quantities(self, bills, confirmed):
        """Add to ``{bill line id: quantity}`` what was credited of these bills."""
        for bill in bills:
            notes = bill.reversal_move_ids.filtered(
                lambda m: m.move_type == "in_refund" and m.state != "cancel"
            )
            quantities = bill.bill_exception_ids.filtered(
                lambda e: e.kind in ("quantity_over", "no_receipt")
            )
            for line in quantities.claim_line_ids:
                claim = line.claim_id
                # What credits the bill itself is counted below.
                others = claim.credit_note_ids - notes
                if claim.state in ("credited", "closed") and any(
                    note.state == "posted" for note in others
                ):
                    confirmed[line.exception_id.bill_line_id.id] += line.quantity
            for line, quantity in self._credited_quantities(bill, notes).items():
                confirmed[line.id] += quantity

    @api.model
    def _credited_quantities(self, bill, notes):
        """``{bill line: quantity}`` that credit notes take back, in the product's unit:
        the line of the same quantity first, then in the bill's order."""
        credited = defaultdict(float)
        for note in notes.invoice_line_ids.filtered("product_id"):
            rest = self._in_product_unit(note)
            price = abs(note.price_subtotal) / rest if rest > 0 else 0.0
            lines = bill.invoice_line_ids.filtered(
                lambda line, note=note: line.product_id == note.product_id
            )
            lines = lines.sorted(
                lambda line, rest=rest: self._in_product_unit(line) != rest
            )
            for line in lines:
                whole = self._in_product_unit(line)
                if whole <= 0 or price < HALF * line.price_subtotal / whole:
                    continue
                taken = min(rest, whole - credited[line])
                if taken > 0:
                    credited[line] += taken
                    rest -= taken
        return credited

    @api.model
    def _in_product_unit(self, line):
        uom, own = line.product_uom_id, line.product_id.uom_id
        if not uom or uom == own:
            return line.quantity
        if not uom._has_common_reference(own):
            return 0.0
        return uom._compute_quantity(line.quantity, own, round=False)

    @api.model
    def _match_credited(self, bill):
        """A credit note came: what its bill does not want any more is for the others
        of the supplier that wait."""
        before = bill.bill_match_ids.mapped("quantity")
        if not bill.match_date or bill.state not in ("draft", "posted"):
            return
        self._match_invoices(bill)
        if bill.bill_match_ids.mapped("quantity") == before:
            return
        waiting = self.env["account.move"].search(
            [
                ("move_type", "=", "in_invoice"),
                ("commercial_partner_id", "=", bill.commercial_partner_id.id),
                ("company_id", "=", bill.company_id.id),
                ("state", "in", ("draft", "posted")),
                ("match_state", "in", ("waiting", "exception")),
                ("id", "!=", bill.id),
            ]
        )
        if waiting:
            self._match_invoices(waiting)
