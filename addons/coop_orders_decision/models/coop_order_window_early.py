# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

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


class CoopOrderWindow(models.Model):
    """Sending a producer's order at the producer's own deadline.

    In three steps, each committed, so that a kill at any point is resumed: the door
    (from then on nobody changes these products), the baskets that are not confirmed,
    the order and its mail.
    """

    _inherit = "coop.order.window"

    @api.model
    def _cron_open_and_close(self):
        res = super()._cron_open_and_close()
        rows = self._search_early_rows()
        for done, row in enumerate(rows, start=1):
            try:
                row.with_company(row.company_id)._order_early_in_steps()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("early order of producer row %s failed", row.id)
            self.env["ir.cron"]._commit_progress(1, remaining=len(rows) - done)
        return res

    @api.model
    def _search_early_rows(self):
        """Producers whose deadline has passed in windows that are still open."""
        now = fields.Datetime.now()
        rows = self.env["coop.order.window.supplier"].search(
            [
                ("window_id.state", "=", "open"),
                ("window_id.send_early_orders", "=", True),
                ("window_id.closes_at", ">", now),
                ("window_id.flow", "=", "cross_dock"),
                ("window_id.reopened_at", "=", False),
                ("closes_at", "<=", now),
                ("early_done_at", "=", False),
            ]
        )
        return rows.filtered(lambda row: row.closes_at < row.window_id.closes_at)

    def _get_next_step_after_closing(self):
        """Producers ordered early are not all the producers."""
        step = super()._get_next_step_after_closing()
        if step in ("send", "receive", "finish") and self.flow == "cross_dock":
            # sudo: a step; the referent has no right on purchase orders.
            rows = self.sudo().supplier_ids
            if rows.filtered("early_done_at") and rows.filtered(
                lambda row: row._is_waiting_for_order()
            ):
                return "order"
        return step


class CoopOrderWindowSupplier(models.Model):
    _inherit = "coop.order.window.supplier"

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
        orders.with_context(
            coop_early_line_ids=lines.ids, coop_early_supplier=self.partner_id.name
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
        res = super().action_order_anyway()
        early = self.filtered(
            lambda row: row.early_closed_at and row.window_id.state == "open"
        )
        for row in early:
            row._create_early_order()
            row._send_early_order()
        return res


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _coop_get_firm_lines(self):
        """Lines that a producer already has in an early order."""
        self.ensure_one()
        # sudo: a fact about the member's own order; members read no producers' rows.
        rows = self.order_window_id.sudo().supplier_ids.filtered("early_ordered_at")
        return self.order_line.filtered(
            lambda line: (
                line.offer_id.sudo().supplier_id in rows.partner_id
                and line.product_uom_qty > 0
            )
        )

    def _coop_cancel(self):
        """What a producer was already sent is not given up by one tap."""
        self.ensure_one()
        # Opened again as a whole, the orders to producers follow at the next closing.
        reopened = self.order_window_id.sudo().reopened_at
        if self.state in ("draft", "sent") and not reopened:
            self._coop_refuse_firm()
        return super()._coop_cancel()

    def _coop_refuse_firm(self):
        firm = self._coop_get_firm_lines()
        if firm:
            raise UserError(
                self.env._(
                    "%(producers)s already has your order of %(products)s: that stays."
                    " Set the other products to 0 instead.",
                    producers=", ".join(
                        firm.offer_id.sudo().supplier_id.mapped("name")
                    ),
                    products=", ".join(
                        firm.product_id.with_context(display_default_code=False)
                        .sudo()
                        .mapped("display_name")
                    ),
                )
            )

    def _coop_restore(self):
        """Taken back without what was ordered meanwhile from those who closed."""
        res = super()._coop_restore()
        self._coop_get_firm_lines().sudo().unlink()
        return res

    def _coop_get_early_supplier(self):
        """Who closed, for the mail about a basket that was not confirmed."""
        return self.env.context.get("coop_early_supplier") or ""

    def _coop_get_early_products(self):
        """Names of the products that leave the basket with a producer's deadline."""
        self.ensure_one()
        ids = self.env.context.get("coop_early_line_ids") or []
        lines = self.order_line.filtered(lambda line: line.id in ids)
        return lines.product_id.with_context(display_default_code=False).mapped(
            "display_name"
        )
