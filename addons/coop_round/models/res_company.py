# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "coop.res.company.round.route",
        "coop.res.company.home",
        "res.company",
    ]

    coop_home_cash = fields.Boolean(
        string="Drivers Take Cash",
        help="Whoever brings a basket home may be paid in cash at the door.",
    )
    coop_home_cheque = fields.Boolean(
        string="Drivers Take Cheques",
        help="Whoever brings a basket home may be paid by cheque at the door.",
    )
    coop_home_keep_days = fields.Integer(
        string="Days Kept when Nobody Is at Home",
        default=1,
        help="The basket waits at the collection point for so long; then its goods are"
        " left over. 0: at once.",
    )

    _coop_home_keep_days_positive = models.Constraint(
        "CHECK (coop_home_keep_days BETWEEN 0 AND 30)",
        "A basket is kept for 0 to 30 days.",
    )
