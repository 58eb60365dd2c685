# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models


class CoopShiftWaiting(models.AbstractModel):
    """Seats that have become free are offered to those who wait."""

    _name = "coop.shift.waiting"
    _description = "Shift: Waiting List"

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
