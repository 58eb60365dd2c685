# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class CoopDistributionStep(models.Model):
    """Ticked by those who hold the role, from their phone."""

    # One file a subject.
    _inherit = "coop.distribution.step"  # pylint: disable=consider-merging-classes-inherited

    def _tick(self, registration):
        """Tick, or untick, for the person of this registration.

        :raise UserError: not theirs, not the day
        """
        self.ensure_one()
        why = registration._why_not_tick()
        if why:
            raise UserError(why)
        if self not in registration._get_steps():
            raise UserError(self.env._("This step is somebody else's."))
        # sudo: checked just before; steps are written by these methods only.
        step = self.sudo()
        step.write(
            {"done_at": False, "done_by_id": False}
            if step.done_at
            else {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
        )
        return True

    def _compute_volunteer_names(self):
        """Those of the call's role, where the call says who does this step."""
        res = super()._compute_volunteer_names()
        lines = self.distribution_id.call_ids.sudo().line_ids
        for step in self.filtered(lambda s: not s.role_id):
            own = lines.filtered(
                lambda line, s=step: (
                    line.call_id.distribution_id == s.distribution_id
                    and s.step_id in line.step_ids
                )
            )
            names = [line.member_names for line in own if line.member_names]
            if names:
                step.volunteer_names = ", ".join(names)
        return res
