from odoo import fields, models

from .res_partner import COORDINATOR

DRIVES = [("licence", "A driving licence"), ("vehicle", "A licence and a vehicle")]


class CoopShiftRole(models.Model):
    """Who may hold a role: those who have learnt it, those who drive."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "coop.shift.role"  # pylint: disable=consider-merging-classes-inherited

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


class ResPartner(models.Model):
    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    coop_drives = fields.Selection(
        DRIVES,
        string="Drives",
        copy=False,
        groups=COORDINATOR,
        help="Said by the member: for rounds and errands.",
    )
