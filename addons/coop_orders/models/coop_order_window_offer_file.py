# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

from odoo import models

from odoo.addons.coop_tools.tools.sheet import new_workbook

from ..tools.offer_file import HEADERS

NUMBERS = frozenset(
    {"price", "cost", "pack_size", "step", "piece_weight", "minimum", "available"}
    | {"per_member", "vat"}
)


class CoopOrderWindowOfferFile(models.AbstractModel):
    """Offers out to a spreadsheet, and back."""

    _name = "coop.order.window.offer.file"
    _description = "Order Window: As a File"

    def action_import_offers(self):
        return self._open_offer_wizard("coop.offer.import", self.env._("Import Offers"))

    def action_export_offers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/window/{self.id}/offers",
            "target": "download",
        }

    def _coop_make_offer_spreadsheet(self):
        """xlsx (bytes) of the offers, with the headers that the import knows."""
        self.ensure_one()
        buffer = io.BytesIO()
        book = new_workbook(buffer)
        sheet = book.add_worksheet(self.env._("Offers"))
        bold = book.add_format({"bold": True, "bg_color": "#dfeee6"})
        for column, (key, headers) in enumerate(HEADERS.items()):
            sheet.write_string(0, column, headers[0], bold)
            sheet.set_column(column, column, 32 if key == "name" else 14)
        sheet.freeze_panes(1, 0)
        for line, offer in enumerate(self.offer_ids, start=1):
            values = offer._prepare_spreadsheet_row()
            for column, key in enumerate(HEADERS):
                value = values[key]
                if key in NUMBERS and value is not False:
                    sheet.write_number(line, column, value)
                elif value:
                    sheet.write_string(line, column, value)
        book.close()
        return buffer.getvalue()


class CoopOrderOfferOfferFile(models.AbstractModel):
    _name = "coop.order.offer.offer.file"
    _description = "Offer: As a File"

    def _prepare_spreadsheet_row(self):
        """``{column: value}`` of an offer, False where there is none."""
        self.ensure_one()
        product = self.product_id
        # sudo: the producer's own code; whoever gets this file may see costs.
        seller = product.sudo().seller_ids.filtered(
            lambda seller: seller.partner_id == self.supplier_id.sudo()
        )[:1]
        return {
            "reference": product.default_code,
            "barcode": product.barcode,
            "supplier_code": seller.product_code,
            "name": product.name,
            "supplier": self.supplier_id.name,
            "price": self.price_unit,
            "cost": self.purchase_price,
            "unit": self.product_uom_id.name,
            "pack_size": self.pack_size,
            "step": self.quantity_step,
            "piece_weight": self.piece_weight or False,
            "minimum": self.minimum_quantity or False,
            "available": self.quantity_max or False,
            "per_member": self.quantity_max_per_member or False,
            "note": self.note,
            "category": product.categ_id.name,
            "vat": product.taxes_id[:1].amount if product.taxes_id else False,
            "origin": product.coop_origin,
        }
