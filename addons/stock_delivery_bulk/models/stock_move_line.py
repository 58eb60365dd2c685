# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from ..tools.bulk_run import get_book


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _check_company(self, fnames=None):
        # In a bulk run they are made from moves that were checked: see stock.move.
        if get_book(self.env) is not None:
            return None
        return super()._check_company(fnames)

    def _synchronize_quant(
        self, quantity, location, action="available", in_date=False, **quants_value
    ):
        book = get_book(self.env)
        if (
            book is None
            or not book.is_open
            or quants_value.get("lot", self.lot_id)
            or quants_value.get("package", self.package_id)
            or quants_value.get("owner", self.owner_id)
        ):
            return super()._synchronize_quant(
                quantity, location, action, in_date, **quants_value
            )
        if not self.product_id.is_storable or book.is_zero(quantity):
            return 0, False
        row = book.find(self.product_id.id, location.id)
        if row is None:
            return super()._synchronize_quant(
                quantity, location, action, in_date, **quants_value
            )
        if action == "available":
            return book.change(row, quantity=quantity, in_date=in_date)
        if not self.move_id._should_bypass_reservation(location):
            book.change(row, reserved=quantity)
        return 0, in_date

    def _action_done(self):
        book = get_book(self.env)
        if book is None:
            return super()._action_done()
        with book:
            return super()._action_done()
