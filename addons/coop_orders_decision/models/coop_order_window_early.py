# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Baskets settled between two commits.
BATCH = 500


class CoopOrderWindowSettings(models.AbstractModel):
    _inherit = "coop.order.window.settings"

    send_early_orders = fields.Boolean(
        string="Early Orders",
        help="A producer who closes earlier gets the order at that minute, while the"
        " window stays open for the others.",
    )

    def _get_settings_fields(self):
        return [*super()._get_settings_fields(), "send_early_orders"]


class CoopOrderWindowSupplierEarly(models.AbstractModel):
    _name = "coop.order.window.supplier.early"
    _description = "Producer in a Window: Early Orders"

    early_closed_at = fields.Datetime(readonly=True, copy=False)
    early_ordered_at = fields.Datetime(
        string="Ordered Early on",
        readonly=True,
        copy=False,
        help="From then on what members ordered from this producer stays.",
    )
    early_done_at = fields.Datetime(readonly=True, copy=False)

    def write(self, vals):
        if "closes_at" in vals:
            self._check_not_ordered_early()
        return super().write(vals)

    def _check_not_ordered_early(self):
        for row in self:
            if row.early_ordered_at and row.purchase_order_id.state in (
                "draft",
                "sent",
                "to approve",
                "purchase",
            ):
                raise ValidationError(
                    self.env._(
                        "%(producer)s already has the order of this window: its"
                        " deadline stays.",
                        producer=row.partner_id.name,
                    )
                )

    def _is_waiting_for_order(self):
        """Whether this producer still is to get an order."""
        self.ensure_one()
        return self.purchase_order_id.state in (False, "cancel") and (
            self.minimum_state == "reached"
            or (self.minimum_state != "empty" and self.minimum_waived)
        )

    # ------------------------------------------------------------------
    # The three steps
    # ------------------------------------------------------------------

    def _order_early_in_steps(self):
        """Order from this producer now, committing what is done."""
        self.ensure_one()
        commit = self.env["ir.cron"]._commit_progress
        self._close_early_door()
        commit()
        while self._settle_some_baskets(BATCH):
            commit()
        self._create_early_order()
        commit()
        self._send_early_order()

    def _close_early_door(self):
        """Wait for the members who are changing their order at this very moment.

        They hold a share lock on the window (``sale.order._coop_lock_window``). Who
        takes it after this finds the producer's deadline passed.
        """
        self.ensure_one()
        if self.early_closed_at:
            return
        self.env.execute_query(
            SQL(
                "SELECT id FROM coop_order_window WHERE id = %s FOR UPDATE",
                self.window_id.id,
            )
        )
        self.early_closed_at = fields.Datetime.now()

    def _settle_some_baskets(self, limit):
        """Take this producer's products out of baskets that will not be orders.

        By the window's policy for baskets that are not confirmed: dropped, or taken
        where the basket is big enough. Members are told; the rest of their basket
        stays theirs to confirm.
        """
        self.ensure_one()
        # sudo: mechanical, as for closing.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("order_window_id", "=", self.window_id.id),
                    ("offer_id.supplier_id", "=", self.partner_id.id),
                    ("order_id.state", "=", "draft"),
                ],
                order="order_id",
            )
        )
        if self.window_id.basket_policy == "take":
            lines = lines.filtered(lambda line: line.order_id._coop_minimum_error())
        orders = lines.order_id[:limit]
        if not orders:
            return False
        lines = lines.filtered(lambda line: line.order_id in orders)
        orders._coop_with_about(
            early_line_ids=lines.ids, early_supplier=self.partner_id.name
        )._coop_tell_members(
            "coop_orders_decision.mail_template_basket_early",
            self.env._(
                "%(producer)s closed and the basket was not confirmed",
                producer=self.partner_id.name,
            ),
        )
        lines.unlink()
        return True

    def _create_early_order(self):
        """The purchase order of this producer alone; its minimum as at any closing."""
        self.ensure_one()
        if self._is_ordered():
            return
        self.window_id._create_purchase_orders(self)
        if self._is_ordered():
            self.early_ordered_at = fields.Datetime.now()

    def _is_ordered(self):
        self.ensure_one()
        return self.purchase_order_id.state not in (False, "cancel")

    def _send_early_order(self):
        self.ensure_one()
        self.early_done_at = fields.Datetime.now()
        order = self.purchase_order_id.filtered(
            lambda po: po.state != "cancel" and not po.coop_sent_at
        )
        order._coop_confirm_and_send()

    def action_order_anyway(self):
        """Also for a producer who closed early in a window that is still open."""
        for row in self:
            row._coop_note_decision(self.env._("ordered anyway"))
        res = super().action_order_anyway()
        early = self.filtered(
            lambda row: row.early_closed_at and row.window_id.state == "open"
        )
        for row in early:
            row._create_early_order()
            row._send_early_order()
        return res
