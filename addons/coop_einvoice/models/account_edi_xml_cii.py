# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountEdiXmlCii(models.AbstractModel):
    _inherit = "account.edi.xml.cii"

    def _get_import_document_amount_sign(self, tree):
        """Core knows types 380 and 381 only."""
        return self._coop_amount_sign() or super()._get_import_document_amount_sign(
            tree
        )

    def _import_attachments(self, invoice, tree):
        """Core reads those of UBL only."""
        attachments = super()._import_attachments(invoice, tree)
        if self._coop_vendor_bill():
            attachments |= self._coop_cii_attachments(invoice, tree)
        return attachments

    def _import_retrieve_partner_vals(self, tree, role):
        """Core takes a tax number of any kind for the VAT number."""
        values = super()._import_retrieve_partner_vals(tree, role)
        party = tree.find(f".//{{*}}{role}")
        if party is None or not self._coop_vendor_bill():
            return values
        numbers = {
            number.get("schemeID", "VA"): (number.text or "").strip()
            for number in party.findall("{*}SpecifiedTaxRegistration/{*}ID")
        }
        registry = party.findtext("{*}SpecifiedLegalOrganization/{*}ID")
        values["vat"] = numbers.get("VA")
        values["registry"] = registry or numbers.get("FC", "")
        return values
