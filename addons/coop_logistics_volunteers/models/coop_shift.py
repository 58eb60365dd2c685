# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.coop_volunteers.tools.constants import TAKING


class CoopShift(models.Model):
    """A shift of a distribution day, made by its call."""

    _inherit = "coop.shift"

    call_id = fields.Many2one(
        "coop.distribution.call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    distribution_id = fields.Many2one(
        "coop.distribution",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _read_unable(self, notices, members):
        """Who was asked for the whole day is not asked again for one of its roles."""
        unable = super()._read_unable(notices, members)
        # sudo: a call of the day, for who looks for people
        calls = self.sudo().call_id
        if calls:
            # sudo: who was told of it
            told = dict(
                self.env["coop.shift.notice"]
                .sudo()
                ._read_group(
                    [("kind", "=", "day"), ("call_id", "in", calls.ids)],
                    ["call_id"],
                    ["partner_id:recordset"],
                )
            )
            for shift in self.filtered("call_id"):
                # sudo: a call of the day, as above.
                call = shift.sudo().call_id
                people = call.answer_ids.member_id | told.get(call, members.browse())
                unable[shift].update(people.ids)
        return unable


class CoopShiftRegistration(models.Model):
    _inherit = "coop.shift.registration"

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        registrations._sync_drivers()
        return registrations

    def write(self, vals):
        res = super().write(vals)
        if {"state", "role_id"} & set(vals):
            self._sync_drivers()
        return res

    def _search_needs_tutor(self, operator, value):
        """A distribution day has its referent: nobody is moved away from it."""
        domain = super()._search_needs_tutor(operator, value)
        if domain is NotImplemented:
            return domain
        if operator == "in":
            return [*domain, ("shift_id.call_id", "=", False)]
        return ["|", *domain, ("shift_id.call_id", "!=", False)]

    def _sync_drivers(self):
        """However one comes or gives up (call, booking, swap, sheet)."""
        # sudo: drivers follow who comes, whoever writes it
        shifts = self.sudo().shift_id.filtered("call_id")
        lines = shifts.call_id.line_ids.filtered(
            lambda line: line.round_id and line.shift_id in shifts
        )
        lines._sync_driver()

    # ------------------------------------------------------------------
    # Check-list
    # ------------------------------------------------------------------

    def _get_steps(self):
        """Steps that this person ticks: those of their role on this day, as sudo."""
        self.ensure_one()
        # sudo: callers check whose registration it is.
        registration = self.sudo()
        steps = self.env["coop.distribution.step"].sudo()
        distribution = registration.shift_id.distribution_id
        if not distribution or registration.state not in TAKING:
            return steps
        lines = registration.shift_id.call_id.line_ids.filtered(
            lambda line: (
                line.shift_id == registration.shift_id
                and line.role_id == registration.role_id
            )
        )
        return distribution.step_ids.filtered(
            lambda s: s.step_id in lines.step_ids
        ).sorted(lambda s: (s.sequence, s.id))

    def _why_not_tick(self):
        """One sentence, or False: on the day, until the distribution is closed."""
        self.ensure_one()
        # sudo: the own registration of who ticks
        registration = self.sudo()
        shift = registration.shift_id
        today = shift.company_id._coop_get_today()
        if registration.state not in TAKING:
            return self.env._("Those who come tick this check-list.")
        if today < shift.date:
            return self.env._("This check-list is ticked on the day.")
        if shift.distribution_id.state == "closed":
            return self.env._("This distribution is closed.")
        return False
