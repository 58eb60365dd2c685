from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopShift(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift"  # pylint: disable=consider-merging-classes-inherited

    def _offer_freed(self, before):
        """Offer the seats that have just become free.

        :param before: `_read_free` before the change
        """
        after = self._read_free()
        freed = {key for key, free in after.items() if free > before.get(key, 0)}
        self.browse({shift_id for shift_id, _role in freed})._offer_seats()

    def _offer_seats(self):
        """Hold each free seat for the next one who waits, and tell them.

        :return: the registrations with an offer
        """
        now = fields.Datetime.now()
        # sudo: names of those who wait are for the code only.
        shifts = self.sudo().filtered(
            lambda s: s.state == "planned" and s.start_at > now
        )
        free, kept = shifts._read_free(), shifts._read_kept()
        seats = shifts._get_reserved_seats() if any(kept.values()) else {}
        waiting = shifts.env["coop.shift.registration"].search(
            [
                ("shift_id", "in", shifts.ids),
                ("state", "=", "waiting"),
                ("offered_until", "=", False),
            ],
            order="waiting_since, id",
        )
        offered = waiting.browse()
        for registration in waiting:
            key = (registration.shift_id.id, registration.role_id.id or 0)
            own = bool(
                kept.get(key)
                and seats[key]._filter_reserved_for(registration.member_id)
            )
            if free.get(key, 0) - (0 if own else kept.get(key, 0)) > 0:
                free[key] -= 1
                kept[key] = kept.get(key, 0) - own
                offered += registration
        for registration in offered:
            policy = registration.member_id._volunteer_policy()
            # A seat of this evening is not held until tomorrow.
            left = (registration.start_at - now) / 2
            hold = min(timedelta(hours=policy.offer_hours), left)
            registration.offered_until = now + hold
        if offered:
            offered._after_offer()
        return offered


class CoopShiftRegistration(models.Model):
    """The waiting list: a seat that frees is offered, held, then offered on."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift.registration"  # pylint: disable=consider-merging-classes-inherited

    def _after_offer(self):
        """Seats are held for these: the place for messages to be sent."""

    def _accept_offer(self):
        """Take the seat that is held; a member's own answer."""
        self.ensure_one()
        registration = self.sudo()
        registration.shift_id._lock_seats()
        registration.invalidate_recordset(["state", "offered_until"])
        now = fields.Datetime.now()
        if registration.state == "booked":
            return registration.sudo(False)
        if (
            registration.state != "waiting"
            or not registration.offered_until
            or registration.offered_until <= now
        ):
            raise UserError(
                self.env._("This seat is no longer held for you. You stay on the list.")
            )
        return registration.shift_id._book(
            registration.member_id, registration.role_id, kind=registration.kind
        ).sudo(False)

    def _decline_offer(self):
        """Leave the list: the next one is asked."""
        self.ensure_one()
        registration = self.sudo()
        if registration.state == "waiting":
            registration.state = "cancelled"
        return True

    @api.model
    def _cron_offers(self, limit=500):
        """Offers nobody answered go to the next one who waits; the list goes on."""
        expired = self.search(
            [
                ("state", "=", "waiting"),
                ("offered_until", "<=", fields.Datetime.now()),
            ],
            limit=limit,
        )
        shifts = expired.shift_id
        # Back to the end of the list, so that the others are asked.
        expired.write({"offered_until": False, "waiting_since": fields.Datetime.now()})
        shifts._offer_seats()
        self.env["ir.cron"]._commit_progress(len(expired))
