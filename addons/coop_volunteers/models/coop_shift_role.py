# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..tools.constants import DRIVES


class CoopShiftRole(models.Model):
    """What one does during a shift: till, reception, cheese… and who knows how."""

    _name = "coop.shift.role"
    _description = "Shift Role"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade"
    )
    needs_skill = fields.Boolean(
        string="Only for those who know how",
        help="Only members who have this skill may book such a seat.",
    )
    description = fields.Text(
        string="What to do", translate=True, help="Shown to those who have the shift."
    )
    procedure_url = fields.Char(string="Link to the procedure")
    member_ids = fields.Many2many(
        "res.partner",
        "coop_shift_role_member_rel",
        "role_id",
        "member_id",
        string="Members who know how",
        domain="[('coop_is_active', '=', True)]",
        groups="coop_base.coop_base_group_volunteer_coordinator",
    )
    needs_driving = fields.Selection(
        DRIVES,
        string="Needs",
        help="Members say on their own page whether they drive, and bring a vehicle.",
    )

    def _is_for(self, member):
        """Whether a member knows this role and has what it needs."""
        # sudo: facts about the member are answered, not shown.
        member = member.sudo()
        return all(
            (not role.needs_skill or role in member.shift_role_ids)
            and role._drives_enough(member)
            for role in self.sudo()
        )

    def _drives_enough(self, member):
        self.ensure_one()
        if not self.needs_driving:
            return True
        return member.coop_drives in (self.needs_driving, "vehicle")

    def _why_not(self, member):
        """One sentence, or False."""
        self.ensure_one()
        # sudo: facts about the member are answered in a sentence, not shown.
        role, member = self.sudo(), member.sudo()
        if role.needs_skill and role not in member.shift_role_ids:
            return self.env._(
                "%(role)s is for those who have learnt it. Ask for an introduction.",
                role=role.name,
            )
        if not role._drives_enough(member):
            if role.needs_driving == "vehicle":
                return self.env._(
                    "%(role)s is for those who come with a vehicle: say in “My details”"
                    " that you have one.",
                    role=role.name,
                )
            return self.env._(
                "%(role)s is for those who have a driving licence: say in “My details”"
                " that you have one.",
                role=role.name,
            )
        return False
