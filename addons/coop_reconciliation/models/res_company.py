# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    match_policy_ids = fields.One2many(
        "coop.match.policy",
        "company_id",
        string="Matching Policies",
        groups="account.group_account_invoice,purchase.group_purchase_user",
    )
    # Off for who did not ask: without them Odoo's own ways stay as they were.
    coop_match_bills = fields.Boolean(
        string="Match Bills with Orders and Delivery Notes",
        help="A vendor bill is compared line by line with what was ordered, announced"
        " and received, and is never rewritten. Otherwise Odoo links it to an order by"
        " reference or total, and may replace its lines.",
    )
    coop_refuse_duplicates = fields.Boolean(
        string="Refuse Duplicate Bills",
        help="A vendor bill whose number is known already cannot be posted, unless the"
        " difference “Duplicate” is accepted. Otherwise Odoo warns only.",
    )

    def _get_claim_tz(self):
        """The time zone in which a day or an hour is said to whoever has none."""
        self.ensure_one()
        zones = pytz.country_timezones.get(self.country_id.code or "", ["UTC"])
        return self.partner_id.tz or zones[0]
