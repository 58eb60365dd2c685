from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner import COORDINATOR


class CoopShift(models.Model):
    """Newcomers beside somebody experienced (see ``coop.shift.pair``)."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift"  # pylint: disable=consider-merging-classes-inherited

    newcomer_alone = fields.Boolean(
        string="Newcomer alone",
        compute="_compute_newcomer_alone",
        search="_search_newcomer_alone",
        groups=COORDINATOR,
        help="Somebody comes for a first shift and nobody experienced is expected.",
    )

    @api.depends("registration_ids.state")
    def _compute_newcomer_alone(self):
        alone = self.search([("id", "in", self.ids), ("newcomer_alone", "=", True)])
        for shift in self:
            shift.newcomer_alone = shift in alone

    def _search_newcomer_alone(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        self.env["coop.shift.registration"].flush_model(
            ["shift_id", "state", "member_id"]
        )
        needed = max(self.env.company._coop_volunteer_policy().beginner_shifts, 1)
        # Who comes, each with the shifts attended so far: nobody has enough.
        query = SQL(
            """(
                SELECT r.shift_id FROM coop_shift_registration r
                JOIN coop_shift s ON s.id = r.shift_id
                LEFT JOIN LATERAL (
                    SELECT count(*) AS done FROM coop_shift_registration past
                    WHERE past.member_id = r.member_id
                      AND past.state IN ('present', 'late')
                ) known ON TRUE
                WHERE r.state IN ('booked', 'present', 'late')
                  AND s.state = 'planned' AND s.end_at > %s
                GROUP BY r.shift_id HAVING max(known.done) < %s
            )""",
            fields.Datetime.now(),
            needed,
        )
        return [("id", operator, query)]

    def _filter_with_company(self, member):
        """Those of these shifts that a member may book by the rule of beginners."""
        policy = member._volunteer_policy()
        if not policy.beginner_needs_company:
            return self
        done = self.env["res.partner"]._read_volunteer_experience(member)
        if done[member.id] >= policy.beginner_shifts:
            return self
        return self._filter_accompanied()

    def _get_co_shifters(self, member):
        people = super()._get_co_shifters(member)
        if not people:
            return people
        tutors = self._read_tutors()
        for person in people:
            person["is_my_tutor"] = tutors.get((self.id, member.id)) == person["id"]
            person["is_my_newcomer"] = tutors.get((self.id, person["id"])) == member.id
        return people


class ResPartner(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    volunteer_is_tutor = fields.Boolean(
        string="Welcomes newcomers",
        copy=False,
        groups=COORDINATOR,
        help="Shows those round who come for a first time.",
    )
