import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    match_policy_ids = fields.One2many(
        "coop.match.policy", "company_id", string="Matching Policies"
    )

    def _get_claim_tz(self):
        """The time zone in which a day or an hour is said to whoever has none."""
        self.ensure_one()
        zones = pytz.country_timezones.get(self.country_id.code or "", ["UTC"])
        return self.partner_id.tz or zones[0]
