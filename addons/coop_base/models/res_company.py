import pytz

from odoo import fields, models

from ..tools.localtime import DEFAULT_TZ


def _tz_get(_model):
    return [(tz, tz) for tz in sorted(pytz.common_timezones)]


class ResCompany(models.Model):
    _inherit = "res.company"

    coop_tz = fields.Selection(
        selection=_tz_get,
        string="Cooperative's Time Zone",
        default=DEFAULT_TZ,
        required=True,
        help="Deadlines, distributions and shifts are meant in this time zone.",
    )
