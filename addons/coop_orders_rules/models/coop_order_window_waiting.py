# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..tools.quotas import QUOTAS


class CoopOrderWindowWaiting(models.AbstractModel):
    _name = "coop.order.window.waiting"
    _description = "Order Window: Waiting List"

    waiting_ids = fields.One2many(
        "coop.order.waiting", "window_id", string="Waiting List"
    )
    waiting_count = fields.Integer(compute="_compute_waiting_count")

    def _compute_waiting_count(self):
        counts = dict(
            self.env["coop.order.waiting"]._read_group(
                [("window_id", "in", self.ids), ("state", "=", "waiting")],
                ["window_id"],
                ["__count"],
            )
        )
        for window in self:
            window.waiting_count = counts.get(window, 0)

    def write(self, vals):
        """Nobody waits in a closed window; who did waits again in a reopened one."""
        if set(QUOTAS) & vals.keys() and "quota_reached_at" not in vals:
            # A new limit is told anew once it is reached.
            vals = {**vals, "quota_reached_at": False}
        res = super().write(vals)
        # sudo: the list follows the window, whoever may write on it.
        places = self.env["coop.order.waiting"].sudo()
        if vals.get("state") in ("closed", "cancelled", "done"):
            expired = places.search(
                [("window_id", "in", self.ids), ("state", "=", "waiting")]
            )
            expired._coop_enter_state({"state": "expired"})
            if expired:
                self._trigger_expired()
        elif vals.get("state") == "open":
            places.search(
                [("window_id", "in", self.ids), ("state", "=", "expired")]
            )._coop_enter_state({"state": "waiting"})
        raised = {"quota_amount", "quota_weight", "quota_orders"} & vals.keys()
        if raised or vals.get("state") == "open":
            self._trigger_waiting()
        return res

    def _trigger_waiting(self):
        """Wake the job up if somebody waits here."""
        # sudo: whether somebody waits.
        places = self.env["coop.order.waiting"].sudo()
        if self.ids and places.search_count(
            [("window_id", "in", self.ids), ("state", "=", "waiting")], limit=1
        ):
            places._trigger_serving()

    def action_view_waiting(self):
        """The list, in the order in which members asked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders_rules.coop_order_waiting_action"
        )
        action.update(domain=[("window_id", "=", self.id)], context={})
        return action
