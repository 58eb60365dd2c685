# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import proposal
from ..tools.matcher import normalise


class CoopBillProposal(models.TransientModel):
    """Lines proposed for a bill that has only a total; written once confirmed."""

    _name = "coop.bill.proposal"
    _description = "Proposed Lines of a Bill"

    bill_id = fields.Many2one("account.move", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="bill_id.currency_id")
    total = fields.Monetary(
        compute="_compute_total", string="Total of the Bill", help="With VAT."
    )
    source = fields.Selection(
        [
            ("cited", "Receipts named by the bill"),
            ("total", "The only receipts with this total"),
            ("rate", "No receipts fit: one line per VAT rate"),
        ],
        readonly=True,
        string="Found By",
    )
    line_ids = fields.One2many("coop.bill.proposal.line", "proposal_id")
    amount_total = fields.Monetary(
        compute="_compute_amount_total", string="Total of the Lines"
    )
    gap = fields.Monetary(
        compute="_compute_amount_total",
        string="Difference",
        help="Written as a line to check, so that the bill keeps its total.",
    )

    @api.depends("bill_id")
    def _compute_total(self):
        for record in self:
            bill = record.bill_id
            record.total = bill.einvoice_total or bill.keyed_total

    @api.depends("line_ids.price_total", "total")
    def _compute_amount_total(self):
        for record in self:
            record.amount_total = sum(record.line_ids.mapped("price_total"))
            record.gap = record.total - record.amount_total

    # -------------------------------------------------------------------------
    # Proposing
    # -------------------------------------------------------------------------

    def _propose(self):
        self.ensure_one()
        values = self._from_receipts() or self._per_rate()
        self.write(
            {
                "source": values[0],
                "line_ids": [Command.create(vals) for vals in values[1]],
            }
        )

    def _from_receipts(self):
        """The receipts that the bill names, else the only ones with its total."""
        # sudo: the accountant has no right on receipts; read for this supplier only.
        bill = self.bill_id.sudo()
        matcher = self.env["coop.bill.matcher"].sudo()
        receipts = matcher._load_receipts(bill)[
            bill.company_id.id, bill.commercial_partner_id.id
        ]
        by_picking = defaultdict(list)
        for line, move, quantity, __ in receipts.entries:
            if move and quantity > 0:
                by_picking[move.picking_id].append(
                    self._prepare_line(bill, line, move, quantity)
                )
        amounts = {
            picking: Decimal(str(round(sum(self._totals(lines)), 2)))
            for picking, lines in by_picking.items()
        }
        # sudo: whoever keys in a bill need not read the policy.
        policy = self.env["coop.match.policy"].sudo()
        policy = policy._get_policy(bill.company_id, bill.commercial_partner_id)
        tolerance = Decimal(str(policy.bill_amount or 0))
        total = Decimal(str(round(self.total, 2)))
        named = set(bill.bill_reference_ids.mapped("normalised"))
        named |= {normalise(word) for word in (bill.invoice_origin or "").split(",")}
        cited = {
            picking: amount
            for picking, amount in amounts.items()
            if {
                normalise(picking.delivery_note_ref),
                normalise(picking.name),
                normalise(picking.purchase_id.name),
            }
            & (named - {""})
        }
        for source, candidates in (("cited", cited), ("total", amounts)):
            found = proposal.find_receipts(candidates, total, tolerance)
            if found:
                return source, [
                    vals for picking in found for vals in by_picking[picking]
                ]
        return None

    def _prepare_line(self, bill, line, move, quantity):
        product = line.product_id
        ordered = line.product_uom_id._compute_quantity(
            line.product_qty, product.uom_id, round=False
        )
        price = line.price_subtotal / ordered if ordered else line.price_unit_discounted
        order = line.order_id
        if order.currency_id != bill.currency_id:
            price = order.currency_id._convert(
                price,
                bill.currency_id,
                bill.company_id,
                bill.invoice_date or fields.Date.context_today(self),
                round=False,
            )
        return {
            "product_id": product.id,
            "name": line.name,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [
                Command.set(line.tax_ids.filtered(lambda t: not t.price_include).ids)
            ],
            "purchase_line_id": line.id,
            "stock_move_id": move.id,
        }

    def _totals(self, lines):
        for vals in lines:
            taxes = self.env["account.tax"].browse(vals["tax_ids"][0][2])
            yield taxes.compute_all(
                vals["price_unit"],
                currency=self.bill_id.currency_id,
                quantity=vals["quantity"],
            )["total_included"]

    def _per_rate(self):
        """The file's own lines per rate; on paper, one at the usual rate."""
        bill = self.bill_id
        lines = bill.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        if lines:
            return "rate", [
                {
                    "name": line.name,
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                }
                for line in lines
            ]
        tax = bill.company_id.account_purchase_tax_id
        rate = tax.amount if tax.amount_type == "percent" else 0.0
        amount = proposal.untaxed(
            Decimal(str(round(self.total, 2))), Decimal(str(rate))
        )
        return "rate", [
            {
                "name": bill.ref or self.env._("Bill"),
                "quantity": 1.0,
                "price_unit": float(amount),
                "tax_ids": [
                    Command.set(tax.filtered(lambda t: not t.price_include).ids)
                ],
            }
        ]

    # -------------------------------------------------------------------------
    # Confirming
    # -------------------------------------------------------------------------

    def action_confirm(self):
        """Write the lines; the bill keeps its total to the cent."""
        self.ensure_one()
        bill = self.bill_id
        bill.check_access("write")
        if not bill._lacks_lines():
            raise UserError(
                self.env._("The bill %s has lines already: nothing was changed.")
                % (bill.ref or bill.display_name)
            )
        if not self.line_ids:
            raise UserError(self.env._("Keep at least one line."))
        total = self.total
        # sudo: the lines name order lines, on which accountants have no right; the
        # right on the bill was checked above.
        bill = bill.sudo()
        bill.write(
            {
                "invoice_line_ids": [
                    *(Command.delete(line.id) for line in bill.invoice_line_ids),
                    *(
                        Command.create(line._prepare_bill_line())
                        for line in self.line_ids
                    ),
                ]
            }
        )
        gap = bill.currency_id.round(total - bill.amount_total)
        if not bill.currency_id.is_zero(gap):
            values = bill.env["account.edi.common"]._coop_extra_line(
                self.env._("Difference with the total of the bill"),
                gap,
                "adjustment" if self.source == "rate" else "rounding",
                bill._coop_suspense_account(),
            )
            bill.invoice_line_ids = [Command.create(values)]
        bill._coop_match()
        return {"type": "ir.actions.act_window_close"}


