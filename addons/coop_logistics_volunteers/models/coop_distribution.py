# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

# Setting up before the doors open, putting away once they are closed.
BEFORE = timedelta(hours=3)
AFTER = timedelta(hours=2)
CAME = ("present", "late")


class CoopDistribution(models.Model):
    """Its shifts: those of its call, and those held at its point, around its hours."""

    _inherit = "coop.distribution"

    call_ids = fields.One2many(
        "coop.distribution.call", "distribution_id", string="Calls"
    )
    call_text = fields.Char(string="Call", compute="_compute_call_text")
    volunteer_text = fields.Char(string="Volunteers", compute="_compute_volunteer_text")

    def _compute_volunteer_text(self):
        people = self._get_volunteers()
        for distribution in self:
            registrations = people.get(distribution.id)
            if not registrations:
                distribution.volunteer_text = False
                continue
            came = registrations.filtered(lambda r: r.state in CAME)
            distribution.volunteer_text = f"{len(came)} / {len(registrations)}"

    @api.depends("call_ids.state", "call_ids.line_ids.taken_count")
    def _compute_call_text(self):
        for distribution in self:
            call = distribution.call_ids.filtered(lambda c: c.state != "cancelled")[:1]
            distribution.call_text = (
                f"{call.coming_count} / {call.needed_count}" if call else False
            )

    def action_call(self):
        """The call for this day: the one there is, or a new one to prepare."""
        self.ensure_one()
        self._check_can_run()
        call = self.call_ids.filtered(lambda c: c.state != "cancelled")[:1]
        call = call or call.create({"distribution_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "coop.distribution.call",
            "res_id": call.id,
            "view_mode": "form",
        }

    def _get_shifts(self):
        """``{distribution: shifts}`` at its point, from setting up to tidying.

        In one query for all of them.
        """
        # sudo: who helps at a distribution, for who runs it
        result = dict.fromkeys(self, self.env["coop.shift"].sudo())
        # In a form, its hours may not be known yet.
        known = self.filtered(lambda d: d.date_start and d.date_end)
        if not known:
            return result
        # sudo: which shifts these are; names and states are for the callers.
        shifts = (
            self.env["coop.shift"]
            .sudo()
            .search(
                [
                    ("state", "!=", "cancelled"),
                    "|",
                    ("distribution_id", "in", known.ids),
                    "&",
                    "&",
                    ("collection_point_id", "in", known.collection_point_id.ids),
                    ("start_at", "<", max(known.mapped("date_end")) + AFTER),
                    ("end_at", ">", min(known.mapped("date_start")) - BEFORE),
                ]
            )
        )
        for distribution in known:
            result[distribution] = shifts.filtered(
                lambda s, d=distribution: (
                    s.distribution_id == d._origin
                    if s.distribution_id
                    else s.collection_point_id == d.collection_point_id._origin
                    and s.start_at < d.date_end + AFTER
                    and s.end_at > d.date_start - BEFORE
                )
            )
        return result

    def _get_volunteers(self):
        """``{distribution id: registrations}``, each person once."""
        shifts = self._get_shifts()
        # sudo: see _get_shifts
        every = self.env["coop.shift"].sudo().concat(*shifts.values())
        # sudo: see _get_shifts.
        registrations = (
            self.env["coop.shift.registration"]
            .sudo()
            .search(
                [
                    ("shift_id", "in", every.ids),
                    ("state", "in", ("booked", *CAME, "absent", "excused")),
                ]
            )
        )
        by_shift = defaultdict(registrations.browse)
        by_shift.update(registrations.grouped("shift_id"))
        result = {}
        for distribution, own in shifts.items():
            rows = registrations.browse().concat(*(by_shift[shift] for shift in own))
            known = {}
            # Somebody with two shifts in a row is one person, there if there once.
            for row in rows.sorted(lambda r: r.state not in CAME):
                known.setdefault(row.member_id, row)
            result[distribution.id] = registrations.browse(
                [row.id for row in known.values()]
            )
        return result

    def _count_volunteers(self):
        counts = super()._count_volunteers()
        for id_, registrations in self._get_volunteers().items():
            counts[id_] = counts.get(id_, 0) + len(
                registrations.filtered(lambda r: r.state in CAME)
            )
        return counts

    def action_view_shifts(self):
        """The shifts of this distribution."""
        self.ensure_one()
        self._check_can_run()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_volunteers.coop_shift_action"
        )
        action["domain"] = [("id", "in", self._get_shifts()[self].ids)]
        action["context"] = {
            "default_collection_point_id": self.collection_point_id.id,
            "default_start_at": self.date_start,
            "default_end_at": self.date_end,
        }
        return action
