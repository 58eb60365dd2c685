# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    """Who helps a producer on the portal."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"

    coop_helper_ids = fields.One2many(
        "coop.producer.helper",
        "producer_id",
        string="Helpers",
        groups="coop_base.coop_base_group_buyer",
    )
