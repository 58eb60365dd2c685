# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.constants import COORDINATOR

RESERVED_FOR = [
    ("newcomers", "Newcomers"),
    ("exempted", "Exempted members"),
    ("skill", "Those who know a task"),
    ("group", "A local group"),
    ("referents", "Referents"),
    ("members", "Named members"),
]


class CoopShiftReserveMixin(models.AbstractModel):
    """Some seats of a line are kept for some members until days before the shift."""

    _name = "coop.shift.reserve.mixin"
    _description = "Seats Kept for Some"

    reserved_count = fields.Integer(
        string="Kept",
        help="That many of these seats are kept for those named beside, until the day"
        " named beside; then they are anybody's.",
    )
    reserved_for = fields.Selection(RESERVED_FOR, string="Kept for")
    reserved_days = fields.Integer(
        string="Until days before",
        default=3,
        help="Last day on which the seats are kept, counted from the day of the shift."
        " 0: until it starts.",
    )
    reserved_role_id = fields.Many2one(
        "coop.shift.role", string="Task they know", ondelete="restrict"
    )
    reserved_group_id = fields.Many2one(
        "coop.group", string="Their Group", ondelete="restrict"
    )
    reserved_member_ids = fields.Many2many(
        "res.partner",
        string="Their Names",
        domain="[('coop_is_active', '=', True)]",
        groups=COORDINATOR,
    )

    @api.constrains(
        "reserved_count",
        "reserved_for",
        "reserved_days",
        "reserved_role_id",
        "reserved_group_id",
        "reserved_member_ids",
        "seats_max",
    )
    def _check_reserved(self):
        # sudo: names that only coordinators read.
        for seat in self.sudo():
            if not 0 <= seat.reserved_count <= seat.seats_max or seat.reserved_days < 0:
                raise ValidationError(
                    self.env._(
                        "Keep between 0 and %(seats)s seats, until 0 days before or"
                        " more.",
                        seats=seat.seats_max,
                    )
                )
            named = {
                False: False,
                "skill": seat.reserved_role_id,
                "group": seat.reserved_group_id,
                "members": seat.reserved_member_ids,
            }
            if seat.reserved_count and not named.get(seat.reserved_for, True):
                raise ValidationError(
                    self.env._(
                        "Say for whom seats are kept: newcomers, referents, a task, a"
                        " group or names."
                    )
                )

    def _prepare_reserve(self):
        """The same seats kept, for a seat of a shift."""
        self.ensure_one()
        # sudo: names that only coordinators read.
        seat = self.sudo()
        if not seat.reserved_count:
            return {"reserved_count": 0}
        return {
            "reserved_count": seat.reserved_count,
            "reserved_for": seat.reserved_for,
            "reserved_days": seat.reserved_days,
            "reserved_role_id": seat.reserved_role_id.id,
            "reserved_group_id": seat.reserved_group_id.id,
            "reserved_member_ids": [fields.Command.set(seat.reserved_member_ids.ids)],
        }

    def _describe_reserved_for(self):
        """``for newcomers``: no name of anybody."""
        self.ensure_one()
        # sudo: the name of a task and of a group.
        seat = self.sudo()
        return {
            "newcomers": self.env._("for newcomers"),
            "exempted": self.env._("for exempted members"),
            "skill": self.env._(
                "for those who know: %(role)s", role=seat.reserved_role_id.name
            ),
            "group": self.env._(
                "for the group %(group)s", group=seat.reserved_group_id.name
            ),
            "referents": self.env._("for referents"),
            "members": self.env._("for some members"),
        }[seat.reserved_for]

    def _get_reserve_owner(self):
        """``(shift or recurring shift, day)`` of this line."""
        raise NotImplementedError

    def _get_reserve_key(self):
        """Lines with the same key are kept for the same members."""
        self.ensure_one()
        # sudo: for whom seats are kept, as a key that is not shown.
        seat = self.sudo()
        owner, day = seat._get_reserve_owner()
        kind = seat.reserved_for
        return kind, {
            "exempted": day,
            "skill": seat.reserved_role_id,
            "group": seat.reserved_group_id,
            "referents": owner.referent_id,
            "members": seat.reserved_member_ids,
        }.get(kind)

    def _filter_reserved_for(self, members):
        """Those of these members for whom seats of this line are kept."""
        self.ensure_one()
        # sudo: facts about members are answered, not shown.
        seat, members = self.sudo(), members.sudo()
        kind = seat.reserved_for
        if kind == "newcomers":
            done = self.env["res.partner"]._read_volunteer_experience(members)
            return members.filtered(
                lambda m: done[m.id] < max(m._volunteer_policy().beginner_shifts, 1)
            )
        if kind == "exempted":
            return members & seat._get_exempted()
        if kind == "skill":
            return members.filtered(lambda m: seat.reserved_role_id in m.shift_role_ids)
        if kind == "group":
            return members.filtered(lambda m: m.coop_group_id == seat.reserved_group_id)
        if kind == "referents":
            return members & seat._get_referents()
        return members & seat.reserved_member_ids

    def _get_exempted(self):
        """Who is exempted on the day of the shift."""
        owner, day = self._get_reserve_owner()
        return (
            self.env["coop.member.leave"]
            .search(
                [
                    ("state", "=", "granted"),
                    ("type_id.status", "=", "exempted"),
                    ("company_id", "=", owner.company_id.id),
                    ("date_from", "<=", day),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", day),
                ]
            )
            .member_id
        )

    def _get_referents(self):
        """Referents of a group, of a place, or of this shift."""
        owner, _day = self._get_reserve_owner()
        company = [("company_id", "=", owner.company_id.id)]
        return (
            self.env["coop.group"].search(company).referent_ids
            | self.env["coop.collection.point"].search(company).referent_ids
            | owner.referent_id
        )
