from odoo import models

from ..tools import einvoice


class AccountEdiXmlCii(models.AbstractModel):
    _inherit = "account.edi.xml.cii"

    def _get_import_document_amount_sign(self, tree):
        """Core knows types 380 and 381 only; a corrective invoice (384), a prepayment
        (386)… is an invoice, or a credit note when its total is negative."""
        found = super()._get_import_document_amount_sign(tree)
        if found[0]:
            return found
        try:
            document = einvoice.parse(tree)
        except einvoice.Unreadable:
            return found
        return ("refund" if document.is_refund else "invoice"), document.sign
