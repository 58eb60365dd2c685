# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopShiftRegistrationWaiting(models.AbstractModel):
    """The waiting list: a seat that frees is offered, held, then offered on."""

    _name = "coop.shift.registration.waiting"
    _description = "Registration: Waiting List"

    def _accept_offer(self):
        """Take the seat that is held; a member's own answer."""
        self.ensure_one()
        # sudo: callers check that the offer is the member's.
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
        """Offers nobody answered go to the next one who waits; the list goes on.

        Before: the seats kept until yesterday are offered to those who wait.
        """
        self._offer_opened_seats(limit)
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

    @api.model
    def _offer_opened_seats(self, limit):
        """Offer seats that were kept for some until now, a batch of those who wait."""
        now = fields.Datetime.now()
        shifts = self.search(
            [
                ("state", "=", "waiting"),
                ("offered_until", "=", False),
                ("start_at", ">", now),
                ("shift_id.seat_ids.reserved_opens_at", "<=", now),
            ],
            limit=limit,
        ).shift_id
        shifts._lock_seats()
        shifts._offer_seats()

    def _after_offer(self):
        """Whoever waits is told at once; without an e-mail, somebody calls."""
        Notice = self.env["coop.shift.notice"]
        for registration in self:
            Notice._tell(
                "offer",
                registration.member_id,
                registration,
                f"{registration.id}:{registration.offered_until}",
                shift=registration.shift_id,
                call=True,
                summary=self.env._("a seat is free for them"),
            )
