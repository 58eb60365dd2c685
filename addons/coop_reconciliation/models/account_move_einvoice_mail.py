import contextlib

from odoo import models

from ..tools import einvoice


# A further file for account.move: several e-invoices in one mail.
# pylint: disable=consider-merging-classes-inherited
class AccountMove(models.Model):
    """One bill per e-invoice of a mail.

    Core puts files of different formats together, whatever they hold: of a UBL invoice,
    a CII invoice and a Factur-X PDF sent at once it reads one and forgets the others.
    """

    _inherit = "account.move"

    def _should_attach_to_record(self, attachment):
        """An XML invoice that came by mail stays with its bill, read or not."""
        if super()._should_attach_to_record(attachment):
            return True
        return bool(
            attachment
            and self._coop_keeps_einvoices()
            and not attachment.res_field
            and self.is_purchase_document()
            and self._coop_is_xml(attachment.name, attachment.mimetype)
        )

    def _coop_keeps_einvoices(self):
        """Whether the company asked for it; files may come before there is a bill."""
        company = self.company_id[:1] or self.journal_id.company_id[:1]
        return (company or self.env.company).coop_keep_einvoices

    def _coop_is_xml(self, name, mimetype):
        return (name or "").lower().endswith(".xml") or (mimetype or "").endswith(
            "/xml"
        )

    def _group_files_data_into_groups_of_mixed_types(self, files_data):
        if not self.is_purchase_document() or not self._coop_keeps_einvoices():
            return super()._group_files_data_into_groups_of_mixed_types(files_data)
        keys = {}
        for file_data in files_data:
            if key := self._coop_invoice_key(file_data):
                keys.setdefault(file_data["origin_attachment"], key)
        by_key = {}
        rest = []
        for file_data in files_data:
            key = keys.get(file_data["origin_attachment"])
            if key:
                by_key.setdefault(key, []).append(file_data)
            else:
                rest.append(file_data)
        groups = list(by_key.values())
        # What is no e-invoice goes with the file whose name is nearest, as in core.
        for file_data in rest:
            file_data.setdefault("decoder_info", self._get_edi_decoder(file_data, True))
            if file_data["attachment"]:
                self._assign_attachment_to_group_of_different_type(file_data, groups)
            else:
                self._assign_attachment_to_group_with_same_origin_attachment(
                    file_data, groups
                )
        return groups

    def _coop_invoice_key(self, file_data):
        """What makes a file an invoice of its own: its number, so that a PDF and the
        same invoice in XML make one bill; itself where it cannot be read."""
        if file_data["xml_tree"] is not None:
            with contextlib.suppress(einvoice.Unreadable):
                document = einvoice.parse(file_data["xml_tree"])
                return (document.number, document.total)
        attachment = file_data["attachment"]
        if attachment and self._coop_is_xml(file_data["name"], file_data["mimetype"]):
            return attachment
        return None