class CoopBillProposalLine(models.TransientModel):
    _name = "coop.bill.proposal.line"
    _description = "Proposed Line of a Bill"

    proposal_id = fields.Many2one(
        "coop.bill.proposal", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="proposal_id.currency_id")
    product_id = fields.Many2one("product.product")
    name = fields.Char(string="Description", required=True)
    quantity = fields.Float(digits="Product Unit", default=1.0)
    price_unit = fields.Float(string="Unit Price", min_display_digits="Product Price")
    tax_ids = fields.Many2many("account.tax", string="Taxes")
    purchase_line_id = fields.Many2one("purchase.order.line", readonly=True)
    stock_move_id = fields.Many2one("stock.move", readonly=True)
    delivery_note = fields.Char(compute="_compute_delivery_note", string="Receipt")
    price_total = fields.Monetary(
        compute="_compute_price_total", string="Amount with VAT"
    )

    @api.depends("stock_move_id")
    def _compute_delivery_note(self):
        for line in self:
            # sudo: the number of the receipt, for accountants without stock rights.
            picking = line.sudo().stock_move_id.picking_id
            line.delivery_note = picking.delivery_note_ref or picking.name

    @api.depends("quantity", "price_unit", "tax_ids")
    def _compute_price_total(self):
        for line in self:
            totals = line.tax_ids.compute_all(
                line.price_unit, currency=line.currency_id, quantity=line.quantity
            )
            line.price_total = totals["total_included"]

    def _prepare_bill_line(self):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "discount": 0.0,
            "product_uom_id": self.product_id.uom_id.id,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            # sudo: accountants have no right on orders, only their link is written.
            "purchase_line_id": self.sudo().purchase_line_id.id,
        }
