# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class CoopOrderWindow(models.Model):
    """Sending a producer's order at the producer's own deadline.

    In three steps, each committed, so that a kill at any point is resumed: the door
    (from then on nobody changes these products), the baskets that are not confirmed,
    the order and its mail.
    """

    _name = "coop.order.window"
    _inherit = [
        "coop.order.window.decision.attention",
        "coop.order.window.decide",
        "coop.order.window.give.up",
        "coop.order.window",
    ]

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
        # Without any order to a producer, everything may be decided all the same.
        if step == "order" and self.allocated_at and not self.reopened_at:
            return "finish"
        return step
