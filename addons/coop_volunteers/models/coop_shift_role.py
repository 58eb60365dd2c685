from odoo import fields, models


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
        domain="[('is_coop_member', '=', True)]",
        groups="coop_base.coop_base_group_volunteer_coordinator",
    )
