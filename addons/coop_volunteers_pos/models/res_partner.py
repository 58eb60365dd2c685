# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def coop_pos_may_shop(self, partner_id):
        """What the till shows of a customer: yes or no and the next step, never why.

        Asked when a customer is chosen, not sent with the list of customers: a till
        holds nobody's standing.

        :return: ``{result, step}``; ``result`` is ``yes``, ``no``, or ``none`` for who
            is not a member of this cooperative
        """
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(
                self.env._("Only who holds a till asks whether a member may shop.")
            )
        partner = self.search([("id", "=", partner_id)])
        # sudo: whether it is a member; the answer is a yes or no.
        member = partner.sudo()
        if not member.coop_is_active or member.company_id not in (
            self.env.company,
            self.env["res.company"],
        ):
            return {"result": "none", "step": ""}
        allowed, step = partner._may_shop()
        return {"result": "yes" if allowed else "no", "step": step}
