import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, float_compare, float_is_zero

# A basket is saved at every tap: no chatter for that.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "sale_no_log_for_new_lines": True,
    "tracking_disable": True,
}


class SaleOrder(models.Model):
    """The member's basket: the only way in which members' orders change while a window
    is open, whoever holds the keyboard.

    Every quantity is absolute ("3", never "one more"), so that a message that is
    repeated changes nothing; ``device`` and ``seq`` order the messages of one device,
    so that a late one changes nothing either. None of these methods checks who calls:
    the portal's controller and the grid do, before.
    """

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # Finding and creating
    # ------------------------------------------------------------------

    @api.model
    def _coop_get_order(self, window, partner):
        """The live order of a member in a window, or an empty recordset; sudo."""
        # sudo: portal users have no right to write orders; callers checked the member.
        return self.sudo().search(
            [
                ("order_window_id", "=", window.id),
                ("partner_id", "=", partner.id),
                ("state", "!=", "cancel"),
            ],
            limit=1,
        )

    @api.model
    def _coop_get_or_create_order(self, window, partner, channel, entered_by=None):
        order = self._coop_get_order(window, partner).with_context(**QUIET)
        if order:
            return order
        Order = self.sudo().with_context(**QUIET).with_company(window.company_id)
        try:
            with self.env.cr.savepoint():
                return Order.create(
                    Order._prepare_coop_order_vals(window, partner, channel, entered_by)
                )
        except psycopg2.errors.UniqueViolation as error:
            # Another tab made it meanwhile: it is there for who queues (see ir.http);
            # for others only in a new transaction, which Odoo starts by itself.
            order = self._coop_get_order(window, partner).with_context(**QUIET)
            if order:
                return order
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _prepare_coop_order_vals(self, window, partner, channel, entered_by=None):
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
    def _coop_create_orders(self, window, orders):
        """Many orders of one window at once: imports, demonstration, tests.

        The number of queries grows by Odoo's own batches only. Limits, prices and
        uniqueness are checked as for any order; the window may be in any state.

        :param window: the window
        :param orders: list of ``{'partner': res.partner, 'lines': [(offer, quantity) or
            (offer, quantity, tolerance)], 'distribution': coop.distribution (default:
            the member's point), 'channel': str ('import'), 'entered_by': res.users,
            'state': 'draft' or 'sent' ('sent'), 'asked_at': datetime (now)}``
        :return: the orders, in the same order
        """
        names = self._coop_next_names(window.company_id, len(orders))
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", window.company_id.id)], limit=1
        )
        # What Odoo would search for each order and each line, once for all.
        common = {"warehouse_id": warehouse.id}
        common_line = {}
        if not self.env["account.analytic.distribution.model"].search_count(
            [], limit=1
        ):
            common_line["analytic_distribution"] = False
        now = fields.Datetime.now()
        vals_list = []
        for order, name in zip(orders, names, strict=True):
            asked_at = order.get("asked_at") or now
            vals = self._prepare_coop_order_vals(
                window,
                order["partner"],
                order.get("channel", "import"),
                order.get("entered_by"),
            )
            state = order.get("state", "sent")
            vals.update(
                common,
                name=name,
                state=state,
                date_order=asked_at,
                validated_at=asked_at if state == "sent" else False,
                order_line=[
                    (
                        0,
                        0,
                        {
                            **self._prepare_coop_line_vals(
                                offer, quantity, *tolerance, asked_at=asked_at
                            ),
                            **common_line,
                        },
                    )
                    for offer, quantity, *tolerance in order["lines"]
                ],
            )
            if order.get("distribution"):
                vals["distribution_id"] = order["distribution"].id
            vals_list.append(vals)
        return self.with_context(**QUIET).create(vals_list)

    @api.model
    def _prepare_coop_line_vals(self, offer, quantity, tolerance=0.0, asked_at=None):
        return {
            "offer_id": offer.id,
            "product_id": offer.product_id.id,
            "product_uom_id": offer.product_uom_id.id,
            "product_uom_qty": quantity,
            "quantity_tolerance": tolerance,
            "price_unit": offer.price_unit,
            "asked_at": asked_at or fields.Datetime.now(),
        }

    @api.model
    def _coop_next_names(self, company, count):
        """``count`` order numbers in three queries instead of two each."""
        # sudo: who imports orders has no right on sequences.
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", "sale.order"),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        if (
            not sequence
            or sequence.implementation != "standard"
            or sequence.use_date_range
        ):
            next_by_code = self.env["ir.sequence"].sudo().next_by_code
            return [next_by_code("sale.order") for _i in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------

    @api.model
    def _coop_lock_window(self, window):
        """Take the right to order until the end of the transaction.

        Conflicts with the closing of the window, with nothing else: of two, one waits
        or is run again by Odoo, and sees what the other did.

        :raise UserError: closed, in one sentence
        """
        window.flush_recordset(["state", "closes_at"])
        rows = self.env.execute_query(
            SQL(
                "SELECT state, closes_at FROM coop_order_window WHERE id = %s"
                " FOR SHARE",
                window.id,
            )
        )
        # Who waited for this lock reads what the other one left.
        for field_name, value in zip(("state", "closes_at"), rows[0], strict=True):
            window._fields[field_name]._update_cache(window, value)
        if not window._is_taking_orders():
            raise UserError(window._get_closed_sentence())

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
        self._coop_lock_window(window)
        if not window._accepts_member(partner):
            raise UserError(self.env._("This order is for another group of members."))
        order = self._coop_get_or_create_order(window, partner, channel, entered_by)
        order._coop_lock()
        rejected = order._coop_set_quantities(changes, entered_by, channel)
        return order, rejected

    def _coop_lock(self):
        """One change at a time of the same order, from all devices."""
        self.ensure_one()
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM sale_order WHERE id = %s FOR UPDATE", self.id)
        )
        # What was read before is what the order was before the wait.
        self.invalidate_recordset(flush=False)

    def _coop_set_quantities(self, changes, entered_by=None, channel=None):
        self.ensure_one()
        offers = self.order_window_id.offer_ids
        by_id = {offer.id: offer for offer in offers}
        lines = {line.offer_id.id: line for line in self.order_line if line.offer_id}
        taps = dict(self.coop_taps or {})
        wanted, rejected = {}, []
        for change in changes:
            offer = by_id.get(change.get("offer_id"))
            if not offer:
                rejected.append(
                    {
                        "offer_id": change.get("offer_id"),
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
        rejected += self._coop_refuse_beyond_limits(wanted, lines)
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
        return rejected

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
        deadline = offer._get_closes_at()[offer]
        if fields.Datetime.now() >= deadline:
            raise UserError(
                self.env._(
                    "Orders of %(product)s closed on %(date)s.",
                    product=offer.product_id.display_name,
                    date=offer._format_deadline(deadline),
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
            numbers.append(offer._round_to_step(value))
        quantity, tolerance = numbers
        if float_is_zero(quantity, 6):
            tolerance = 0.0
        limit = offer.quantity_max_per_member
        if limit and float_compare(quantity, limit, 6) > 0:
            raise UserError(
                self.env._(
                    "At most %(limit)s of %(product)s for each member.",
                    limit=offer._format_quantity(limit),
                    product=offer.product_id.display_name,
                )
            )
        return quantity, tolerance

    def _coop_refuse_beyond_limits(self, wanted, lines):
        """Remove from ``wanted`` what is more than is left; say so."""
        raised = self.env["coop.order.offer"].concat(
            *(
                offer
                for offer, (quantity, _tolerance) in wanted.items()
                if quantity
                > (lines[offer.id].product_uom_qty if offer.id in lines else 0)
            )
        )
        limited = raised._lock_limited()
        if not limited:
            return []
        totals = limited._read_demand_totals()
        rejected = []
        for offer in limited:
            own = lines[offer.id].product_uom_qty if offer.id in lines else 0.0
            left = offer.quantity_max - totals.get(offer.id, (0.0,))[0] + own
            if float_compare(wanted[offer][0], left, 6) > 0:
                del wanted[offer]
                rejected.append(
                    {
                        "offer_id": offer.id,
                        "message": offer._get_too_much_sentence(max(left, 0.0)),
                    }
                )
        return rejected

    def _coop_write_lines(self, wanted, lines):
        """Create, change or remove lines; whether anything changed."""
        to_create, to_remove = [], self.env["sale.order.line"]
        changed = False
        for offer, (quantity, tolerance) in wanted.items():
            line = lines.get(offer.id)
            if float_is_zero(quantity, 6):
                to_remove += line or to_remove.browse()
            elif not line:
                to_create.append(
                    {
                        "order_id": self.id,
                        **self._prepare_coop_line_vals(offer, quantity, tolerance),
                    }
                )
            elif (
                float_compare(line.product_uom_qty, quantity, 6) != 0
                or float_compare(line.quantity_tolerance, tolerance, 6) != 0
            ):
                line.write(
                    {"product_uom_qty": quantity, "quantity_tolerance": tolerance}
                )
                changed = True
        if to_remove:
            to_remove.unlink()
        if to_create:
            self.env["sale.order.line"].sudo().with_context(**QUIET).create(to_create)
        return changed or bool(to_create or to_remove)

    # ------------------------------------------------------------------
    # Validating and cancelling
    # ------------------------------------------------------------------

    def _coop_minimum_error(self):
        """Why the order is too small, or False."""
        self.ensure_one()
        minimum = self.order_window_id.minimum_order_amount
        if self.currency_id.compare_amounts(self.amount_total, minimum) >= 0:
            return False
        return self.env._(
            "An order starts at %(minimum)s: add %(missing)s more.",
            minimum=self.currency_id.format(minimum),
            missing=self.currency_id.format(minimum - self.amount_total),
        )

    def _coop_validate(self, distribution=None, slot=None):
        """The member confirms; the order can still be changed until the deadline.

        :param distribution: ``coop.distribution`` where it is collected
        :param slot: ``coop.distribution.slot``, where there are any
        :raise UserError: closed, empty, too small, no collection point, slot full
        """
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("This order cannot be changed any more."))
        if not self._coop_has_demand():
            raise UserError(self.env._("Your basket is empty: choose a product first."))
        error = self._coop_minimum_error()
        if error:
            raise UserError(error)
        distributions = self.order_window_id.distribution_ids
        distribution = distribution or self.distribution_id
        if distributions and distribution not in distributions:
            raise UserError(self.env._("Choose where you collect your order."))
        self._coop_check_slot(slot, distribution)
        self.with_context(**QUIET).write(
            {
                "state": "sent",
                "validated_at": fields.Datetime.now(),
                "distribution_id": distribution.id,
                "slot_id": slot.id if slot else False,
            }
        )
        return self

    def _coop_check_slot(self, slot, distribution):
        if not slot:
            return
        if slot.distribution_id != distribution:
            raise UserError(self.env._("Choose a slot of the same collection point."))
        if slot == self.slot_id or not slot.capacity:
            return
        # Same care as for the last piece of a product: see _lock_limited.
        self.env.execute_query(
            SQL(
                "UPDATE coop_distribution_slot SET capacity = capacity WHERE id = %s"
                " RETURNING id",
                slot.id,
            )
        )
        if slot.booked_count >= slot.capacity:
            raise UserError(
                self.env._("This slot has just filled up: choose another one.")
            )

    def _coop_set_distribution(self, distribution):
        """Change where the order is collected, until the deadline."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if distribution not in self.order_window_id.distribution_ids:
            raise UserError(self.env._("Choose where you collect your order."))
        self.with_context(**QUIET).write(
            {"distribution_id": distribution.id, "slot_id": False}
        )

    def _coop_cancel(self):
        """The member gives the order up; until the deadline it can be taken back."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state in ("draft", "sent"):
            self.with_context(**QUIET)._action_cancel()

    def _coop_restore(self):
        """Take a cancelled order back as a basket, within what is left."""
        self.ensure_one()
        self._coop_lock_window(self.order_window_id)
        self._coop_lock()
        if self.state != "cancel" or self._coop_get_order(
            self.order_window_id, self.partner_id
        ):
            raise UserError(self.env._("You already have another basket."))
        self.with_context(**QUIET).write({"state": "draft", "validated_at": False})
        self.order_line._coop_check_limits()
