# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.constants import COORDINATOR, TAKING
from ..tools.tutors import Person, pair


class CoopShiftPairing(models.AbstractModel):
    """Newcomers beside somebody experienced (see ``coop.shift.pair``)."""

    _name = "coop.shift.pairing"
    _description = "Shift: Newcomers and Tutors"

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

    def _read_people(self):
        """``[(shift id, member id, shifts attended, agreed to welcome)]`` who come.

        Of the shifts that are not over, in one query.
        """
        if not self:
            return []
        self.env["coop.shift.registration"].flush_model(
            ["shift_id", "state", "member_id"]
        )
        self.env["res.partner"].flush_model(["volunteer_is_tutor"])
        return self.env.execute_query(
            SQL(
                """
                WITH people AS (
                    SELECT r.id, r.shift_id, r.member_id
                    FROM coop_shift_registration r
                    JOIN coop_shift s ON s.id = r.shift_id
                    WHERE r.shift_id IN %s AND r.state IN %s
                      AND s.state = 'planned' AND s.end_at > %s
                ), known AS (
                    SELECT past.member_id, count(*) AS done
                    FROM coop_shift_registration past
                    WHERE past.state IN ('present', 'late')
                      AND past.member_id IN (SELECT member_id FROM people)
                    GROUP BY past.member_id
                )
                SELECT people.shift_id, people.member_id, COALESCE(known.done, 0),
                       COALESCE(p.volunteer_is_tutor, FALSE)
                FROM people JOIN res_partner p ON p.id = people.member_id
                LEFT JOIN known ON known.member_id = people.member_id
                ORDER BY people.id
                """,
                tuple(self.ids),
                TAKING,
                fields.Datetime.now(),
            )
        )

    def _sync_pairs(self):
        """Each newcomer of these shifts beside somebody experienced, where there is.

        Pairs that were told stay as long as both come. A newcomer has a tutor on the
        first shifts to come only: as many as are needed to be experienced.

        :return: the pairs made
        """
        # sudo: who comes and how often they did, for the rules.
        Pair = self.env["coop.shift.pair"].sudo()
        shifts = self.sudo()
        rows = shifts._read_people()
        policies = {
            company: max(company._coop_volunteer_policy().beginner_shifts, 1)
            for company in shifts.company_id
        }
        needed = {shift.id: policies[shift.company_id] for shift in shifts}
        people = {}
        for shift_id, member_id, done, willing in rows:
            people.setdefault(shift_id, {})[member_id] = Person(
                member_id, done, willing
            )
        pairs = Pair.search([("shift_id", "in", list(people) or [0])])
        gone = pairs.filtered(
            lambda p: (
                p.newcomer_id.id not in people[p.shift_id.id]
                or p.tutor_id.id not in people[p.shift_id.id]
            )
        )
        known = {(p.shift_id.id, p.newcomer_id.id) for p in pairs - gone}
        mixed = {
            shift_id: group
            for shift_id, group in people.items()
            if any(p.done >= needed[shift_id] for p in group.values())
            and any(p.done < needed[shift_id] for p in group.values())
        }
        first = self._read_first_shifts(mixed, needed)
        vals_list = []
        busy = {}
        for row in pairs - gone:
            load = busy.setdefault(row.shift_id.id, {})
            load[row.tutor_id.id] = load.get(row.tutor_id.id, 0) + 1
        for shift_id, group in mixed.items():
            someone = [
                person
                for person in group.values()
                if person.done >= needed[shift_id]
                or (
                    (shift_id, person.key) in first
                    and (shift_id, person.key) not in known
                )
            ]
            found = pair(someone, needed[shift_id], busy.get(shift_id))
            vals_list += [
                {"shift_id": shift_id, "newcomer_id": newcomer, "tutor_id": tutor}
                for newcomer, tutor in found.items()
            ]
        gone.unlink()
        made = Pair.create(vals_list)
        if made:
            made._wake_up()
        return made

    def _read_first_shifts(self, mixed, needed):
        """``{(shift id, newcomer id)}``: the first shifts to come of newcomers."""
        newcomers = {
            person.key: needed[shift_id] - person.done
            for shift_id, group in mixed.items()
            for person in group.values()
            if person.done < needed[shift_id]
        }
        if not newcomers:
            return set()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT shift_id, member_id, rank FROM (
                    SELECT r.shift_id, r.member_id, row_number() OVER (
                        PARTITION BY r.member_id ORDER BY r.start_at, r.id) AS rank
                    FROM coop_shift_registration r
                    JOIN coop_shift s ON s.id = r.shift_id AND s.state = 'planned'
                    WHERE r.member_id IN %s AND r.state IN %s AND r.end_at > %s
                ) ranked WHERE shift_id IN %s
                """,
                tuple(newcomers),
                TAKING,
                fields.Datetime.now(),
                tuple(mixed),
            )
        )
        return {
            (shift_id, member_id)
            for shift_id, member_id, rank in rows
            if rank <= newcomers[member_id]
        }

    def _read_tutors(self):
        """``{(shift id, newcomer id): tutor id}`` of these shifts, in one query."""
        # sudo: who comes, for the people of the shift and for the coordinators.
        pairs = self.env["coop.shift.pair"].sudo()
        return {
            (row.shift_id.id, row.newcomer_id.id): row.tutor_id.id
            for row in pairs.search([("shift_id", "in", self.ids)])
        }

    def _filter_accompanied(self):
        """Those of these shifts where somebody experienced is expected."""
        needed = {
            company: max(company._coop_volunteer_policy().beginner_shifts, 1)
            for company in self.company_id
        }
        # sudo: counts for the rules, nobody's name.
        found = {
            shift_id
            for shift_id, _member, done, _willing in self.sudo()._read_people()
            if done >= needed[self.browse(shift_id).company_id]
        }
        return self.filtered(lambda shift: shift.id in found)

    def _place_newcomers(self):
        """Where the rules say so, newcomers who would be alone here go elsewhere."""
        companies = self.company_id.filtered(
            lambda company: company._coop_volunteer_policy().tutor_place
        )
        shifts = self.filtered(lambda s: s.company_id in companies)
        if not shifts:
            return
        # sudo: the job of the cooperative, whoever wakes it.
        alone = (
            self.env["coop.shift.registration"]
            .sudo()
            .search(
                [
                    ("shift_id", "in", shifts.ids),
                    ("came_from", "=", "template"),
                    ("needs_tutor", "=", True),
                ]
            )
        )
        for registration in alone:
            registration._place()
