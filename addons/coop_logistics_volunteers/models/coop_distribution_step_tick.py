# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class CoopDistributionStep(models.Model):
    """Ticked by those who hold the role, from their phone."""

    # One file a subject.
    _name = "coop.distribution.step"
    _inherit = [
        "coop.distribution.step.preparation.step",
        "coop.distribution.step",
    ]
    role_id = fields.Many2one(related="step_id.role_id")

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
