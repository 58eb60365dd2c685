# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import float_compare


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    offer_id = fields.Many2one(
        "coop.order.offer",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        check_company=True,
    )
    order_window_id = fields.Many2one(related="order_id.order_window_id")

    def _coop_format_packs(self):
        """ "4 × 6": whole packs of the offer, empty where packs do not matter."""
        self.ensure_one()
        pack = self.offer_id.pack_size
        if not pack or float_compare(pack, 1.0, 6) == 0:
            return ""
        return self.env._(
            "%(count)s × %(pack)s",
            count=self.offer_id._format_number(self.product_qty / pack),
            pack=self.offer_id._format_number(pack),
        )

    def _coop_get_product_name(self):
        """The product without our internal code."""
        self.ensure_one()
        return self.product_id.with_context(display_default_code=False).display_name
