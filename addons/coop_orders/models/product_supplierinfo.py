# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_compare, formatLang

CATALOGUE = "coop_orders.mail_activity_type_catalogue"
# What a producer may change of the own catalogue; nothing else is written.
CATALOGUE_FIELDS = frozenset({"price", "is_available", "quantity_available", "delay"})


class ProductSupplierinfo(models.Model):
    """The producer's own catalogue is Odoo's supplier price list."""

    _inherit = "product.supplierinfo"

    is_available = fields.Boolean(
        string="Available",
        default=True,
        help="Says the producer: what is not available is left out of the windows that"
        " open from now on.",
    )
    quantity_available = fields.Float(
        string="Available Quantity",
        digits="Product Unit",
        help="Most that the producer can supply for one window, in the unit of the"
        " price. 0: no limit.",
    )
    price_changed_at = fields.Datetime(
        string="Price Changed by the Producer on", copy=False, readonly=True
    )

    _quantity_available_positive = models.Constraint(
        "CHECK (quantity_available >= 0)",
        "An available quantity cannot be negative.",
    )

    @api.model
    def _coop_get_catalogue_domain(self, partner):
        """The lines that a contact of this producer reads and changes."""
        commercial = partner.commercial_partner_id
        today = fields.Date.context_today(self)
        return (
            Domain("partner_id", "child_of", commercial.ids)
            & Domain("company_id", "in", [False, *self.env.companies.ids])
            & Domain("product_tmpl_id.active", "=", True)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )

    def _coop_has_own_photo(self):
        """Whether this producer alone supplies the product, and so owns its photo."""
        self.ensure_one()
        sellers = self.product_tmpl_id.seller_ids.partner_id.commercial_partner_id
        return sellers == self.partner_id.commercial_partner_id

    def _coop_update_catalogue(self, changes, photos=None, author=None):
        """Write what a producer changed, tell the buyer.

        Prices of open windows are frozen in their offers. Windows still in
        preparation take the new price where they had the old one.

        :param changes: ``{supplier price: {field: value}}``, fields of
            ``CATALOGUE_FIELDS``; the caller checked whose they are
        :param photos: ``{supplier price: base64 image}``
        :param author: ``res.partner`` who changes them
        """
        changes = {seller: vals for seller, vals in changes.items() if vals}
        for vals in changes.values():
            if not CATALOGUE_FIELDS.issuperset(vals):
                raise UserError(self.env._("This cannot be changed here."))
        texts, told = [], False
        repriced = self.browse(
            [seller.id for seller, vals in changes.items() if "price" in vals]
        )
        following = repriced._coop_find_following_offers()
        for seller, vals in changes.items():
            texts.append(seller._coop_describe_change(vals))
            if "price" in vals:
                vals = {**vals, "price_changed_at": fields.Datetime.now()}
                told = True
            seller.write(vals)
        for offer, seller in following.items():
            offer.purchase_price = seller._coop_get_price(
                offer.product_uom_id, offer.currency_id, offer.company_id
            )
        for seller, photo in (photos or {}).items():
            seller.product_tmpl_id.image_1920 = photo
            texts.append(
                self.env._(
                    "%(product)s: new photo", product=seller.product_tmpl_id.name
                )
            )
        if texts:
            self._coop_tell_buyer_of_catalogue(
                texts, following, author or self.env.user.partner_id, told
            )

    def _coop_get_price(self, uom, currency, company=None):
        """The price of one ``uom``, without VAT, in this currency at today's rate.

        A producer beyond the border has a price list in another one.
        """
        self.ensure_one()
        price = self.product_uom_id._compute_price(self.price, uom)
        if not currency or self.currency_id == currency:
            return price
        company = company or self.company_id or self.env.company
        return self.currency_id._convert(
            price, currency, company, company._coop_get_today(), round=False
        )

    def _coop_find_following_offers(self):
        """``{offer: price line}`` of windows not open yet that have today's price.

        An offer whose price was agreed otherwise does not follow.
        """
        digits = self.env["decimal.precision"].precision_get("Product Price")
        offers = self.env["coop.order.offer"].search(
            Domain("window_id.state", "=", "draft")
            & Domain("supplier_id", "in", self.partner_id.ids)
            & Domain("product_id.product_tmpl_id", "in", self.product_tmpl_id.ids)
        )
        by_key = self.grouped(lambda s: (s.partner_id, s.product_tmpl_id))
        result = {}
        for offer in offers:
            key = (offer.supplier_id, offer.product_id.product_tmpl_id)
            for seller in by_key.get(key, ()):
                price = seller._coop_get_price(
                    offer.product_uom_id, offer.currency_id, offer.company_id
                )
                if float_compare(price, offer.purchase_price, digits) == 0:
                    result[offer] = seller
        return result

    def _coop_describe_change(self, vals):
        """One line for the buyer, before the change is written."""
        self.ensure_one()
        parts = []
        if "price" in vals:
            parts.append(
                self.env._(
                    "price %(old)s → %(new)s / %(unit)s",
                    old=self.currency_id.format(self.price),
                    new=self.currency_id.format(vals["price"]),
                    unit=self.product_uom_id.name,
                )
            )
        if "is_available" in vals:
            parts.append(
                self.env._("available again")
                if vals["is_available"]
                else self.env._("not available any more")
            )
        if "quantity_available" in vals:
            parts.append(
                self.env._(
                    "%(quantity)s %(unit)s available",
                    quantity=formatLang(
                        self.env, vals["quantity_available"], dp="Product Unit"
                    ),
                    unit=self.product_uom_id.name,
                )
                if vals["quantity_available"]
                else self.env._("no limit of quantity")
            )
        if "delay" in vals:
            parts.append(self.env._("delivered in %(days)s days", days=vals["delay"]))
        return f"{self.product_tmpl_id.name}: {', '.join(parts)}"

    def _coop_tell_buyer_of_catalogue(self, texts, following, author, to_do):
        """A message on the producer's card; a task where members' prices may follow."""
        producer = author.commercial_partner_id
        items = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
        summary = self.env._("Catalogue changed by the producer")
        body = Markup("<p>%s</p><ul>%s</ul>") % (summary, items)
        windows = {offer.window_id.name for offer in following}
        if windows:
            body += Markup("<p>%s</p>") % self.env._(
                "Windows in preparation that took the new price: %(windows)s. What"
                " members pay there has not changed.",
                windows=", ".join(sorted(windows)),
            )
        producer.message_post(
            body=body,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        if to_do:
            producer.activity_unlink([CATALOGUE])
            producer.activity_schedule(
                CATALOGUE,
                summary=self.env._("New prices: check what members pay"),
                note=body,
                user_id=producer._coop_get_buyer().id,
            )
