from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.tutors import Person, pair
from .coop_shift import TAKING


class CoopShiftPair(models.Model):
    """A newcomer beside somebody experienced, on one shift."""

    _name = "coop.shift.pair"
    _description = "Newcomer and Tutor"
    _order = "shift_id, id"
    _rec_name = "newcomer_id"

    shift_id = fields.Many2one(
        "coop.shift", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shift_id.company_id", store=True, index=True)
    start_at = fields.Datetime(related="shift_id.start_at", store=True, index=True)
    newcomer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    tutor_id = fields.Many2one(
        "res.partner",
        string="Shown round by",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('shift_registration_ids.shift_id', '=', shift_id),"
        " ('id', '!=', newcomer_id)]",
    )
    is_told = fields.Boolean(string="Tutor Told", readonly=True)

    _once = models.UniqueIndex(
        "(shift_id, newcomer_id)", "This newcomer already has a tutor on this shift."
    )

    @api.constrains("tutor_id", "newcomer_id", "shift_id")
    def _check_tutor(self):
        for row in self.sudo():
            taking = row.shift_id.registration_ids.filtered(lambda r: r.state in TAKING)
            if row.tutor_id == row.newcomer_id or row.tutor_id not in taking.member_id:
                raise ValidationError(
                    self.env._(
                        "%(tutor)s is not expected on this shift: choose one of the"
                        " others who come.",
                        tutor=row.tutor_id.name,
                    )
                )

    def write(self, vals):
        if "tutor_id" in vals:
            vals = {**vals, "is_told": False}
        res = super().write(vals)
        if "tutor_id" in vals:
            self._wake_up()
        return res

    def _wake_up(self):
        # sudo: only wakes up a cron that tells what there is to tell.
        self.env.ref("coop_volunteers.coop_shift_notice_cron").sudo()._trigger()


class CoopShift(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift"  # pylint: disable=consider-merging-classes-inherited

    pair_ids = fields.One2many("coop.shift.pair", "shift_id", string="Newcomers")

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
        found = {
            shift_id
            for shift_id, _member, done, _willing in self.sudo()._read_people()
            if done >= needed[self.browse(shift_id).company_id]
        }
        return self.filtered(lambda shift: shift.id in found)

    def _make_fixed_registrations(self):
        count = super()._make_fixed_registrations()
        if count:
            planned = self.filtered(lambda s: s.state == "planned" and s.template_id)
            planned._sync_pairs()
            planned._place_newcomers()
        return count


class CoopShiftRegistration(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift.registration"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        registrations.filtered(lambda r: r.state in TAKING).shift_id._sync_pairs()
        return registrations

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        taking = vals["state"] in TAKING
        moved = self.filtered(lambda r: (r.state in TAKING) != taking)
        res = super().write(vals)
        # A badge changes nothing; a shift that is over has no newcomer any more.
        moved.shift_id._sync_pairs()
        return res


class ResCompany(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    def _coop_tell_volunteers_tutor(self):
        """Each tutor, once a newcomer and shift: somebody comes beside them."""
        self.ensure_one()
        pairs = self.env["coop.shift.pair"].search(
            [
                ("company_id", "=", self.id),
                ("is_told", "=", False),
                ("start_at", ">", fields.Datetime.now()),
            ]
        )
        for row in pairs:
            self.env["coop.shift.notice"]._tell(
                "tutor",
                row.tutor_id,
                row,
                f"{row.shift_id.id}:{row.newcomer_id.id}",
                shift=row.shift_id,
            )
            row.is_told = True
            yield 1
