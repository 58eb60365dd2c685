# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CoopShiftClosing(models.AbstractModel):
    """Closing the sheet, cancelling a shift, closed days."""

    _name = "coop.shift.closing"
    _description = "Shift: Closing"

    def _check_sheet_access(self):
        user = self.env.user
        if self.env.su or user.has_group(
            "coop_base.coop_base_group_volunteer_coordinator"
        ):
            self.check_access("read")
        # sudo: only whose sheet it is, asked to refuse.
        elif not user.has_group("coop_base.coop_base_group_referent") or any(
            shift.referent_id != user.partner_id for shift in self.sudo()
        ):
            raise AccessError(
                self.env._("Only the shift's referent fills in its sheet.")
            )

    def action_close(self):
        """Close the sheet: who is still expected is absent, by the rules."""
        self._check_sheet_access()
        # sudo: checked just before; referents have no right to write otherwise.
        shifts = self.sudo().filtered(lambda s: s.state == "planned")
        early = shifts.filtered(lambda s: s.start_at > fields.Datetime.now())
        if early:
            raise UserError(
                self.env._(
                    "%(shift)s has not started yet.", shift=early[0].display_name
                )
            )
        shifts._close()
        return True

    def _close(self):
        self._coop_enter_state({"state": "done"})
        registrations = self.registration_ids
        registrations.filtered(lambda r: r.state == "waiting").write(
            {"state": "cancelled"}
        )
        registrations.filtered(lambda r: r.state == "booked").write({"state": "absent"})

    def action_reopen(self):
        """Correct a closed sheet; those marked absent are kept until corrected."""
        self._check_sheet_access()
        # sudo: checked just before; referents have no right to write otherwise.
        self.sudo().filtered(lambda s: s.state == "done")._coop_enter_state(
            {"state": "planned"}
        )
        return True

    def action_cancel(self):
        """This shift does not take place: nobody owes it."""
        self.check_access("write")
        planned = self.filtered(lambda s: s.state == "planned")
        planned._coop_enter_state({"state": "cancelled"})
        return True

    def action_plan(self):
        """Undo a cancellation: fixed members have their seats again."""
        self.check_access("write")
        self.filtered(lambda s: s.state == "cancelled")._reopen_closed()
        return True

    def _free_everybody(self):
        # sudo: nobody is left on a shift that does not take place.
        self.sudo().registration_ids.filtered(
            lambda r: r.state in ("booked", "waiting", "excused")
        ).write({"state": "cancelled"})

    @api.model
    def _cron_close(self, limit=500):
        """Sheets that nobody closed are closed by the rules, some hours after."""
        done = 0
        for company in self.env["res.company"].search([("active", "=", True)]):
            policy = company._coop_volunteer_policy()
            shifts = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "planned"),
                    (
                        "end_at",
                        "<=",
                        fields.Datetime.now() - timedelta(hours=policy.close_hours),
                    ),
                ],
                limit=limit,
            )
            for shift in shifts:
                shift._close()
                done += 1
                self.env["ir.cron"]._commit_progress(1)
        return done

    # ------------------------------------------------------------------
    # Closed days
    # ------------------------------------------------------------------

    def _apply_closures(self, closures=None):
        """Cancel those of these shifts that fall on closed days.

        Fixed members of the shift owe it if the closure says so, once a shift.
        """
        if closures is None:
            if not self:
                return
            closed, days = self.env["coop.closed.day"], self.mapped("date")
            closures = closed.union(
                *(closed._get_closures(company, days) for company in self.company_id)
            )
        for closure in closures:
            shifts = self.filtered(
                lambda s, c=closure: s.state == "planned" and c._covers_shift(s)
            )
            if closure.owed == "points":
                # Known by their lines, so that absences of that day are left out.
                shifts._make_fixed_registrations()
                fixed = shifts.registration_ids.filtered(
                    lambda r: r.kind == "fixed" and r.state == "booked"
                )
                self.env["coop.shift.ledger"]._post(closure._prepare_entries(fixed))
            shifts._coop_enter_state({"state": "cancelled", "closure_id": closure.id})
            shifts._free_everybody()

    def _reopen_closed(self):
        """These shifts take place after all: points undone, fixed seats given back."""
        # sudo: the registrations and points of everybody.
        shifts = self.sudo().filtered(lambda s: s.state == "cancelled")
        self.env["coop.shift.ledger"].sudo().search(
            [
                ("registration_id.shift_id", "in", shifts.ids),
                ("reason", "=", "closure"),
                ("reversed_id", "=", False),
                ("reversal_ids", "=", False),
            ]
        )._reverse()
        shifts._coop_enter_state({"state": "planned", "closure_id": False})
        shifts.registration_ids.filtered(
            lambda r: (
                r.state == "cancelled"
                and r.came_from == "template"
                and r._is_still_fixed()
            )
        ).write({"state": "booked"})
        shifts._make_fixed_registrations()
