# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountEdiXmlUbl20(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_20"

    def _get_import_document_amount_sign(self, tree):
        """Core knows a credit note by its root only, not by its type."""
        return self._coop_amount_sign() or super()._get_import_document_amount_sign(
            tree
        )

    def _import_retrieve_partner_vals(self, tree, role):
        """Core takes the person to contact for the name where none is registered."""
        values = super()._import_retrieve_partner_vals(tree, role)
        party = tree.find(f".//{{*}}{role}Party/{{*}}Party")
        if party is None or not self._coop_vendor_bill():
            return values
        registered = party.findtext(".//{*}PartyLegalEntity/{*}RegistrationName")
        trade_name = party.findtext("./{*}PartyName/{*}Name")
        values["name"] = registered or trade_name or values["name"]
        taxes = {
            (scheme.findtext("{*}TaxScheme/{*}ID") or "VAT").upper(): number
            for scheme in party.findall("{*}PartyTaxScheme")
            if (number := scheme.findtext("{*}CompanyID"))
        }
        registry = party.findtext("{*}PartyLegalEntity/{*}CompanyID")
        values["vat"] = taxes.pop("VAT", None)
        # A tax number of another kind tells companies apart as well.
        values["registry"] = registry or next(iter(taxes.values()), "")
        return values

    def _correct_invoice_tax_amount(self, tree, invoice):
        """Core takes the accounting currency's amounts for the invoice's."""
        if self._coop_vendor_bill():
            return None
        return super()._correct_invoice_tax_amount(tree, invoice)
