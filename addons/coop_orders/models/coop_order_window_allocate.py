# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare, float_is_zero

from odoo.addons.coop_tools.tools.asked import add_asked, rank_asked

from ..tools.allocation import Demand, allocate


class CoopOrderWindowAllocate(models.AbstractModel):
    """Sharing out what was received, and telling those who get less."""

    _name = "coop.order.window.allocate"
    _description = "Order Window: Sharing Out"

    def action_allocate(self):
        """Share what arrived by each window's rule; tell of shortages, once.

        Runs by itself when a receipt of the window is validated, and again at will: the
        result only depends on what was ordered and received. Lines set by hand are
        locked and keep their quantity. Members are told of what is missing, never twice
        of the same line; by itself only once nothing more is awaited (a back order),
        by hand at once.

        :return: the offers shared out
        """
        self.check_access("write")
        return self._allocate(tell=("partial", "over"))

    def _allocate(self, tell=("over",)):
        offers = self.env["coop.order.offer"]
        for window in self:
            if window.state not in ("closed", "done"):
                raise UserError(
                    self.env._(
                        "Close %(window)s before sharing its goods out.",
                        window=window.name,
                    )
                )
            offers |= window._allocate_offers(
                window._get_offers_to_allocate(), tell=tell
            )
            if offers and not window.allocated_at:
                window.allocated_at = fields.Datetime.now()
        return offers

    def _get_offers_to_allocate(self):
        """Offers of which something arrived, or nothing more will."""
        self.ensure_one()
        if self.flow == "stock":
            return self.offer_ids
        states = self.offer_ids._get_delivery_states()
        return self.offer_ids.filtered(lambda o: states[o] != "waiting")

    def _lock_orders(self):
        """One at a time changes several orders of a window that has closed.

        Before any lock of an order (see ``sale.order._coop_lock_window``).
        """
        if self:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM coop_order_window WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )

    def _allocate_offers(self, offers, tell=("over",)):
        """Share these offers out and tell the members who get less than they asked."""
        if not offers:
            return offers
        offers.window_id._lock_orders()
        # sudo: sharing is mechanical; who receives goods need not read orders.
        Line = self.env["sale.order.line"].sudo()
        lines = Line.search_fetch(
            [("offer_id", "in", offers.ids), ("state", "=", "sale")],
            [
                "offer_id",
                "product_uom_qty",
                "quantity_tolerance",
                "quantity_allocated",
                "allocation_locked",
                "asked_at",
                "asked_more",
            ],
        ).sorted(lambda line: (line.asked_at or line.create_date, line.id))
        by_offer = lines.grouped("offer_id")
        shares = {}
        # sudo: totals and lines that are shared out by the rule
        for offer in offers.sudo():
            shares.update(offer._share_out(by_offer.get(offer, Line)))
        Line._coop_store_allocation(shares)
        now = fields.Datetime.now()
        offers.filtered(lambda o: not o.allocated_at).allocated_at = now
        offers.invalidate_recordset(["quantity_allocated"])
        offers._tell_shortages(lines, tell)
        return offers


