# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare, float_is_zero

# "My usual": ordered in at least so many of the last so many windows.
USUAL_TIMES = 2
USUAL_WINDOWS = 6


class CoopSaleOrderHabits(models.AbstractModel):
    """What a member usually orders, and the last basket once more."""

    _name = "coop.sale.order.habits"
    _description = "Member's Order: Habits"

    @api.model
    def _coop_read_habits(self, partner, window):
        """What this member ordered in the windows before, in one query.

        :return: ``{(product id, producer id): (times, last quantity, last unit id)}``;
            the last quantity is ``None`` for what was not in the last basket
        """
        self.env["sale.order"].flush_model(["state", "partner_id", "order_window_id"])
        self.env["sale.order.line"].flush_model(
            ["product_id", "product_uom_qty", "product_uom_id", "supplier_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH past AS (
                    SELECT o.id,
                        row_number() OVER (ORDER BY w.closes_at DESC, o.id DESC) AS rank
                    FROM sale_order o
                    JOIN coop_order_window w ON w.id = o.order_window_id
                    WHERE o.partner_id = %s AND o.order_window_id <> %s
                      AND o.state IN ('sent', 'sale') AND w.company_id = %s
                    ORDER BY w.closes_at DESC, o.id DESC LIMIT %s
                )
                SELECT l.product_id, l.supplier_id, count(*),
                    max(CASE WHEN past.rank = 1 THEN l.product_uom_qty END),
                    max(CASE WHEN past.rank = 1 THEN l.product_uom_id END)
                FROM past JOIN sale_order_line l ON l.order_id = past.id
                WHERE l.offer_id IS NOT NULL AND l.product_uom_qty > 0
                GROUP BY l.product_id, l.supplier_id
                """,
                partner.id,
                window.id,
                window.company_id.id,
                USUAL_WINDOWS,
            )
        )
        return {
            (product_id, supplier_id): (
                times,
                float(last) if last is not None else None,
                uom_id,
            )
            for product_id, supplier_id, times, last, uom_id in rows
        }

    @api.model
    def _coop_order_again(self, window, partner, channel="portal"):
        """Add the last basket to this one: what is still offered, within the limits.

        What is already in the basket stays; quantities never go down.

        :return: ``(order, taken, missing)``: how many products changed, and sentences
            on what could not be taken as it was
        :raise UserError: the window is closed, or not for this member
        """
        # sudo: offers of a window whose access the caller checked, the own past order.
        window, partner = window.sudo(), partner.sudo()
        if not window._is_taking_orders():
            raise UserError(window._get_closed_sentence())
        offers = window.offer_ids.with_context(display_default_code=False)
        by_key = {(o.product_id.id, o.supplier_id.id): o for o in offers}
        by_product = {o.product_id.id: o for o in reversed(offers)}
        order = self._coop_get_order(window, partner)
        own = {line.offer_id: line.product_uom_qty for line in order.order_line}
        totals = offers.filtered("quantity_max")._read_demand_totals()
        now = fields.Datetime.now()
        changes, missing = [], []
        last = {
            key: values[1:]
            for key, values in self._coop_read_habits(partner, window).items()
            if values[1]
        }
        # sudo: names of units and products that are no longer offered
        uoms = self.env["uom.uom"].sudo()
        gone = (
            self.env["product.product"].sudo().with_context(display_default_code=False)
        )
        for (product_id, supplier_id), (quantity, uom_id) in last.items():
            offer = by_key.get((product_id, supplier_id)) or by_product.get(product_id)
            if not offer or now >= offer.closes_at:
                gone += gone.browse(product_id)
                continue
            uom = uoms.browse(uom_id)
            if uom != offer.product_uom_id:
                quantity = uom._compute_quantity(
                    quantity, offer.product_uom_id, round=False
                )
            wanted = offer._round_to_step(quantity) or offer._get_step()
            already = own.get(offer, 0.0)
            possible = wanted
            if offer.quantity_max_per_member:
                possible = min(possible, offer.quantity_max_per_member)
            if offer.quantity_max:
                taken = totals.get(offer.id, (0.0,))[0]
                possible = min(possible, offer.quantity_max - taken + already)
            possible = self._coop_whole_steps(offer, possible)
            if float_compare(possible, wanted, 6) < 0:
                missing.append(
                    self.env._(
                        "%(product)s: %(possible)s instead of %(wanted)s",
                        product=offer.product_id.display_name,
                        possible=offer._format_quantity(max(possible, already)),
                        wanted=offer._format_quantity(wanted),
                    )
                )
            if float_compare(possible, already, 6) > 0:
                changes.append({"offer_id": offer.id, "quantity": possible})
        if gone:
            missing.append(
                self.env._(
                    "Not offered this time: %(products)s",
                    products=", ".join(gone.mapped("display_name")),
                )
            )
        if not changes:
            return order, 0, missing
        order, rejected = self._coop_change_order(window, partner, changes, channel)
        missing += [refusal["message"] for refusal in rejected]
        return order, len(changes) - len(rejected), missing

    @api.model
    def _coop_whole_steps(self, offer, quantity):
        """The most whole steps within a quantity, never less than none."""
        step = offer._get_step()
        steps = int(max(quantity, 0.0) / step + 1e-6)
        whole = offer._round_to_step(steps * step)
        return 0.0 if float_is_zero(whole, 6) else whole
