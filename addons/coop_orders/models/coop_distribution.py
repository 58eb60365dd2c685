# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_tools.tools.changed import find_changed


class CoopDistribution(models.Model):
    """Where and when the baskets of a window are collected."""

    _name = "coop.distribution"
    _description = "Distribution"
    _inherit = [
        "coop.distribution.slots",
        "coop.distribution.closed.day",
        "coop.kept.mixin",
        "coop.state.mixin",
        "mail.thread",
    ]
    _order = "date_start, id"
    _check_company_auto = True

    window_id = fields.Many2one(
        "coop.order.window", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="window_id.company_id", store=True, precompute=True, index=True
    )
    collection_point_id = fields.Many2one(
        "coop.collection.point",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    date_start = fields.Datetime(string="From", required=True, tracking=True)
    date_end = fields.Datetime(string="To", required=True, tracking=True)
    referent_id = fields.Many2one(
        "res.partner", ondelete="set null", index="btree_not_null", check_company=True
    )
    slot_ids = fields.One2many("coop.distribution.slot", "distribution_id")
    order_ids = fields.One2many("sale.order", "distribution_id", string="Orders")
    order_count = fields.Integer(string="Orders Count", compute="_compute_orders")
    amount_total = fields.Monetary(compute="_compute_orders")
    currency_id = fields.Many2one(related="window_id.currency_id")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("prepared", "Prepared"),
            ("open", "Under way"),
            ("counted", "Counted"),
            ("closed", "Closed"),
        ],
        string="Status",
        default="planned",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )

    _point_unique = models.Constraint(
        "UNIQUE (window_id, collection_point_id)",
        "This collection point already has its distribution in this window.",
    )
    _dates = models.Constraint(
        "CHECK (date_start < date_end)",
        "A distribution must end after it starts.",
    )

    @api.depends("collection_point_id", "window_id")
    def _compute_display_name(self):
        # sudo: a title; volunteer coordinators read distributions, not windows.
        for distribution in self.sudo():
            distribution.display_name = self.env._(
                "%(point)s – %(window)s",
                point=distribution.collection_point_id.name or "",
                window=distribution.window_id.name or "",
            )

    @api.model
    def _coop_get_frozen_fields(self, state):
        if state == "closed":
            return ("window_id", "collection_point_id", "date_start", "date_end")
        return super()._coop_get_frozen_fields(state)

    def write(self, vals):
        moved = find_changed(
            self, vals, ("collection_point_id", "date_start", "date_end")
        )
        before = {
            distribution: distribution._coop_get_where_and_when()
            for distribution in self.browse().union(*moved.values())
        }
        starts = {
            distribution: distribution.date_start
            for distribution in moved.get("date_start", self.browse())
        }
        res = super().write(vals)
        for distribution, start in starts.items():
            distribution._coop_move_slots(distribution.date_start - start)
        for distribution, place in before.items():
            distribution._coop_tell_moved(place)
        return res

    def _coop_move_slots(self, delta):
        """Its slots, booked or not, move with it."""
        self.ensure_one()
        for slot in self.slot_ids:
            slot.write(
                {
                    "date_start": slot.date_start + delta,
                    "date_end": slot.date_end + delta,
                }
            )

    def _coop_get_where_and_when(self):
        """Where and when baskets are collected, in the members' words."""
        self.ensure_one()
        # sudo: the name of a point; who moves a distribution may not read it.
        point = self.sudo().collection_point_id
        company = self.company_id
        day = format_local(self.env, self.date_start, company, "EEEE d MMMM, HH:mm")
        end = format_local(self.env, self.date_end, company, "HH:mm")
        return f"{point.name}, {day}–{end}"

    def _coop_tell_moved(self, before):
        """Everybody who counts on it is told, and their orders say so, once."""
        self.ensure_one()
        after = self._coop_get_where_and_when()
        if before == after or self.state == "closed":
            return
        # sudo: who moves a distribution need not read each member's order.
        # Who has a basket counts on the place as well.
        orders = self.sudo().order_ids.filtered(
            lambda order: (
                order.state in ("sent", "sale")
                or (order.state == "draft" and order._coop_has_demand())
            )
        )
        for order in orders:
            order._coop_log_changes(
                [{"kind": "point", "before": before, "after": after}],
                self.env.user,
                "desk",
            )
        orders._coop_tell_changed()

    @api.depends("order_ids.state", "order_ids.amount_total")
    def _compute_orders(self):
        # sudo: totals, nobody's own order.
        totals = {
            distribution: (count, amount)
            for distribution, count, amount in self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("distribution_id", "in", self.ids),
                    ("state", "in", ("sent", "sale")),
                ],
                ["distribution_id"],
                ["__count", "amount_total:sum"],
            )
        }
        for distribution in self:
            count, amount = totals.get(distribution, (0, 0.0))
            distribution.order_count = count
            distribution.amount_total = amount

    def action_view_orders(self):
        """The orders collected here."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders.coop_member_order_action"
        )
        action["domain"] = [("distribution_id", "in", self.ids)]
        return action
