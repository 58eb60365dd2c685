# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

_logger = logging.getLogger(__name__)

# Orders confirmed between two commits of the cron.
BATCH = 500


class CoopOrderWindowClose(models.AbstractModel):
    """Opening and closing at the minute, and closing in bulk."""

    _name = "coop.order.window.close"
    _description = "Order Window: Closing"

    @api.model
    def _cron_open_and_close(self):
        """Open and close what is due, and resume what was interrupted.

        Each window is a unit of its own: one that fails is rolled back, logged and
        tried again a minute later, the others go on.
        """
        now = fields.Datetime.now()
        to_open = self.search(
            [("state", "=", "draft"), ("opens_at", "<=", now), ("closes_at", ">", now)]
        ).filtered(lambda window: window.offer_ids and window.distribution_ids)
        to_close = self.search([("state", "=", "open"), ("closes_at", "<=", now)])
        unfinished = self._search_unfinished()
        jobs = [(window, "action_open") for window in to_open]
        jobs += [(window, "_close_in_steps") for window in to_close | unfinished]
        for done, (window, method) in enumerate(jobs, start=1):
            try:
                getattr(window.with_company(window.company_id), method)()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("order window %s: %s failed", window.id, method)
            self.env["ir.cron"]._commit_progress(1, remaining=len(jobs) - done)

    @api.model
    def _search_unfinished(self):
        """Closed windows in which orders still wait to be confirmed or dropped."""
        pending = self.env["sale.order"]._read_group(
            [
                ("order_window_id.state", "=", "closed"),
                ("state", "in", ("draft", "sent")),
            ],
            ["order_window_id"],
        )
        return self.concat(*(window for (window,) in pending))

    def _close_in_steps(self):
        """Close, committing what is done: first the door, then batches of orders."""
        self.ensure_one()
        self._close_door()
        self.env["ir.cron"]._commit_progress()
        while self._close_some_orders(BATCH):
            self.env["ir.cron"]._commit_progress()

    def action_close(self):
        """Stop taking orders, confirm the validated ones, settle the baskets.

        Idempotent: on a closed window it goes on where an interrupted closing stopped.
        """
        for window in self:
            if window.state in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(window)s is not open: there is nothing to close.",
                        window=window.name,
                    )
                )
        for window in self.filtered(lambda w: w.state in ("open", "closed")):
            # Shut already, maybe by this very transaction: nobody came in since.
            if window._close_door():
                window._check_no_late_order()
            while window._close_some_orders(BATCH):
                pass
        return True

    def _close_door(self):
        """Whether it was open."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            return False
        self._coop_enter_state(
            {
                "state": "closed",
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )
        # From here on whoever orders conflicts with this row (see
        # sale.order._coop_lock_window) and is refused.
        self.flush_recordset()
        # What was ordered from a producer is not dropped as an unconfirmed basket.
        # sudo: as in the closing itself.
        if self.sudo()._get_live_purchase_orders():
            baskets = self.sudo().order_ids.filtered(lambda o: o.state == "draft")
            baskets._coop_filter_bought().with_context(tracking_disable=True).write(
                {"state": "sent"}
            )
        return True

    def _check_no_late_order(self):
        """Have the transaction run again if an order slipped in while it began.

        A snapshot taken before the door closed does not see an order committed in
        between. The cron closes the door in a transaction of its own; a button cannot.
        """
        self.ensure_one()
        self.env.flush_all()
        query = """
            SELECT id FROM sale_order
            WHERE order_window_id = %s AND state IN ('draft', 'sent')
        """
        self.env.cr.execute(query, [self.id])
        known = {row[0] for row in self.env.cr.fetchall()}
        with self.env.registry.cursor() as fresh:
            fresh.execute(query, [self.id])
            late = {row[0] for row in fresh.fetchall()} - known
        if late:
            raise ConcurrencyError(
                f"orders {late} arrived while window {self.id} was closing"
            )

    def _close_some_orders(self, limit):
        """Settle at most ``limit`` orders, oldest first; False when none is left."""
        self.ensure_one()
        # sudo: closing is mechanical. Who may write on the window may close it, and
        # need not read each member's order.
        orders = (
            self.env["sale.order"]
            .sudo()
            .with_context(tracking_disable=True)
            .search(
                [
                    ("order_window_id", "=", self.id),
                    ("state", "in", ("draft", "sent")),
                ],
                order="id",
                limit=limit,
            )
        )
        if not orders:
            return False
        filled = orders.filtered(lambda o: o._coop_has_demand())
        validated = filled.filtered(lambda o: o.state == "sent")
        baskets = filled - validated
        taken = baskets.browse()
        if self.basket_policy == "take":
            taken = baskets.filtered(lambda o: not o._coop_minimum_error())
        dropped = baskets - taken
        (validated | taken).action_confirm()
        (orders - validated - taken)._action_cancel()
        taken._coop_tell_members(
            "coop_orders.mail_template_basket_taken",
            self.env._("the basket of %s was taken as an order", self.name),
        )
        dropped._coop_tell_members(
            "coop_orders.mail_template_basket_dropped",
            self.env._("the basket of %s was not confirmed, so dropped", self.name),
        )
        return True
