# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models
from odoo.fields import Domain


class CoopOrderWindow(models.Model):
    _name = "coop.order.window"
    _inherit = [
        "coop.order.window.made",
        "coop.order.window",
    ]

    template_id = fields.Many2one(
        "coop.order.window.template",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )

    def _tell_left_out(self, last):
        """Say on a window what does not come back from the last one."""
        self.ensure_one()
        gone = last.offer_ids.filtered(lambda offer: not offer._is_still_sold())
        if gone:
            self.message_post(
                body=self.env._(
                    "Left out, because archived or no longer sold since the last"
                    " window: %(products)s.",
                    products=", ".join(gone.product_id.mapped("display_name")),
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _find_earlier_of_same_model(self, domain):
        if not self.template_id:
            return super()._find_earlier_of_same_model(domain)
        domain &= Domain("template_id", "=", self.template_id.id)
        return self.search(domain, limit=1)
