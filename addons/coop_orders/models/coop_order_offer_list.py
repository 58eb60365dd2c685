# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.pricing import margin_rate
from ..tools.terms import MONEY_GROUPS


class CoopOrderOfferList(models.AbstractModel):
    """What helps to set prices and limits in the list of offers, in batch."""

    _name = "coop.order.offer.list"
    _description = "Offer: List"

    unit_price_text = fields.Char(
        string="Per kg or l", compute="_compute_unit_price_text"
    )
    margin_rate = fields.Float(
        string="Margin",
        compute="_compute_margin_rate",
        groups=MONEY_GROUPS,
        help="Of the price without VAT, what is left once the producer is paid.",
    )
    last_price_unit = fields.Float(
        string="Price Last Time",
        digits="Product Price",
        compute="_compute_last",
        aggregator=None,
        groups=MONEY_GROUPS,
        help="In the window before this one that offered it.",
    )
    last_quantity = fields.Float(
        string="Ordered Last Time",
        digits="Product Unit",
        compute="_compute_last",
        aggregator=None,
        groups=MONEY_GROUPS,
    )

    def _fetch_products(self):
        """Read at once what the columns need: else Odoo reads product by product."""
        # sudo: prices and contents, as on the page of members.
        templates = self.sudo().product_id.product_tmpl_id
        templates.fetch(["coop_net_quantity", "coop_net_unit", "taxes_id", "uom_id"])

    @api.depends("price_unit", "product_id", "product_uom_id")
    def _compute_unit_price_text(self):
        self._fetch_products()
        for offer in self:
            offer.unit_price_text = (
                offer.product_id
                and offer.product_uom_id
                and offer._get_reference_price_text()
            )

    @api.depends("price_unit", "purchase_price", "product_id")
    def _compute_margin_rate(self):
        self._fetch_products()
        for offer in self:
            rates = sum(
                tax.amount
                for tax in offer.product_id.taxes_id
                if tax.price_include
                and tax.amount_type == "percent"
                and tax.company_id == offer.company_id
            )
            price = offer.price_unit / (1 + rates / 100)
            offer.margin_rate = margin_rate(price, offer.purchase_price) or 0.0

    @api.depends("product_id", "supplier_id", "window_id.closes_at")
    def _compute_last(self):
        """Price and demand of the same product last time, all offers at once."""
        last = self._find_last_offers()
        totals = self.browse([row[0] for row in last.values()])._read_demand_totals()
        for offer in self:
            last_id, price = last.get(offer._origin.id, (False, 0.0))
            offer.last_price_unit = price
            offer.last_quantity = totals.get(last_id, (0.0,))[0]

    def _find_last_offers(self):
        """``{offer id: (id, price) of the offer of the window before}``, one query."""
        offers = self._origin
        if not offers.ids:
            return {}
        offers.flush_recordset(["product_id", "supplier_id", "price_unit"])
        self.env["coop.order.window"].flush_model(["state", "closes_at"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (offer.id) offer.id, last.id, last.price_unit
                FROM coop_order_offer offer
                JOIN coop_order_window its_window ON its_window.id = offer.window_id
                JOIN coop_order_offer last
                    ON last.product_id = offer.product_id
                    AND last.supplier_id = offer.supplier_id
                    AND last.company_id = offer.company_id
                    AND last.id <> offer.id
                JOIN coop_order_window last_window
                    ON last_window.id = last.window_id
                    AND last_window.state IN ('open', 'closed', 'done')
                    AND last_window.closes_at < its_window.closes_at
                WHERE offer.id IN %s
                ORDER BY offer.id, last_window.closes_at DESC, last.id DESC
                """,
                tuple(offers.ids),
            )
        )
        return {offer_id: (last_id, price) for offer_id, last_id, price in rows}


class CoopOrderWindowList(models.AbstractModel):
    _name = "coop.order.window.list"
    _description = "Order Window: List"

    def action_edit_offers(self):
        """The window's offers as a dense list, by producer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders.coop_order_offer_action"
        )
        action.update(
            name=self.env._("Offers of %s", self.name),
            domain=[("window_id", "=", self.id)],
            context={
                "coop_one_window": True,
                "default_window_id": self.id,
                "search_default_group_by_supplier": 1,
            },
        )
        return action
