# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, float_compare, float_is_zero

from odoo.addons.coop_orders.models.sale_order_basket import QUIET

LINES_OF_OFFERS = """
    SELECT id FROM sale_order_line
    WHERE offer_id IN %s AND state IN ('draft', 'sent', 'sale')
"""


class CoopOrderOffer(models.Model):
    """A price that changes after members ordered at it.

    French law (code civil, art. 1193; code de la consommation, art. L112-1):
    the price that was displayed when somebody ordered is the price. So:

    - baskets, and orders that their members can still change or cancel, follow the new
      price, and their members are told how to change their order and until when;
    - once an order cannot be changed any more (the window or the producer's own
      deadline has passed, or it is confirmed), its price may fall, never rise;
    - what was delivered or invoiced keeps its price.
    """

    _name = "coop.order.offer"
    _inherit = [
        "coop.order.offer.amend",
        "coop.order.offer.correct",
        "coop.order.offer",
    ]

    def action_change_price(self):
        """Open the confirmation for these offers."""
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Choose the offers first."))
        wizard = self.env["coop.offer.reprice"]._create_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Prices"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _coop_find_lines_to_reprice(self):
        """``{offer: order lines whose price may still change}``, in one search."""
        # sudo: who may change prices need not read each member's order.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("offer_id", "in", self.ids),
                    ("state", "in", ("draft", "sent", "sale")),
                    ("product_uom_qty", ">", 0),
                ]
            )
        )
        lines = lines.filtered(
            lambda line: (
                float_is_zero(line.qty_delivered, 6)
                and float_is_zero(line.qty_invoiced, 6)
            )
        )
        grouped = lines.grouped("offer_id")
        empty = lines.browse()
        # sudo: lines that were read as sudo
        return {offer: grouped.get(offer.sudo(), empty) for offer in self}

    def _coop_get_price_refusal(self, price, lines):
        """Why this price cannot be given to these lines, or False."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        values = {
            "product": self.product_id.display_name,
            "price": self.currency_id.format(self.price_unit),
        }
        if price < 0:
            return self.env._("The price of %(product)s cannot be negative.", **values)
        if self.window_state in ("done", "cancelled"):
            return self.env._(
                "%(product)s: this window is over, its prices stay.", **values
            )
        if float_compare(price, self.price_unit, digits) <= 0 or not lines:
            return False
        confirmed = lines.filtered(lambda line: line.state == "sale")
        late = self.window_state == "closed" or fields.Datetime.now() >= self.closes_at
        if confirmed or (late and self.window_state != "draft"):
            return self.env._(
                "%(product)s was sold at %(price)s, and its members cannot change their"
                " orders any more: the price may fall, not rise. Bear the difference,"
                " or ask each of them and correct their order.",
                **values,
            )
        return False

    def _coop_reprice(self, prices, reason=""):
        """Change prices that members have ordered at, and tell them, once each.

        :param prices: ``{offer: new price with VAT}``
        :return: the orders that changed
        :raise UserError: what may not rise any more, in one sentence
        """
        self.check_access("write")
        digits = self.env["decimal.precision"].precision_get("Product Price")
        changed = self.filtered(
            lambda o: o in prices and float_compare(o.price_unit, prices[o], digits)
        )
        # sudo: orders that follow a price; the buyer reads none
        orders = self.env["sale.order"].sudo()
        if not changed:
            return orders
        changed._coop_keep_orders_out()
        by_offer = changed._coop_find_lines_to_reprice()
        for offer, lines in by_offer.items():
            refusal = offer._coop_get_price_refusal(prices[offer], lines)
            if refusal:
                raise UserError(refusal)
        old = {offer.id: offer.price_unit for offer in changed}
        # sudo: orders that follow a price; the buyer reads none
        touched = self.env["sale.order.line"].sudo()
        for offer, lines in by_offer.items():
            offer._with_repricing().price_unit = prices[offer]
            lines.with_context(**QUIET).write(
                {"price_unit": prices[offer], "technical_price_unit": prices[offer]}
            )
            touched |= lines
        orders = touched.order_id
        changed._coop_check_no_order_slipped_in(touched)
        changes = {offer.id: (old[offer.id], offer.price_unit) for offer in changed}
        orders = orders._coop_with_about(price_changes=changes, reason=reason)
        changed._coop_log_prices(orders, old, reason)
        orders._coop_tell_members(
            "coop_orders_correction.mail_template_price_changed",
            self.env._("a price changed in the order"),
        )
        return orders

    def _coop_check_no_order_slipped_in(self, lines):
        """Run again if somebody ordered between our snapshot and our lock."""
        self.env.flush_all()
        query = SQL(LINES_OF_OFFERS, tuple(self.ids))
        known = {row[0] for row in self.env.execute_query(query)} | set(lines.ids)
        with self.env.registry.cursor() as fresh:
            fresh.execute(query)
            late = {row[0] for row in fresh.fetchall()} - known
        if late:
            raise ConcurrencyError(f"order lines {late} arrived during a price change")

    def _coop_log_prices(self, orders, old, reason):
        """Who changed what, in the window's chatter and in each order's history."""
        for window, offers in self.grouped("window_id").items():
            concerned = orders.filtered(
                lambda order, window=window: order.order_window_id.id == window.id
            )
            body = Markup("<p>%s</p><ul>%s</ul><p>%s</p>") % (
                self.env._("Prices changed after members ordered."),
                Markup("").join(
                    Markup("<li>%s</li>")
                    % offer._coop_format_price_change(old[offer.id])
                    for offer in offers
                ),
                self.env._("%(count)s orders follow.", count=len(concerned)),
            )
            if reason:
                body += Markup("<p>%s</p>") % reason
            window.message_post(body=body, subtype_xmlid="mail.mt_note")
        if orders:
            orders._message_log_batch(
                bodies={
                    order.id: Markup("<p>%s</p><ul>%s</ul>")
                    % (
                        self.env._("Price changed by the cooperative."),
                        Markup("").join(
                            Markup("<li>%s</li>")
                            % line.offer_id._coop_format_price_change(
                                old[line.offer_id.id]
                            )
                            for line in order._coop_get_repriced_lines()
                        ),
                    )
                    for order in orders
                },
                author_id=self.env.user.partner_id.id,
            )

    def _coop_format_price_change(self, old):
        self.ensure_one()
        name = self.product_id.with_context(display_default_code=False).display_name
        return self.env._(
            "%(product)s: %(old)s → %(new)s / %(unit)s",
            product=name,
            old=self.currency_id.format(old),
            new=self.currency_id.format(self.price_unit),
            unit=self.product_uom_id.name,
        )
