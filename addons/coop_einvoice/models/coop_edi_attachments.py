# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import models

from odoo.addons.account_edi_ubl_cii.models.account_edi_common import (
    SUPPORTED_FILE_TYPES,
)

from ..tools import einvoice

BINARY = "{*}Attachment/{*}EmbeddedDocumentBinaryObject"


class CoopEdiAttachments(models.AbstractModel):
    """The documents that an e-invoice carries: one that is damaged is no reason to
    refuse the invoice."""

    _name = "coop.edi.attachments"
    _description = "Documents of an E-invoice"

    def _coop_tidy_attachments(self, invoice, tree):
        """Take out of the file what core would fail on, and tell it."""
        damaged = []
        for document in tree.findall("./{*}AdditionalDocumentReference"):
            binary = document.find(BINARY)
            if binary is None:
                continue
            # Without spaces, and whole: core counts its characters.
            binary.text = "".join((binary.text or "").split())
            content = self._coop_decode(binary.text)
            if content is None:
                damaged.append(document.findtext("{*}ID") or "–")
            if not content:
                tree.remove(document)
        self._coop_tell_damaged(invoice, damaged)

    def _coop_cii_attachments(self, invoice, tree):
        damaged, values = [], []
        for name, mimetype, text in einvoice.parse(tree).attachments:
            extension = SUPPORTED_FILE_TYPES.get(mimetype)
            content = self._coop_decode(text)
            if content is None:
                damaged.append(name or "–")
            elif extension:
                # Windows and Linux paths are no part of a name.
                name = (name or "invoice").replace("\\", "/").split("/")[-1]
                if not name.lower().endswith(extension):
                    name += extension
                values.append(
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": mimetype,
                        "res_model": "account.move",
                        "res_id": invoice.id,
                    }
                )
        self._coop_tell_damaged(invoice, damaged)
        return self.env["ir.attachment"].create(values)

    def _coop_decode(self, text):
        """The bytes of a base64 text, None where it is none."""
        text = "".join((text or "").split())
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            return None

    def _coop_tell_damaged(self, invoice, names):
        if names:
            invoice.message_post(
                body=self.env._(
                    "The bill is read, but a document that it carries is damaged "
                    "(%s): ask the supplier for it.",
                    ", ".join(names),
                )
            )
