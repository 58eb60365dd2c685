# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CoopMatchStamp(models.Model):
    """One row per company and supplier, touched by whoever writes matches.

    Two bills of one supplier matched at the same time read the same receipts. The
    second to touch the row gets PostgreSQL's serialization error; Odoo then replays it,
    and it sees what the first one took.
    """

    _name = "coop.match.stamp"
    _description = "Last Matching of a Supplier"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    stamp = fields.Integer(required=True, default=0)

    _company_partner_unique = models.Constraint(
        "UNIQUE(company_id, partner_id)", "A supplier has one stamp per company."
    )

    @api.model
    @api.private
    def touch(self, company, partners):
        """Take the right to write matches of these suppliers until the commit."""
        for partner_id in sorted(partners.ids):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO coop_match_stamp (company_id, partner_id, stamp)
                         VALUES (%(company)s, %(partner)s, 1)
                    ON CONFLICT (company_id, partner_id)
                      DO UPDATE SET stamp = coop_match_stamp.stamp + 1
                    """,
                    company=company.id,
                    partner=partner_id,
                )
            )
