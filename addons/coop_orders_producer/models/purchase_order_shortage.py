# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import float_compare


class CoopPurchaseOrderShortage(models.AbstractModel):
    """What a producer says will be missing is shared, and told, before it arrives."""

    _name = "coop.purchase.order.shortage"
    _description = "Order to a Producer: Shortages"

    def _coop_share_announced(self):
        """Share what is announced by the window's rule; tell who will get less, once.

        Only an expectation: what is allocated is shared when the goods are there.
        """
        self.ensure_one()
        demand = self._coop_read_demand()
        empty = self.env["sale.order.line"]
        short = empty
        for line in self.order_line.filtered("offer_id"):
            members = demand.get(line.offer_id, empty)
            if not line._coop_is_short():
                members.filtered("expected_at").write(
                    {"expected_at": False, "quantity_expected": 0.0}
                )
                continue
            announced = line.product_uom_id._compute_quantity(
                line._coop_get_supplied_quantity(),
                line.offer_id.product_uom_id,
                round=False,
            )
            members._coop_store_expected(line.offer_id._share_out(members, announced))
            short |= members.filtered(
                lambda member: (
                    member.expected_at
                    and not member.shortage_told_at
                    and member._coop_is_less(member.quantity_expected)
                )
            )
        if not short:
            return
        short.shortage_told_at = fields.Datetime.now()
        short.order_id._coop_with_about(
            announced_line_ids=short.ids
        )._coop_tell_members(
            "coop_orders_producer.mail_template_shortage_announced",
            self.env._("some goods of %s will be missing", self.order_window_id.name),
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _coop_get_announced_lines(self):
        """Lines that a notice of goods that will be missing is about."""
        self.ensure_one()
        ids = self._coop_get_about("announced_line_ids", [])
        return self.order_line.filtered(lambda line: line.id in ids)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    quantity_expected = fields.Float(
        string="Expected",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="This member's share of what the producer announced, where it is less than"
        " what was ordered. What arrives is shared anew.",
    )
    expected_at = fields.Datetime(
        string="Shortage Announced on", copy=False, readonly=True
    )

    def _coop_store_expected(self, shares):
        """Write ``{line: share}``, one write per distinct share."""
        now, by_share = fields.Datetime.now(), {}
        for line, share in shares.items():
            changed = float_compare(line.quantity_expected, share, 6) != 0
            if changed or not line.expected_at:
                by_share.setdefault(round(share, 6), []).append(line.id)
        for share, ids in by_share.items():
            self.browse(ids).write({"quantity_expected": share, "expected_at": now})

    def _coop_is_less(self, quantity):
        self.ensure_one()
        return self.product_uom_id.compare(quantity, self.product_uom_qty) < 0


class CoopOrderOffer(models.Model):
    _inherit = "coop.order.offer"

    def _tell_shortages(self, lines, tell):
        """Not told again of what was announced, unless even less has come."""
        less = lines.filtered(
            lambda line: (
                line.expected_at
                and line.shortage_told_at
                and line.shortage_told_at <= line.expected_at
                and line.product_uom_id.compare(
                    line.quantity_allocated, line.quantity_expected
                )
                < 0
            )
        )
        states = self._get_delivery_states()
        less = less.filtered(
            lambda line: states.get(line.offer_id.with_env(self.env)) in tell
        )
        less.write({"shortage_told_at": False, "expected_at": False})
        return super()._tell_shortages(lines, tell)
