# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import cycle
from ..tools.charge import Charge
from ..tools.status import Policy

# A Monday that has been week A in French supermarket cooperatives since they exist.
DEFAULT_ANCHOR = date(2015, 12, 28)


class CoopVolunteerPolicy(models.Model):
    """Every number of the rules of volunteering: none is written in the code."""

    _name = "coop.volunteer.policy"
    _description = "Volunteering Rules"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: may be used by all cooperatives of this database.",
    )
    description = fields.Text(
        translate=True, help="The rules in plain words, as members read them."
    )

    # Counting
    unit = fields.Selection(
        [("shift", "Shifts"), ("hour", "Hours")],
        string="Counted in",
        required=True,
        default="shift",
        help="Hours: the points below are multiplied by the length of the shift.",
    )
    two_counters = fields.Boolean(
        string="Make-ups counted apart",
        help="An absence may cost points on a second counter, which make-ups pay back"
        " first.",
    )
    points_present_fixed = fields.Float(string="Fixed shift attended", default=0.0)
    points_present_flying = fields.Float(string="Flying shift attended", default=1.0)
    points_present_make_up = fields.Float(string="Make-up attended", default=1.0)
    points_present_extra = fields.Float(string="Extra shift attended", default=1.0)
    points_late = fields.Float(
        string="Late arrival", help="Added to the points of the shift attended."
    )
    points_absent_fixed = fields.Float(string="Absent, fixed shift", default=-1.0)
    points_absent_flying = fields.Float(string="Absent, flying shift")
    points_absent_make_up = fields.Float(string="Absent, make-up")
    points_absent_extra = fields.Float(string="Absent, extra shift")
    points_absent_second = fields.Float(
        string="Absent, on the make-up counter",
        help="For a fixed shift, on top, when make-ups are counted apart.",
    )
    points_excused_fixed = fields.Float(string="Excused, fixed shift", default=-1.0)
    points_excused_flying = fields.Float(string="Excused, other shifts")
    points_closure = fields.Float(
        string="Shift closed for a holiday",
        help="For fixed members, when the closure says that the shift is owed.",
    )

    # Cycle
    cycle_kind = fields.Selection(
        [
            ("none", "No cycle"),
            ("anchor", "The same weeks for all"),
            ("member", "Each member's own, from the first shift"),
            ("year", "A season of a year"),
        ],
        required=True,
        default="anchor",
    )
    cycle_anchor = fields.Date(
        required=True,
        default=DEFAULT_ANCHOR,
        help="A Monday that starts a week with the first letter, or the first day of a"
        " season.",
    )
    cycle_weeks = fields.Integer(string="Weeks in a cycle", required=True, default=4)
    cycle_letters = fields.Char(string="Letters", required=True, default="ABCD")
    cycle_points_fixed = fields.Float(string="A cycle costs fixed members")
    cycle_points_flying = fields.Float(
        string="A cycle costs flying members", default=-1.0
    )
    cycle_points_unpaid = fields.Float(
        string="... who have no point left",
        default=-1.0,
        help="What the cycle costs when the balance would go below zero.",
    )
    cycle_due = fields.Selection(
        [("start", "First day"), ("end", "Last day")],
        string="Counted on the",
        required=True,
        default="start",
        help="Last day: members have the whole cycle to give their hours.",
    )
    cycle_prorated = fields.Boolean(
        string="Prorated for newcomers",
        help="Who joins during a cycle owes the share of the days that remain.",
    )

    # Status
    alert_days = fields.Integer(
        string="Days of alert",
        default=28,
        help="Days to make a debt good before suspension. 0: suspended at once.",
    )
    extension_days = fields.Integer(string="Days of an extension", default=28)
    extension_max = fields.Integer(
        string="Extensions in twelve months", default=1, help="0: none."
    )
    grace_days = fields.Integer(string="Days of grace", default=0)
    use_unsubscribe = fields.Boolean(string="Unsubscribed by points", default=False)
    unsubscribe_at = fields.Float(string="Unsubscribed at", default=-4.0)
    unsubscribe_absences = fields.Integer(
        string="Absences in a row before unsubscription", help="0: no such rule."
    )
    booking_counts = fields.Boolean(
        string="Booking a make-up is enough",
        help="Whoever has booked what is owed may shop until the extension is over.",
    )

    # Booking
    booking_days = fields.Integer(string="Booked days ahead", default=56)
    cancel_hours = fields.Integer(string="Cancelled hours before", default=24)
    move_hours = fields.Integer(string="Moved hours before", default=24)
    swap_hours = fields.Integer(string="Swapped hours before", default=24)
    offer_hours = fields.Integer(
        string="Hours to answer the offer of a seat", default=12
    )
    beginner_needs_company = fields.Boolean(
        string="Beginners are never alone",
        help="A first shift is booked where an experienced member is expected.",
    )
    beginner_shifts = fields.Integer(
        string="Shifts before one is experienced", default=1
    )
    generation_days = fields.Integer(string="Shifts made days ahead", default=91)

    # Badge and closing
    badge_before = fields.Integer(string="Badge minutes before", default=15)
    badge_after = fields.Integer(string="On time until minutes after", default=15)
    badge_late = fields.Integer(string="Late until minutes after", default=60)
    badge_adds = fields.Boolean(
        string="Unexpected volunteers take a free seat",
        default=True,
        help="Somebody who badges without a booking is added while seats are free.",
    )
    close_hours = fields.Integer(
        string="Sheet closed hours after",
        default=12,
        help="Whoever is still expected then counts as absent.",
    )
    reminder_hours = fields.Integer(
        string="Reminded hours before",
        default=48,
        help="Of the shifts to come. 0: no reminder.",
    )
    tell_status = fields.Boolean(
        string="Told of alerts",
        default=True,
        help="A message when an alert or a suspension starts or ends.",
    )
    tell_cycle = fields.Boolean(
        string="Summary of each cycle",
        default=True,
        help="Where the member stands and the shifts to come, when a cycle starts.",
    )
    call_hours = fields.Integer(
        string="Called hours before",
        default=72,
        help="Where people are missing, those who could come are asked. 0: never.",
    )
    call_members = fields.Integer(
        string="Members called a day",
        default=30,
        help="For one shift; those who owe a shift first.",
    )
    call_shifts = fields.Integer(
        string="Shifts in one call",
        default=3,
        help="A member gets one call a day, of this many shifts at most.",
    )
    attached_shop = fields.Boolean(
        string="Attached people shop as their member does",
        default=True,
        help="Otherwise each has a standing of their own.",
    )
    attached_works = fields.Boolean(
        string="Attached people may come instead",
        default=True,
        help="Their presence counts for the member they are attached to; if both come,"
        " the second one is an extra shift.",
    )
    tutor_place = fields.Boolean(
        string="Newcomers are placed",
        help="When shifts are made ahead, the first ones of a newcomer's fixed shift"
        " where nobody experienced is expected are moved to the nearest where"
        " somebody is, and the newcomer is told. Otherwise the coordinators have the"
        " list.",
    )
    message_max = fields.Integer(
        string="Messages a day",
        default=5,
        help="That a member may send to the people of their shifts. 0: none.",
    )

    _cycle_weeks = models.Constraint(
        "CHECK (cycle_weeks BETWEEN 1 AND 53)", "A cycle has between 1 and 53 weeks."
    )
    _days = models.Constraint(
        "CHECK (alert_days >= 0 AND extension_days >= 0 AND grace_days >= 0"
        " AND extension_max >= 0 AND unsubscribe_absences >= 0 AND booking_days >= 0"
        " AND cancel_hours >= 0 AND move_hours >= 0 AND swap_hours >= 0"
        " AND offer_hours > 0 AND generation_days BETWEEN 0 AND 730"
        " AND badge_before >= 0 AND badge_after >= 0 AND close_hours >= 0"
        " AND beginner_shifts >= 0)",
        "Days, hours and minutes of the rules are not negative; shifts are made at"
        " most two years ahead.",
    )
    _badge = models.Constraint(
        "CHECK (badge_late >= badge_after)",
        "Late arrivals end after the time until which one is on time.",
    )

    _notices = models.Constraint(
        "CHECK (reminder_hours >= 0 AND call_hours >= 0 AND call_members >= 0"
        " AND call_shifts >= 0)",
        "Hours before a message and numbers of members are not negative.",
    )
    _message_max = models.Constraint(
        "CHECK (message_max >= 0)", "A number of messages is not negative."
    )

    @api.constrains("cycle_letters")
    def _check_cycle_letters(self):
        for policy in self:
            letters = policy.cycle_letters.strip()
            if not letters.isalpha() or len(set(letters)) != len(letters):
                raise ValidationError(
                    self.env._(
                        "Letters of the weeks are different letters, such as ABCD."
                    )
                )

    # ------------------------------------------------------------------
    # What the pure functions read
    # ------------------------------------------------------------------

    def _as_policy(self):
        """The numbers on which a status depends, for ``tools.status``."""
        self.ensure_one()
        return Policy(
            alert_days=self.alert_days,
            extension_days=self.extension_days,
            grace_days=self.grace_days,
            unsubscribe_at=self.unsubscribe_at if self.use_unsubscribe else None,
            unsubscribe_absences=self.unsubscribe_absences,
            booking_counts=self.booking_counts,
        )

    def _week_letter(self, day):
        self.ensure_one()
        return cycle.week_letter(day, self.cycle_anchor, self.cycle_letters)

    def _cycle_of(self, day, first_shift=None):
        """The cycle of a day; None if these rules have none (yet, for this member).

        :param first_shift: the member's first day, where cycles are each member's own
        """
        self.ensure_one()
        if self.cycle_kind == "anchor":
            return cycle.anchored_cycle(day, self.cycle_anchor, self.cycle_weeks)
        if self.cycle_kind == "year":
            return cycle.year_cycle(day, self.cycle_anchor)
        if self.cycle_kind == "member" and first_shift:
            return cycle.member_cycle(day, first_shift, self.cycle_weeks * 7)
        return None

    def _as_charge(self, volunteer_kind):
        """What cycles cost a ``fixed`` or a ``flying`` member, for ``tools.charge``."""
        self.ensure_one()
        fixed = volunteer_kind == "fixed"
        points = self.cycle_points_fixed if fixed else self.cycle_points_flying
        return Charge(
            points=points,
            unpaid=points if fixed else self.cycle_points_unpaid,
            due=self.cycle_due,
            share=self.cycle_prorated,
            step="1" if self.unit == "shift" else "0.25",
        )

    def _points(self, state, kind, hours):
        """``{counter: points}`` of a registration in a final state.

        :param kind: ``fixed|flying|make_up|extra``
        :param hours: length of the shift
        """
        self.ensure_one()
        factor = hours if self.unit == "hour" else 1.0
        second = 0.0
        if state in ("present", "late"):
            points = self[f"points_present_{kind}"]
            if state == "late":
                points += self.points_late
        elif state == "absent":
            points = self[f"points_absent_{kind}"]
            if kind == "fixed" and self.two_counters:
                second = self.points_absent_second
        elif state == "excused":
            name = "fixed" if kind == "fixed" else "flying"
            points = self[f"points_excused_{name}"]
        else:
            return {}
        return {"shift": points * factor, "make_up": second * factor}
