# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_logistics.models.coop_distribution_prepare import QUIET


class CoopResCompanyHome(models.AbstractModel):
    _name = "coop.res.company.home"
    _description = "Company: At Home"

    coop_home_delivery = fields.Boolean(
        string="Bring Baskets Home",
        help="Members may ask on their order; a volunteer brings it on a round.",
    )


class CoopSaleOrderHome(models.AbstractModel):
    """A member asks for the basket to be brought home."""

    _name = "coop.sale.order.home"
    _description = "Member's Order: At Home"

    def _coop_set_home_delivery(self, is_asked, wish=""):
        """Ask for it, or no longer; while the order can still be changed.

        :raise UserError: closed, not offered here, or no address to go to
        """
        self.ensure_one()
        self._coop_lock()
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("This order cannot be changed any more."))
        if is_asked and not self.company_id.coop_home_delivery:
            raise UserError(self.env._("Baskets are not brought home here."))
        partner = self.partner_shipping_id
        if is_asked and not (partner.street and partner.city):
            raise UserError(
                self.env._("Write your address on your profile first, please.")
            )
        self.with_context(**QUIET).write(
            {
                "coop_home_delivery": is_asked,
                "coop_delivery_wish": (wish or "").strip()[:200] if is_asked else False,
            }
        )
        self.message_post(
            body=self.env._("To be brought home: %s", self.coop_delivery_wish or "-")
            if is_asked
            else self.env._("No longer brought home."),
        )
        return True
