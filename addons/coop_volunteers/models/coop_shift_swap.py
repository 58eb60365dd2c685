# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local

from .coop_shift_registration import GIFT


class CoopShiftSwap(models.Model):
    """A seat offered to other members, for nothing or against one of theirs."""

    _name = "coop.shift.swap"
    _description = "Swap of Shifts"
    _inherit = ["coop.state.mixin"]
    _order = "start_at, id"
    _check_company_auto = True

    registration_id = fields.Many2one(
        "coop.shift.registration",
        string="Offered",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="registration_id.company_id", store=True, index=True
    )
    member_id = fields.Many2one(
        related="registration_id.member_id", store=True, index=True, string="Offers"
    )
    shift_id = fields.Many2one(related="registration_id.shift_id", store=True)
    start_at = fields.Datetime(related="registration_id.start_at", store=True)
    taker_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", readonly=True
    )
    taker_registration_id = fields.Many2one(
        "coop.shift.registration",
        string="Against",
        ondelete="set null",
        readonly=True,
        index="btree_not_null",
    )
    state = fields.Selection(
        [
            ("offered", "Offered"),
            ("accepted", "Accepted"),
            ("cancelled", "Withdrawn"),
            ("expired", "Expired"),
        ],
        required=True,
        default="offered",
        index=True,
        readonly=True,
    )
    accepted_on = fields.Datetime(readonly=True)
    proposal_ids = fields.One2many(
        "coop.shift.swap.proposal", "swap_id", string="Proposed in exchange"
    )

    _offered_once = models.UniqueIndex(
        "(registration_id) WHERE state = 'offered'", "This seat is already offered."
    )

    @api.model
    def _offer(self, registration):
        """Offer a seat to the others; it stays theirs to hold until taken.

        :raise UserError: too late, or not a seat to come
        """
        # sudo: callers check that the user may act for the member.
        registration = registration.sudo()
        policy = registration.member_id._volunteer_policy()
        limit = registration.start_at - timedelta(hours=policy.swap_hours)
        if registration.state != "booked" or registration.shift_id.state != "planned":
            raise UserError(self.env._("Only a shift to come can be swapped."))
        if fields.Datetime.now() > limit:
            raise UserError(
                self.env._(
                    "It was possible to swap until %(when)s.",
                    when=format_local(self.env, limit, registration.company_id),
                )
            )
        # sudo: callers check that the user may act for the member.
        known = self.sudo().search(
            [("registration_id", "=", registration.id), ("state", "=", "offered")]
        )
        # sudo: callers check that the user may act for the member.
        swap = known or self.sudo().create({"registration_id": registration.id})
        return swap.sudo(False)

    def _accept(self, member, against=None):
        """Take the seat, and give one's own if ``against`` is given.

        Each keeps the kind of what they owed (a make-up stays a make-up), whichever
        shift it is now on.

        :param against: a ``coop.shift.registration`` of the member
        :return: the member's new registration
        """
        self.ensure_one()
        # sudo: callers check that the user may act for the member.
        swap, member = self.sudo(), member.sudo()
        given = swap.registration_id
        against = against.sudo() if against else given.browse()
        (given.shift_id | against.shift_id)._lock_seats()
        (given | against).invalidate_recordset(["state"])
        swap.invalidate_recordset(["state"])
        policy = member._volunteer_policy()
        limit = given.start_at - timedelta(hours=policy.swap_hours)
        if swap.state != "offered" or given.state != "booked":
            raise UserError(self.env._("Somebody else has just taken this shift."))
        if given.member_id == member:
            raise UserError(self.env._("This shift is already yours."))
        if fields.Datetime.now() > limit:
            raise UserError(self.env._("It is too late to swap this shift."))
        if against and (against.member_id != member or against.state != "booked"):
            raise UserError(self.env._("Choose one of your own shifts to come."))
        kinds = given.kind, against.kind
        giver = given.member_id
        (given | against).with_context(coop_gift=GIFT).write({"state": "cancelled"})
        kind = kinds[1] if against else None
        taken = given.shift_id._book_swapped(member, given.role_id, kind)
        taken.moved_from_id = against or given
        if against:
            back = against.shift_id._book_swapped(giver, against.role_id, kinds[0])
            back.moved_from_id = given
        swap._coop_enter_state(
            {
                "state": "accepted",
                "taker_id": member.id,
                "taker_registration_id": against.id,
                "accepted_on": fields.Datetime.now(),
            }
        )
        (member | giver)._update_volunteer_status()
        return taken.sudo(False)

    def _withdraw(self):
        self.sudo().filtered(lambda s: s.state == "offered")._coop_enter_state(
            {"state": "cancelled"}
        )
        return True

    @api.model
    def _cron_expire(self):
        """Offers of shifts that have begun, or that their member no longer has."""
        self.search(
            [
                ("state", "=", "offered"),
                "|",
                ("start_at", "<=", fields.Datetime.now()),
                ("registration_id.state", "!=", "booked"),
            ]
        )._coop_enter_state({"state": "expired"})

    @api.model
    def _read_offered(self, member):
        """Seats that others offer, without saying who offers them.

        :return: list of ``{id, shift, start_at, end_at, place, role}``
        """
        policy = member._volunteer_policy()
        limit = fields.Datetime.add(fields.Datetime.now(), hours=policy.swap_hours)
        # sudo: members read their own swaps only; names are left out here.
        swaps = self.sudo().search(
            [
                ("company_id", "=", member.company_id.id),
                ("state", "=", "offered"),
                ("member_id", "!=", member.id),
                ("start_at", ">", limit),
                ("registration_id.state", "=", "booked"),
                ("shift_id.state", "=", "planned"),
            ],
            limit=40,
        )
        return [
            {
                "id": swap.id,
                "shift": swap.shift_id.name,
                "start_at": swap.start_at,
                "end_at": swap.shift_id.end_at,
                "place": swap.shift_id.collection_point_id.name or "",
                "role": swap.registration_id.role_id.name or "",
            }
            for swap in swaps
        ]
