# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "res.company",
        "coop.volunteer.telling",
    ]

    coop_volunteer_policy_id = fields.Many2one(
        "coop.volunteer.policy",
        string="Volunteering Rules",
        ondelete="restrict",
        help="The rules of members who have none of their own.",
    )

    def _coop_volunteer_policy(self):
        """The rules of this cooperative; shipped ones until it has chosen."""
        self.ensure_one()
        # sudo: rules are public to members, settings of the company are not.
        policy = self.sudo().coop_volunteer_policy_id
        if not policy:
            # Not env.ref: it asks each time whether the record exists.
            policy = policy.browse(
                self.env["ir.model.data"]._xmlid_to_res_id(
                    "coop_volunteers.coop_volunteer_policy_la_cagette",
                    raise_if_not_found=True,
                )
            )
        return policy
