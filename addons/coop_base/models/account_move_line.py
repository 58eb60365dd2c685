# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_membership_line_vals(self, **kwargs):
        """The cooperative's fee covers a period of its own each year.

        OCA membership takes the product's dates as they are: the product would have to
        be changed every year, and a fee paid early would be lost.
        """
        company = self.company_id
        if (
            self.move_id.partner_id.is_coop_member
            and self.product_id == company._coop_get_membership_product()
        ):
            kwargs["date_from"], kwargs["date_to"] = company._coop_membership_dates(
                self.product_id,
                self.move_id.invoice_date or fields.Date.context_today(self),
                self.move_id.partner_id.membership_stop,
            )
        return super()._prepare_membership_line_vals(**kwargs)
