# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytz

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.localtime import DEFAULT_TZ, to_local
from ..tools.membership_period import next_period


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
    coop_open_signup = fields.Boolean(
        string="Anybody Makes an Account",
        help="Off: visitors ask to join, and somebody of the cooperative answers. On:"
        " Odoo's own sign-up is left as its settings say.",
    )
    coop_membership_product_id = fields.Many2one(
        "product.product",
        string="Membership Fee",
        ondelete="restrict",
        domain="[('membership', '=', True)]",
        help="The fee that is registered for members. Its dates give the period.",
    )
    coop_membership_period = fields.Selection(
        [
            ("calendar", "The fee's dates, each year"),
            ("rolling", "From the day it is paid"),
        ],
        string="Membership Period",
        default="calendar",
        required=True,
    )

    def _coop_get_today(self):
        """Today on the cooperative's wall."""
        self.ensure_one()
        return to_local(fields.Datetime.now(), self.coop_tz).date()

    def _coop_get_membership_product(self):
        """The fee of this cooperative: its own, else the one that comes with Coop."""
        self.ensure_one()
        product = self.coop_membership_product_id or self.env.ref(
            "coop_base.product_membership_fee", raise_if_not_found=False
        )
        if not product or not product.membership:
            raise UserError(
                self.env._(
                    "No membership fee is set. Choose one in Coop > Configuration >"
                    " Settings."
                )
            )
        return product

    def _coop_membership_dates(self, product, today, paid_until=None):
        """First and last day that this fee covers when registered today."""
        self.ensure_one()
        return next_period(
            self.coop_membership_period,
            product.membership_date_from,
            product.membership_date_to,
            today,
            paid_until,
        )
