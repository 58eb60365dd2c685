# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_tools.tools.changed import find_changed

# What a claim tells its supplier, line by line.
SAID = (
    "claim_id",
    "product_id",
    "name",
    "quantity",
    "uom_id",
    "price_unit",
    "tax_ids",
    "photo",
)


class CoopSupplierClaimLine(models.Model):
    _name = "coop.supplier.claim.line"
    _description = "Supplier Claim Line"
    _order = "claim_id, sequence, id"

    claim_id = fields.Many2one(
        "coop.supplier.claim", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="claim_id.company_id")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    product_id = fields.Many2one("product.product", ondelete="restrict")
    name = fields.Char(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    quantity_words = fields.Char(
        string="Quantity in Words",
        compute="_compute_quantity_words",
        help="As the supplier reads it: 65 kg, not 65,000 kg.",
    )
    price_unit = fields.Float(
        string="Unit Price",
        min_display_digits="Product Price",
        help="What is claimed per unit, without VAT.",
    )
    tax_ids = fields.Many2many("account.tax", string="Taxes")
    amount = fields.Monetary(compute="_compute_amount", store=True)
    amount_total = fields.Monetary(
        string="Amount with VAT", compute="_compute_amount", store=True
    )
    photo = fields.Image(max_width=1920, max_height=1920)
    exception_id = fields.Many2one(
        "coop.bill.exception", ondelete="set null", index="btree_not_null", copy=False
    )
    stock_move_id = fields.Many2one(
        "stock.move", ondelete="set null", index="btree_not_null", copy=False
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", ondelete="set null", copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_claim_draft()
        return lines

    def write(self, vals):
        if find_changed(self, vals, SAID):
            self._check_claim_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_claim_draft()

    def _check_claim_draft(self):
        """:raise UserError: the supplier has it; what the suite settles passes"""
        # The suite itself completes what was sent (answers, credit notes) as superuser.
        if self.env.su:
            return
        for claim in self.claim_id.filtered(lambda claim: claim.state != "draft"):
            raise UserError(
                self.env._(
                    "%(claim)s was sent: its lines are not changed any more. Close it"
                    " and write another claim.",
                    claim=claim.name,
                )
            )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = line.name or line.product_id.display_name or ""

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.uom_id or line.product_id.uom_id

    @api.depends("quantity", "uom_id")
    @api.depends_context("lang")
    def _compute_quantity_words(self):
        say = self.env["coop.bill.exception"]._format_quantity
        for line in self:
            line.quantity_words = f"{say(line.quantity)} {line.uom_id.name or ''}"

    @api.depends(
        "quantity",
        "price_unit",
        "tax_ids",
        "claim_id.currency_id",
        "claim_id.partner_id",
        "product_id",
    )
    def _compute_amount(self):
        for line in self:
            totals = line.tax_ids.compute_all(
                line.price_unit,
                currency=line.currency_id,
                quantity=line.quantity,
                product=line.product_id,
                partner=line.claim_id.partner_id,
            )
            line.amount = totals["total_excluded"]
            line.amount_total = totals["total_included"]

    def _update_from_exception(self, exception):
        """Follow the difference; returns whether the line changed."""
        vals = exception._prepare_claim_line()
        changed = {
            name: vals[name]
            for name in ("quantity", "price_unit")
            if self[name] != vals[name]
        }
        if changed:
            self.write(changed)
        return bool(changed)

    def _photo_attachments(self):
        """Photos as files that can go with an e-mail."""
        return self.env["ir.attachment"].create(
            [
                {
                    "name": f"{line.claim_id.name} - {line.name}.jpg".replace("/", "-"),
                    "datas": line.photo,
                    "res_model": line.claim_id._name,
                    "res_id": line.claim_id.id,
                }
                for line in self
                if line.photo
            ]
        )
