# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, float_compare, float_is_zero, float_round

from odoo.addons.coop_orders.tools.terms import SERVING

_logger = logging.getLogger(__name__)

# First key of the advisory locks that serialise serving, one a window.
LOCK = 1129270605


class CoopOrderWaiting(models.Model):
    """A member who waits for a product that is sold out, or for a window that is full.

    Units that come free go to those who wait, in the order in which they asked, into
    their orders. This is done by a job in transactions of its own: in the transaction
    of whoever gives units back, it would lock other members' orders after the offer,
    the other way round than those members do.
    """

    _name = "coop.order.waiting"
    _description = "Waiting List of an Order Window"
    _inherit = ["coop.state.mixin"]
    _order = "asked_at, id"
    _rec_name = "partner_id"

    window_id = fields.Many2one(
        related="offer_id.window_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="offer_id.company_id", store=True, precompute=True, index=True
    )
    offer_id = fields.Many2one(
        "coop.order.offer",
        string="Product",
        required=True,
        index=True,
        ondelete="cascade",
    )
    product_uom_id = fields.Many2one(related="offer_id.product_uom_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="cascade",
    )
    group_id = fields.Many2one(related="partner_id.coop_group_id")
    quantity = fields.Float(
        string="Still Waited for", digits="Product Unit", required=True
    )
    quantity_served = fields.Float(
        string="Got", digits="Product Unit", readonly=True, copy=False
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("served", "Served"),
            ("left", "Gave up"),
            ("refused", "May no longer order"),
            ("expired", "Window closed"),
        ],
        string="Status",
        default="waiting",
        required=True,
        copy=False,
    )
    asked_at = fields.Datetime(
        default=fields.Datetime.now, required=True, readonly=True
    )
    served_at = fields.Datetime(readonly=True, copy=False)
    order_id = fields.Many2one(
        "sale.order", readonly=True, copy=False, ondelete="set null"
    )

    _one_place_each = models.UniqueIndex(
        "(offer_id, partner_id) WHERE state = 'waiting'",
        "This member already waits for this product.",
    )
    _waiting_index = models.Index("(window_id, asked_at, id) WHERE state = 'waiting'")
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0 AND quantity_served >= 0)",
        "A quantity that is waited for cannot be negative.",
    )

    # ------------------------------------------------------------------
    # Joining and leaving
    # ------------------------------------------------------------------

    @api.model
    def _join(self, offer, partner, quantity):
        """Put a member at the end of the list, or change the quantity of who is in it.

        :param quantity: in the offer's unit, more than what the member has now
        :return: the place in the list, ``coop.order.waiting``
        :raise UserError: closed, refused, or there is some left; in one sentence
        """
        # sudo: members write no lists; the caller says which member.
        offer, partner = offer.sudo(), partner.sudo()
        window = offer.window_id
        Order = self.env["sale.order"]
        Order._coop_lock_window(window)
        window._check_may_order(partner)
        deadline = offer.closes_at
        if fields.Datetime.now() >= deadline:
            raise UserError(
                self.env._(
                    "Orders of %(product)s closed on %(date)s.",
                    product=offer.product_id.display_name,
                    date=offer._format_deadline(deadline),
                )
            )
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        if not is_number or not 0 < quantity <= 100000:
            raise UserError(self.env._("Give a quantity, for instance 2."))
        quantity = offer._round_to_step(quantity)
        if float_is_zero(quantity, 6):
            raise UserError(self.env._("Give a quantity, for instance 2."))
        offer._lock_limited()
        own = self._get_own_quantity(offer, partner)
        limit = offer.quantity_max_per_member
        if limit and float_compare(own + quantity, limit, 6) > 0:
            raise UserError(
                self.env._(
                    "At most %(limit)s of %(product)s for each member.",
                    limit=offer._format_quantity(limit),
                    product=offer.product_id.display_name,
                )
            )
        # sudo: the member's own place; members write none
        waiting = self.sudo().search(
            [("offer_id", "=", offer.id), ("state", "=", "waiting")]
        )
        mine = waiting.filtered(lambda place: place.partner_id == partner)
        if not waiting and offer._is_on_sale(partner):
            raise UserError(
                self.env._(
                    "There is some %(product)s left: order it with +.",
                    product=offer.product_id.display_name,
                )
            )
        if mine:
            mine.quantity = quantity
        else:
            # sudo: the member's own place; members write none
            mine = self.sudo().create(
                {
                    "offer_id": offer.id,
                    "partner_id": partner.id,
                    "quantity": quantity,
                }
            )
        self._trigger_serving()
        return mine

    def _leave(self):
        """Give the place up, and what it already brought to the order.

        :raise UserError: what it brought cannot be given back any more
        """
        for place in self:
            if place.state == "waiting" and not place.quantity_served:
                place._coop_enter_state({"state": "left", "quantity": 0})
                continue
            if place.state not in ("waiting", "served"):
                continue
            offer, partner = place.offer_id, place.partner_id
            # What is read stays as it is until it is written.
            self.env["sale.order"]._coop_lock_members(offer.window_id, partner)
            own = self._get_own_quantity(offer, partner)
            quantity = max(own - place.quantity_served, 0.0)
            if float_compare(own, quantity, 6):
                _order, rejected = self.env["sale.order"]._coop_change_order(
                    offer.window_id,
                    partner,
                    [{"offer_id": offer.id, "quantity": quantity}],
                )
                if rejected:
                    raise UserError(rejected[0]["message"])
            place._coop_enter_state(
                {"state": "left", "quantity": 0, "quantity_served": 0}
            )

    def _is_before(self, other):
        """Whether this place comes before another one."""
        return (self.asked_at, self.id) < (other.asked_at, other.id)

    @api.model
    def _get_own_quantity(self, offer, partner):
        order = self.env["sale.order"]._coop_get_order(offer.window_id, partner)
        return sum(
            order.order_line.filtered(lambda line: line.offer_id == offer).mapped(
                "product_uom_qty"
            )
        )

    @api.model
    def _trigger_serving(self):
        # sudo: only wakes up a job that does what the list says.
        self.env.ref("coop_orders_rules.coop_order_waiting_cron").sudo()._trigger()

    # ------------------------------------------------------------------
    # Serving
    # ------------------------------------------------------------------

    @api.model
    def _cron_serve(self):
        """Serve who can be, window by window; whatever fails is tried again."""
        rows = self._read_group(
            [("state", "=", "waiting"), ("window_id.state", "=", "open")], ["window_id"]
        )
        windows = [window for (window,) in rows if window._is_taking_orders()]
        for done, window in enumerate(windows, start=1):
            try:
                self._serve_window(window.with_company(window.company_id))
                self.env.flush_all()
            except (psycopg2.OperationalError, ConcurrencyError):
                # Somebody ordered meanwhile: once more, on what is left now.
                self.env.cr.rollback()
                self._trigger_serving()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("waiting list of order window %s failed", window.id)
            self.env["ir.cron"]._commit_progress(1, remaining=len(windows) - done)

    @api.model
    def _serve_window(self, window):
        """Serve those who wait in one window, in the order in which they asked.

        Two processes at once: the second does nothing (the first one is at it); if its
        snapshot is from before the first one ended, it fails and is run again.
        """
        # sudo: a job on behalf of the members.
        window = window.sudo()
        self.flush_model()
        ((locked,),) = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, window.id)
        )
        if not locked or not window._is_taking_orders():
            return self.browse()
        # All that their orders need, before the first of them is changed; who gives
        # the place up has the locks of the order before that of the place.
        # sudo: places of others, served in their order
        places = self.sudo().search(
            [("window_id", "=", window.id), ("state", "=", "waiting")]
        )
        self.env["sale.order"]._coop_lock_members(window, places.partner_id)
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM coop_order_waiting"
                " WHERE window_id = %s AND state = 'waiting' AND id IN %s"
                " ORDER BY asked_at, id FOR UPDATE",
                window.id,
                tuple(places.ids) or (None,),
            )
        )
        places = places.browse([row[0] for row in rows])
        places.invalidate_recordset(flush=False)
        totals = places.offer_id._read_demand_totals()
        left = {
            offer: offer.quantity_max - totals.get(offer.id, (0.0,))[0]
            for offer in places.offer_id
            if offer.quantity_max
        }
        served = self.browse()
        for place in places:
            given = place._serve(left.get(place.offer_id))
            if given is None:
                # The window itself has no room: nobody overtakes who asked before.
                break
            if given:
                served += place
                if place.offer_id in left:
                    left[place.offer_id] -= given
        served._tell_served()
        return served

    def _serve(self, left):
        """Put what is left into this member's order.

        :param left: what is left of the offer; None: no limit
        :return: the quantity given; None where the window has no room
        """
        self.ensure_one()
        lang = self.partner_id.lang or self.env.lang
        self = self.with_context(lang=lang, coop_serving_waiting=SERVING)  # pylint: disable=self-cls-assignment
        offer, partner, window = self.offer_id, self.partner_id, self.window_id
        if window._get_refusal(partner):
            self._coop_enter_state({"state": "refused"})
            return 0.0
        Order = self.env["sale.order"]
        before = Order._coop_get_order(window, partner)
        own = self._get_own_quantity(offer, partner)
        wanted = self.quantity
        if offer.quantity_max_per_member:
            wanted = min(wanted, offer.quantity_max_per_member - own)
        if left is not None:
            wanted = min(wanted, left)
        step = offer._get_step()
        wanted = float_round(
            float_round(wanted / step, precision_digits=0, rounding_method="DOWN")
            * step,
            precision_digits=6,
        )
        if float_compare(wanted, 0.0, 6) <= 0:
            return 0.0
        try:
            with self.env.cr.savepoint():
                order, rejected = Order._coop_change_order(
                    window,
                    partner,
                    [{"offer_id": offer.id, "quantity": own + wanted}],
                    channel=before.order_channel or "portal",
                )
        except UserError:
            return 0.0
        if rejected:
            return None if window._has_quota() else 0.0
        if not before:
            self._confirm(order)
        rest = max(self.quantity - wanted, 0.0)
        self._coop_enter_state(
            {
                "quantity": rest,
                "quantity_served": self.quantity_served + wanted,
                "state": "served" if float_is_zero(rest, 6) else "waiting",
                "served_at": fields.Datetime.now(),
                "order_id": order.id,
            }
        )
        return wanted

    def _confirm(self, order):
        """Who only waited already decided; where something lacks it stays a basket."""
        try:
            with self.env.cr.savepoint():
                order._coop_validate()
        except UserError:
            return

    def _tell_served(self):
        """One mail a member, with all that came free this time."""
        for window in self.window_id:
            served = self.filtered(lambda place, w=window: place.window_id == w)
            served.order_id._coop_with_about(served_ids=served.ids)._coop_tell_members(
                "coop_orders_rules.mail_template_waiting_served",
                self.env._("what was waited for in %s is there", window.name),
            )

    # ------------------------------------------------------------------
    # Staff
    # ------------------------------------------------------------------

    def action_leave(self):
        """Take members off the list, as they asked."""
        self.check_access("write")
        self.filtered(lambda place: place.state == "waiting")._coop_enter_state(
            {"state": "left", "quantity": 0}
        )
        return True
