# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class PurchaseOrder(models.Model):
    """Orders that come from a purchase plan."""

    _inherit = "purchase.order"

    coop_plan_ids = fields.One2many(
        "coop.purchase.plan",
        "purchase_order_id",
        string="Purchase Plans",
        groups="coop_base.coop_base_group_buyer",
    )

    def _coop_get_mail_template(self):
        """The mail of a planned order: nothing to say of windows and points."""
        # sudo: who sends need not read the plans.
        if not self.order_window_id and self.sudo().coop_plan_ids:
            return self.env.ref("coop_purchase_planner.mail_template_planned_order")
        return super()._coop_get_mail_template()