class CoopOrderOfferAllocate(models.AbstractModel):
    _name = "coop.order.offer.allocate"
    _description = "Offer: Sharing Out"

    def _get_delivery_states(self):
        """``{offer: waiting | partial | over}`` of its incoming goods."""
        result = {}
        # sudo: a state; who shares out need not be in the warehouse.
        for offer in self.sudo():
            moves = offer.purchase_line_ids.filtered(
                lambda line: line.state != "cancel"
            ).move_ids.filtered(lambda move: move.location_dest_usage == "internal")
            if any(move.state not in ("done", "cancel") for move in moves):
                done = any(move.state == "done" for move in moves)
                result[offer.with_env(self.env)] = "partial" if done else "waiting"
            elif moves or offer.is_given_up:
                result[offer.with_env(self.env)] = "over"
            else:
                # No purchase order yet, or none: its packs were never filled.
                sent = any(offer.window_id.purchase_order_ids.mapped("coop_sent_at"))
                over = sent and float_is_zero(offer.quantity_to_order, 6)
                result[offer.with_env(self.env)] = "over" if over else "waiting"
        return result

    def _get_available_to_share(self):
        """What there is to share, in the offer's unit (hook)."""
        self.ensure_one()
        if self.window_id.flow == "stock":
            free = self.product_id.with_company(self.company_id).free_qty
            return max(
                self.product_id.uom_id._compute_quantity(
                    free, self.product_uom_id, round=False
                ),
                0.0,
            )
        return max(self.quantity_received, 0.0)

    def _get_sharing_step(self):
        """Pieces are never cut; loose goods are shared to what a scale shows."""
        self.ensure_one()
        unit = self._get_reference_uom("product_uom_unit")
        if self.piece_weight or self.product_uom_id._has_common_reference(unit):
            return self._get_step()
        return max(self.product_uom_id.rounding, 0.01)

    def _share_out(self, lines, available=None):
        """``{line: share}`` by the window's rule; locked lines keep theirs first.

        :param available: what there would be to share; by default what there is
        """
        self.ensure_one()
        locked = lines.filtered("allocation_locked")
        if available is None:
            available = self._get_available_to_share()
        available -= sum(locked.mapped("quantity_allocated"))
        step = self._get_sharing_step()
        rule = self.window_id.allocation_rule
        shares, _left_over = allocate(
            (lines - locked)._coop_get_demands(step, is_ranked=rule == "first_come"),
            round(max(available, 0.0), 6),
            rule,
            step=step,
        )
        return {line: float(share) for line, share in shares.items()}

    def _tell_shortages(self, lines, tell):
        """Tell the members of these lines who get less, in these delivery states."""
        states = self._get_delivery_states()
        over = self.filtered(lambda o: states[o] in tell or o.window_id.flow == "stock")
        short = lines.filtered(
            lambda line: (
                line.offer_id.id in over.ids
                and not line.shortage_told_at
                and line._coop_is_short()
            )
        )
        if not short:
            return
        short.shortage_told_at = fields.Datetime.now()
        for window, window_lines in short.grouped(
            lambda line: line.order_id.order_window_id
        ).items():
            orders = window_lines.order_id
            orders._coop_with_about(short_line_ids=window_lines.ids)._coop_tell_members(
                "coop_orders.mail_template_shortage",
                self.env._("some goods of %s are missing", window.name),
            )


class CoopSaleOrderLineAllocate(models.AbstractModel):
    _name = "coop.sale.order.line.allocate"
    _description = "Line of an Order: Sharing Out"

    def _coop_get_asked_more(self, quantity):
        """``asked_more`` of a line that is to hold this quantity."""
        self.ensure_one()
        before, first = self.product_uom_qty, self.asked_at
        return add_asked(
            self.asked_more, before, quantity, first, fields.Datetime.now()
        )

    def _coop_get_demands(self, step, is_ranked):
        """What these lines ask; by the time of asking, in steps, where ranked."""
        rows = [(line, line.product_uom_qty, line.quantity_tolerance) for line in self]
        if is_ranked:
            rows = rank_asked(
                [
                    (*row, row[0].asked_at or row[0].create_date, row[0].asked_more)
                    for row in rows
                ],
                step,
            )
        return [Demand(*row) for row in rows]

    def _coop_store_allocation(self, shares):
        """Write ``{line: share}``, one write per distinct share."""
        by_share = {}
        for line, share in shares.items():
            if float_compare(line.quantity_allocated, share, 6) != 0:
                by_share.setdefault(round(share, 6), []).append(line.id)
        for share, ids in by_share.items():
            self.browse(ids).write({"quantity_allocated": share})

    def _coop_is_short(self):
        """Whether the member gets less than asked (tolerances are a favour)."""
        self.ensure_one()
        return (
            float_compare(
                self.quantity_allocated,
                self.product_uom_qty,
                precision_rounding=self.product_uom_id.rounding or 0.01,
            )
            < 0
        )
