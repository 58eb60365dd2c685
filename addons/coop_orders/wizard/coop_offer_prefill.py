# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import float_compare

from ..tools.pricing import follow_cost
from ..tools.terms import MONEY_GROUPS

# What asks for a look comes first.
RANKS = {"gone": 0, "up": 1, "down": 2, "new": 3, "same": 4, "present": 5}


class CoopOfferPrefill(models.TransientModel):
    """Last time's offers at today's prices, or a producer's catalogue.

    Nothing is written before its button is pressed; what the window already offers is
    never offered twice.
    """

    _name = "coop.offer.prefill"
    _description = "Fill the Offers of a Window"

    window_id = fields.Many2one(
        "coop.order.window", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="window_id.company_id")
    currency_id = fields.Many2one(related="window_id.currency_id")
    source = fields.Selection(
        [("window", "An earlier window"), ("supplier", "Producers' catalogues")],
        default="window",
        required=True,
    )
    source_window_id = fields.Many2one(
        "coop.order.window",
        string="Last Time",
        compute="_compute_source_window_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('id', '!=', window_id), ('company_id', '=', company_id),"
        " ('state', '!=', 'cancelled'), ('offer_ids', '!=', False)]",
    )
    supplier_ids = fields.Many2many(
        "res.partner", string="Producers", domain="[('is_coop_producer', '=', True)]"
    )
    line_ids = fields.One2many(
        "coop.offer.prefill.line",
        "prefill_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    summary = fields.Char(compute="_compute_summary")

    @api.depends("window_id", "source")
    def _compute_source_window_id(self):
        for wizard in self:
            wizard.source_window_id = (
                wizard.source == "window"
                and wizard.window_id
                and wizard.window_id._coop_find_last_window()
            )

    @api.depends("window_id", "source", "source_window_id", "supplier_ids")
    def _compute_line_ids(self):
        for wizard in self:
            if wizard.source == "window":
                vals_list = wizard._prepare_lines_of_window()
            else:
                vals_list = wizard._prepare_lines_of_catalogue(wizard.supplier_ids)
            vals_list.sort(key=lambda vals: RANKS[vals["status"]])
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in vals_list),
            ]

    def _get_present(self):
        """``{(product, producer)}`` that the window already offers."""
        return {
            (offer.product_id.id, offer.supplier_id.id)
            for offer in self.window_id.offer_ids
        }

    def _prepare_lines_of_window(self):
        """What was offered, then what is new in the catalogues of its producers."""
        offers = self.source_window_id.with_context(active_test=False).offer_ids
        present = self._get_present()
        sellers = offers._coop_find_sellers()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        vals_list = []
        for offer in offers:
            seller = sellers.get(offer)
            # sudo: a field for buyers and coordinators, who alone come here.
            cost = offer.sudo().purchase_price
            new_cost = (
                seller._coop_get_price(
                    offer.product_uom_id, offer.currency_id, offer.company_id
                )
                if seller
                else cost
            )
            price = offer.price_unit
            status = "same"
            moved = float_compare(new_cost, cost, digits)
            if moved:
                price = follow_cost(
                    price, cost, new_cost, offer.currency_id.rounding or 0.01
                )
                status = "up" if moved > 0 else "down"
            product = offer.product_id
            if (
                (seller and not seller.is_available)
                or not product.active
                or not product.sale_ok
            ):
                status = "gone"
            if (product.id, offer.supplier_id.id) in present:
                status = "present"
            vals_list.append(
                {
                    "offer_id": offer.id,
                    "product_id": product.id,
                    "supplier_id": offer.supplier_id.id,
                    "product_uom_id": offer.product_uom_id.id,
                    "status": status,
                    "include": status in ("same", "up", "down"),
                    "price_last": offer.price_unit,
                    "price_new": price,
                    "cost_last": cost,
                    "cost_new": new_cost,
                }
            )
        known = {(vals["product_id"], vals["supplier_id"]) for vals in vals_list}
        return vals_list + [
            {**vals, "include": False}
            for vals in self._prepare_lines_of_catalogue(offers.supplier_id)
            if (vals["product_id"], vals["supplier_id"]) not in known
            and vals["status"] == "new"
        ]

    def _prepare_lines_of_catalogue(self, suppliers):
        """What these producers have now, from their price lists."""
        if not suppliers:
            return []
        today = fields.Date.context_today(self)
        # sudo: price lists, for whoever may prepare windows.
        sellers = (
            self.env["product.supplierinfo"]
            .sudo()
            .search(
                Domain("partner_id", "in", suppliers.ids)
                & Domain("company_id", "in", [False, self.company_id.id])
                & Domain("product_tmpl_id.active", "=", True)
                & Domain("product_tmpl_id.sale_ok", "=", True)
                & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
            )
        )
        present, vals_list = self._get_present(), {}
        for seller in sellers:
            products = seller.product_id or seller.product_tmpl_id.product_variant_ids
            for product in products:
                key = (product.id, seller.partner_id.id)
                if key in vals_list:
                    continue
                status = "new" if seller.is_available else "gone"
                status = "present" if key in present else status
                vals_list[key] = {
                    "product_id": product.id,
                    "supplier_id": seller.partner_id.id,
                    "product_uom_id": product.uom_id.id,
                    "status": status,
                    "include": status == "new",
                    "price_new": product.lst_price,
                    "cost_new": seller._coop_get_price(
                        product.uom_id,
                        self.window_id.currency_id,
                        self.window_id.company_id,
                    ),
                }
        return list(vals_list.values())

    @api.depends("line_ids.status", "line_ids.include", "source")
    def _compute_summary(self):
        for wizard in self:
            counts = dict.fromkeys(RANKS, 0)
            for line in wizard.line_ids:
                counts[line.status] += 1
            chosen = len(wizard.line_ids.filtered("include"))
            if not wizard.line_ids:
                wizard.summary = (
                    self.env._("Choose the producers whose catalogue you want.")
                    if wizard.source == "supplier"
                    else self.env._("No earlier window has offers: choose another one.")
                )
                continue
            wizard.summary = self.env._(
                "%(chosen)s of %(count)s are taken. Dearer: %(up)s, cheaper: %(down)s,"
                " gone: %(gone)s, new in the catalogue: %(new)s, unchanged: %(same)s,"
                " already in the window: %(present)s.",
                chosen=chosen,
                count=len(wizard.line_ids),
                **counts,
            )

    def action_apply(self):
        """Add what is ticked and not there yet."""
        self.ensure_one()
        window = self.window_id
        window.check_access("write")
        if window.state not in ("draft", "open"):
            raise UserError(
                self.env._(
                    "%(window)s is closed: nothing can be added to it.",
                    window=window.name,
                )
            )
        present, vals_list = self._get_present(), []
        lines = self.line_ids.filtered("include")
        copies = dict(zip(lines.offer_id.ids, lines.offer_id.copy_data(), strict=True))
        for line in lines:
            key = (line.product_id.id, line.supplier_id.id)
            if key in present:
                continue
            present.add(key)
            vals_list.append(
                {
                    **copies.get(line.offer_id.id, {}),
                    "active": True,
                    "window_id": window.id,
                    "product_id": line.product_id.id,
                    "supplier_id": line.supplier_id.id,
                    "product_uom_id": line.product_uom_id.id,
                    "price_unit": line.price_new,
                    "purchase_price": line.cost_new,
                }
            )
        offers = self.env["coop.order.offer"].create(vals_list)
        if offers:
            window.message_post(
                body=self._get_message(len(offers)), subtype_xmlid="mail.mt_note"
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if offers else "info",
                "message": self.env._("%s offers added.", len(offers))
                if offers
                else self.env._("Nothing to add: all of it is already offered."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_message(self, count):
        if self.source == "window":
            return self.env._(
                "%(count)s offers taken from %(window)s.",
                count=count,
                window=self.source_window_id.name,
            )
        return self.env._(
            "%(count)s offers taken from the catalogue of %(producers)s.",
            count=count,
            producers=", ".join(self.supplier_ids.mapped("name")),
        )


class CoopOfferPrefillLine(models.TransientModel):
    _name = "coop.offer.prefill.line"
    _description = "Offer to Take Over"

    prefill_id = fields.Many2one(
        "coop.offer.prefill", required=True, ondelete="cascade"
    )
    include = fields.Boolean(string="Take")
    status = fields.Selection(
        [
            ("same", "Unchanged"),
            ("up", "Dearer"),
            ("down", "Cheaper"),
            ("new", "New in the catalogue"),
            ("gone", "Not available"),
            ("present", "Already in the window"),
        ],
        readonly=True,
        required=True,
    )
    offer_id = fields.Many2one("coop.order.offer", readonly=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", readonly=True, required=True, ondelete="cascade"
    )
    supplier_id = fields.Many2one(
        "res.partner",
        string="Producer",
        readonly=True,
        required=True,
        ondelete="cascade",
    )
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", readonly=True, required=True, ondelete="cascade"
    )
    price_last = fields.Float(
        string="Price Last Time", digits="Product Price", readonly=True
    )
    price_new = fields.Float(string="Price with VAT", digits="Product Price")
    cost_last = fields.Float(
        string="Cost Last Time",
        digits="Product Price",
        readonly=True,
        groups=MONEY_GROUPS,
    )
    cost_new = fields.Float(
        string="Cost Now", digits="Product Price", readonly=True, groups=MONEY_GROUPS
    )
