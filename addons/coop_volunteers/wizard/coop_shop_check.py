# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopShopCheck(models.TransientModel):
    """May this person shop? By number; the reason stays private."""

    _name = "coop.shop.check"
    _description = "May I Shop?"

    number = fields.Char(string="Member number")
    result = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("unknown", "Unknown number")],
        compute="_compute_result",
    )
    step = fields.Char(string="Next step", compute="_compute_result")
    initials = fields.Char(compute="_compute_result")

    @api.depends("number")
    def _compute_result(self):
        # sudo: a yes or no about one member, found by their number.
        kiosks = self.env["coop.shift.kiosk"].sudo()
        for check in self:
            check.update({"result": False, "step": False, "initials": False})
            if not (check.number or "").strip():
                continue
            kiosk = kiosks.new({"company_id": self.env.company.id})
            member = kiosk._find_member(check.number)
            if not member:
                check.result = "unknown"
                check.step = kiosk._unknown_text()
                continue
            allowed, step = member._may_shop()
            check.result = "yes" if allowed else "no"
            check.step = step
            check.initials = kiosk._initials(member)
