# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopPreparationStep(models.Model):
    _inherit = "coop.preparation.step"

    role_id = fields.Many2one(
        "coop.shift.role",
        string="Role of the Shifts",
        ondelete="set null",
        index="btree_not_null",
        help="Those who hold this role at the distribution are named on its"
        " check-list.",
    )


class CoopDistributionStepPreparationStep(models.AbstractModel):
    _name = "coop.distribution.step.preparation.step"
    _description = "Step of a Distribution: Check-list"

    @api.depends("step_id.role_id", "distribution_id")
    def _compute_volunteer_names(self):
        res = super()._compute_volunteer_names()
        with_role = self.filtered("role_id")
        people = with_role.distribution_id._get_volunteers()
        for step in with_role:
            # sudo: names of who helps, for whoever holds this distribution.
            registrations = people[step.distribution_id.id].sudo()
            step.volunteer_names = ", ".join(
                registrations.filtered(
                    lambda r, s=step: (
                        r.role_id == s.role_id and r.state not in ("absent", "excused")
                    )
                ).mapped("member_id.name")
            )
        # Those of the call's role, where the call says who does this step.
        # sudo: names, as above.
        lines = self.distribution_id.call_ids.sudo().line_ids
        for step in self - with_role:
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
