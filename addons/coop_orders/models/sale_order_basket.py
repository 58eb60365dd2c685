# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, float_compare, float_is_zero, float_round

from ..tools.terms import LIMITS_CHECKED, SERVING

# A basket is saved at every tap: no chatter for that.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "sale_no_log_for_new_lines": True,
    "tracking_disable": True,
}


class BeyondLimit(UserError):
    """More than a member can have of one product: ``most`` is what there can be."""

    most = 0.0


class Wanted(dict):
    """``{offer: (quantity, tolerance)}`` that somebody wants, to be checked."""

    # Whether what is too much becomes what is left, or nothing.
    stops_at_limit = False

    def stop_at(self, offer, most, line):
        """Want the most there can be, in whole steps; never less than there is."""
        step = offer._get_step()
        steps = float_round(most / step, precision_digits=0, rounding_method="DOWN")
        quantity = float_round(steps * step, precision_digits=6)
        if float_compare(quantity, line.product_uom_qty if line else 0.0, 6) > 0:
            self[offer] = quantity, line.quantity_tolerance if line else 0.0
        else:
            self.pop(offer, None)


class CoopSaleOrderBasket(models.AbstractModel):
    """The member's basket: the only way in which members' orders change while a window
    is open, whoever holds the keyboard.

    Every quantity is absolute ("3", never "one more"), so that a message that is
    repeated changes nothing; ``device`` and ``seq`` order the messages of one device,
    so that a late one changes nothing either. None of these methods checks who calls:
    the portal's controller and the grid do, before.
    """

    _name = "coop.sale.order.basket"
    _description = "Member's Order: Basket"

    # ------------------------------------------------------------------
    # Finding and creating
    # ------------------------------------------------------------------

    @api.model
    def _coop_get_order(self, window, partner):
        """The live order of a member in a window, or an empty recordset; sudo."""
        # sudo: portal users have no right to write orders; callers checked the member.
        return self.sudo().search_fetch(
            [
                ("order_window_id", "=", window.id),
                ("partner_id", "=", partner.id),
                ("state", "!=", "cancel"),
            ],
            limit=1,
        )

    @api.model
    def _coop_get_or_create_order(self, window, partner, channel, entered_by=None):
        """The live order of a member, locked, in a window that takes orders.

        :raise UserError: closed, in one sentence
        """
        order = self._coop_take_turn(window, partner)
        if order:
            return order
        # sudo: see _coop_get_order
        Order = self.sudo().with_context(**QUIET).with_company(window.company_id)
        try:
            with self.env.cr.savepoint():
                return Order.create(
                    Order._coop_prepare_order_vals(window, partner, channel, entered_by)
                )
        except psycopg2.errors.UniqueViolation as error:
            # Another tab made it meanwhile: it is there for who queues (see ir.http);
            # for others only in a new transaction, which Odoo starts by itself.
            order = self._coop_take_turn(window, partner)
            if order:
                return order
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _coop_take_turn(self, window, partner):
        """As ``_coop_lock_window`` then ``_coop_lock``, in one query.

        :return: the live order, locked, or an empty recordset; sudo
        :raise UserError: closed, in one sentence
        """
        window.flush_recordset(["state", "closes_at"])
        self.flush_model(["order_window_id", "partner_id", "state"])
        # The window first, always: its closing takes the same locks in that order.
        ((state, closes_at, order_id),) = self.env.execute_query(
            SQL(
                """
                WITH door AS (
                    SELECT id, state, closes_at FROM coop_order_window
                    WHERE id = %s FOR SHARE
                ), live AS (
                    SELECT id FROM sale_order
                    WHERE order_window_id = (SELECT id FROM door)
                    AND partner_id = %s AND state <> 'cancel' FOR UPDATE
                )
                SELECT door.state, door.closes_at, live.id
                FROM door LEFT JOIN live ON TRUE
                """,
                window.id,
                partner.id,
            )
        )
        window._coop_enter(state, closes_at)
        # sudo: see _coop_get_order.
        order = self.sudo().with_context(**QUIET).browse(filter(None, [order_id]))
        order.flush_recordset()
        # What was read before is what the order was before the wait.
        order.invalidate_recordset(flush=False)
        return order

    @api.model
    def _coop_prepare_order_vals(self, window, partner, channel, entered_by=None):
        """Values of a new order of a member in a window (hook)."""
        distribution = window.distribution_ids.filtered(
            lambda d: d.collection_point_id == partner.collection_point_id
        )
        if not distribution and len(window.distribution_ids) == 1:
            distribution = window.distribution_ids
        return {
            "partner_id": partner.id,
            "company_id": window.company_id.id,
            "order_window_id": window.id,
            "distribution_id": distribution.id,
            "order_channel": channel,
            "entered_by_id": entered_by.id if entered_by else False,
            "user_id": False,
            "require_payment": False,
            "require_signature": False,
        }

    @api.model
    def _coop_prepare_line_vals(self, offer, quantity, tolerance=0.0, asked_at=None):
        vals = {
            "offer_id": offer.id,
            "product_id": offer.product_id.id,
            "product_uom_id": offer.product_uom_id.id,
            "product_uom_qty": quantity,
            "quantity_tolerance": tolerance,
            "price_unit": offer.price_unit,
            "asked_at": asked_at or fields.Datetime.now(),
        }
        if not self.env["coop.order.snapshot"]._has_analytic_models():
            # What Odoo would search for each line, to find nothing.
            vals["analytic_distribution"] = False
        return vals

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------

    @api.model
    def _coop_lock_window(self, window):
        """Take the right to order until the end of the transaction.

        All locks of an order are taken in this order, by everybody, so that two never
        wait for each other: the member's credit, the window's own limit (both of
        ``coop_orders_rules``, before this method goes on), the window, the order
        (``_coop_lock``), its slot (``_coop_is_slot_full``), the limited offers by
        their number (``_lock_limited``). Who needs several orders, or one before it is
        changed, begins with ``_coop_lock_all`` or ``_coop_lock_members``; once the
        window is closed, who changes several of its orders begins with
        ``coop.order.window._lock_orders``.

        Conflicts with the closing of the window, with nothing else: of two, one waits
        or is run again by Odoo, and sees what the other did.

        :raise UserError: closed, in one sentence
        """
        window.flush_recordset(["state", "closes_at"])
        ((state, closes_at),) = self.env.execute_query(
            SQL(
                "SELECT state, closes_at FROM coop_order_window WHERE id = %s"
                " FOR SHARE",
                window.id,
            )
        )
        window._coop_enter(state, closes_at)

    @api.model
    def _coop_change_order(
        self, window, partner, changes, channel="portal", entered_by=None
    ):
        """Set quantities of a member's order; what cannot be is refused line by line.

        :param changes: list of ``{'offer_id': int, 'quantity': absolute, in the
            offer's unit, 'tolerance': optional, 'device': str, 'seq': int}``
        :return: ``(order, rejected)``, the latter a list of ``{'offer_id', 'message'}``
        :raise UserError: the window is closed, or not for this member
        """
        # sudo: see _coop_get_order.
        window, partner = window.sudo(), partner.sudo()
        if not window._accepts_member(partner):
            raise UserError(self.env._("This order is for another group of members."))
        order = self._coop_get_or_create_order(window, partner, channel, entered_by)
        rejected = order._coop_set_quantities(changes, entered_by, channel)
        return order, rejected

    @api.model
    def _coop_lock_before(self, windows, partners):
        """Lock what comes before windows and orders, in its order (hook)."""

    @api.model
    def _coop_lock_members(self, windows, partners):
        """All locks down to the orders of these members in these windows.

        For who looks at an order before changing it, or changes several: what each of
        them takes afterwards is held already, so that nobody waits across another. The
        order of locks is that of :meth:`_coop_lock_window`, each kind by its number.

        :return: the live orders, locked; sudo
        """
        windows, partners = windows.sorted("id"), partners.sorted("id")
        self._coop_lock_before(windows, partners)
        if windows:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM coop_order_window WHERE id IN %s"
                    " ORDER BY id FOR SHARE",
                    tuple(windows.ids),
                )
            )
        # sudo: locked only; what may be read or changed is the caller's question.
        orders = self.sudo().search(
            [
                ("order_window_id", "in", windows.ids),
                ("partner_id", "in", partners.ids),
                ("state", "!=", "cancel"),
            ]
        )
        orders._coop_lock()
        return orders

    def _coop_lock_all(self):
        """As :meth:`_coop_lock_members`, of these orders: cancelled ones too."""
        orders = self.filtered("order_window_id")
        self._coop_lock_members(orders.order_window_id, orders.partner_id)
        orders._coop_lock()

    def _coop_lock(self):
        """One change at a time of the same orders, from all devices."""
        if not self:
            return
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "SELECT id FROM sale_order WHERE id IN %s ORDER BY id FOR UPDATE",
                tuple(self.ids),
            )
        )
        # What was read before is what the order was before the wait.
        self.invalidate_recordset(flush=False)

    def _coop_set_quantities(self, changes, entered_by=None, channel=None):
        self.ensure_one()
        self.env["coop.order.snapshot"]._preload(self.order_window_id)
        # Only what is changed, and all its columns at once: see test_query_count.
        asked = [change.get("offer_id") for change in changes]
        offers = self.env["coop.order.offer"].search_fetch(
            [
                ("window_id", "=", self.order_window_id.id),
                ("id", "in", [i for i in asked if type(i) is int and i < 2**31]),
            ]
        )
        by_id = {offer.id: offer for offer in offers}
        lines = self._coop_read_lines()
        taps = dict(self.coop_taps or {})
        wanted, rejected = Wanted(), []
        # A member's own tap takes what is left; what others key in is as on paper.
        wanted.stops_at_limit = not entered_by and channel in (None, "portal")
        for change, offer_id in zip(changes, asked, strict=True):
            offer = by_id.get(offer_id) if type(offer_id) is int else None
            if not offer:
                rejected.append(
                    {
                        "offer_id": offer_id,
                        "message": self.env._("This product is no longer offered."),
                    }
                )
                continue
            if self._coop_is_stale(taps, change):
                continue
            try:
                wanted[offer] = self._coop_read_change(
                    offer, change, lines.get(offer.id)
                )
            except UserError as error:
                rejected.append({"offer_id": offer.id, "message": error.args[0]})
                line = lines.get(offer.id)
                if isinstance(error, BeyondLimit) and wanted.stops_at_limit:
                    wanted.stop_at(offer, error.most, line)
        rejected += self._coop_refuse_beyond_limits(wanted, lines)
        state = self.state
        self._coop_log_lines(wanted, lines, entered_by, channel)
        changed = self._coop_write_lines(wanted, lines)
        values = {}
        if taps != (self.coop_taps or {}):
            values["coop_taps"] = taps
        if entered_by and changed and self.entered_by_id != entered_by:
            values.update(entered_by_id=entered_by.id, order_channel=channel)
        too_small = not self._coop_has_demand() or self._coop_minimum_error()
        if self.state == "sent" and changed and too_small:
            # Under the minimum it is a basket again, and says so.
            values.update(state="draft", validated_at=False)
        if values:
            self.write(values)
        if state == "sent" and self.state == "draft":
            self._coop_log_changes([{"kind": "basket"}], entered_by, channel)
        if self.coop_round_up:
            self.with_context(**QUIET)._coop_update_round_up()
        return rejected

    def _coop_read_lines(self):
        """``{offer id: line}``, ids and columns in one query."""
        # sudo: see _coop_get_order
        lines = self.env["sale.order.line"].sudo().with_context(**QUIET)
        lines = lines.search_fetch([("order_id", "=", self.id)], order="sequence, id")
        self._fields["order_line"]._update_cache(self, lines._ids)
        return {line.offer_id.id: line for line in lines if line.offer_id}

    @api.model
    def _coop_is_stale(self, taps, change):
        """Whether a message of this device was already overtaken; note it if not."""
        device, seq = change.get("device"), change.get("seq")
        if not device or not isinstance(seq, int):
            return False
        key = f"{change['offer_id']}"
        last = taps.get(key)
        if last and last[0] == device and seq <= last[1]:
            return True
        taps[key] = [str(device)[:40], seq]
        return False

    def _coop_read_change(self, offer, change, line):
        """``(quantity, tolerance)`` of a change, in whole steps.

        :raise UserError: what cannot be ordered, in one sentence
        """
        if fields.Datetime.now() >= offer.closes_at:
            raise UserError(
                self.env._(
                    "Orders of %(product)s closed on %(date)s.",
                    product=offer.product_id.display_name,
                    date=offer._format_deadline(offer.closes_at),
                )
            )
        numbers = []
        for key, current in (
            ("quantity", line.product_uom_qty if line else 0.0),
            ("tolerance", line.quantity_tolerance if line else 0.0),
        ):
            value = change.get(key, current)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not is_number or not 0 <= value <= 100000:
                raise UserError(self.env._("Give a quantity, for instance 2."))
            if float_compare(value, offer._get_most_per_order(), 6) > 0 and (
                not offer.quantity_max_per_member
            ):
                raise UserError(
                    self.env._(
                        "%(quantity)s of %(product)s: that is too much to be meant."
                        " Give less, or have the offer's maximum per member set.",
                        quantity=offer._format_quantity(value),
                        product=offer.product_id.display_name,
                    )
                )
            numbers.append(offer._round_to_step(value))
        quantity, tolerance = numbers
        if float_is_zero(quantity, 6):
            tolerance = 0.0
        limit = offer.quantity_max_per_member
        if limit and float_compare(quantity, limit, 6) > 0:
            error = BeyondLimit(
                self.env._(
                    "At most %(limit)s of %(product)s for each member.",
                    limit=offer._format_quantity(limit),
                    product=offer.product_id.display_name,
                )
            )
            error.most = limit
            raise error
        return quantity, tolerance

    def _coop_get_raised(self, wanted, lines):
        """The offers of which more is wanted than the lines hold."""
        return self.env["coop.order.offer"].concat(
            *(
                offer
                for offer, (quantity, _tolerance) in wanted.items()
                if quantity
                > (lines[offer.id].product_uom_qty if offer.id in lines else 0)
            )
        )

    def _coop_is_serving_waiting(self):
        """Whether what came free goes to who waits for it."""
        return self.env.context.get("coop_serving_waiting") is SERVING

    def _coop_refuse_beyond_limits(self, wanted, lines):
        """Take from ``wanted`` what is more than is left, or what others wait for; say
        so. A member's tap stops at what is left.

        :param wanted: a :class:`Wanted`
        """
        limited = self._coop_get_raised(wanted, lines)._lock_limited()
        if not limited:
            return []
        room = limited._read_room(self.partner_id)
        is_serving = self._coop_is_serving_waiting()
        rejected = []
        for offer in limited:
            line = lines.get(offer.id)
            own = line.product_uom_qty if line else 0.0
            ordered, is_waited_for = room[offer.id]
            left = offer.quantity_max - ordered + own
            if float_compare(wanted[offer][0], left, 6) > 0:
                message = offer._get_too_much_sentence(max(left, 0.0))
                if wanted.stops_at_limit and (is_serving or not is_waited_for):
                    wanted.stop_at(offer, left, line)
                    rejected.append({"offer_id": offer.id, "message": message})
                    continue
            elif is_waited_for and not is_serving:
                message = offer._get_others_wait_sentence()
            else:
                continue
            del wanted[offer]
            rejected.append({"offer_id": offer.id, "message": message})
        return rejected

    def _coop_write_lines(self, wanted, lines):
        """Create, change or remove lines; whether anything changed."""
        # Limits were checked under their locks just before.
        quiet = {**QUIET, "coop_limits_checked": LIMITS_CHECKED}
        Line = self.env["sale.order.line"].sudo().with_context(**quiet)
        to_create, to_remove = [], Line
        changed = False
        for offer, (quantity, tolerance) in wanted.items():
            line = lines.get(offer.id)
            if float_is_zero(quantity, 6):
                to_remove += line or Line.browse()
            elif not line:
                to_create.append(
                    {
                        "order_id": self.id,
                        **self._coop_prepare_line_vals(offer, quantity, tolerance),
                    }
                )
            elif (
                float_compare(line.product_uom_qty, quantity, 6) != 0
                or float_compare(line.quantity_tolerance, tolerance, 6) != 0
            ):
                values = {"product_uom_qty": quantity, "quantity_tolerance": tolerance}
                more = line._coop_get_asked_more(quantity)
                if more != (line.asked_more or False):
                    values["asked_more"] = more
                line.with_context(**quiet).write(values)
                changed = True
        if to_remove:
            to_remove.unlink()
        if to_create:
            Line.create(to_create)
        return changed or bool(to_create or to_remove)
