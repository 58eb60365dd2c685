# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import contextlib
import logging

from lxml import etree

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import einvoice

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    """What an e-invoice says beyond its lines, and what to say when unreadable."""

    _inherit = "account.move"

    bill_reference_ids = fields.One2many(
        "coop.bill.reference", "bill_id", string="References of the E-invoice"
    )
    einvoice_total = fields.Monetary(
        string="Total of the E-invoice", readonly=True, copy=False
    )
    einvoice_prepaid = fields.Monetary(
        string="Already Paid",
        readonly=True,
        copy=False,
        help="What the e-invoice says is paid already; it changes no amount here.",
    )
    einvoice_tax_gap = fields.Monetary(
        string="VAT That Is Not the Rate's",
        readonly=True,
        copy=False,
        help="The VAT that the e-invoice bills is not its rate of its basis.",
    )
    einvoice_period_start = fields.Date(readonly=True, copy=False)
    einvoice_period_end = fields.Date(readonly=True, copy=False)
    einvoice_error = fields.Char(readonly=True, copy=False)

    def _get_import_file_type(self, file_data):
        """An invoice in UBL's own namespace is one, whatever profile it names."""
        found = super()._get_import_file_type(file_data)
        tree = file_data["xml_tree"]
        if found or tree is None:
            return found
        name = etree.QName(tree)
        if name.namespace in (einvoice.UBL_INVOICE, einvoice.UBL_CREDIT_NOTE):
            return "account.edi.xml.ubl_bis3"
        return found

    def _to_files_data(self, attachments):
        files_data = super()._to_files_data(attachments)
        for file_data in files_data:
            # An empty file has False for content, on which core fails.
            file_data["raw"] = file_data["raw"] or b""
        return files_data

    def _get_xml_tree(self, file_data):
        name = (file_data["name"] or "").lower()
        is_xml = name.endswith(".xml") or file_data["mimetype"].endswith("/xml")
        if not is_xml or einvoice.has_entities(file_data["raw"]):
            return super()._get_xml_tree(file_data)
        try:
            return einvoice.read_tree(file_data["raw"])
        except etree.XMLSyntaxError as error:
            _logger.info("The file %s cannot be read: %s", file_data["name"], error)
            return None

    def _get_edi_decoder(self, file_data, new=False):
        found = super()._get_edi_decoder(file_data, new)
        if (
            found
            or self.journal_id.type not in (False, "purchase")
            or not self._coop_keeps_einvoices()
        ):
            return found
        name = (file_data["name"] or "").lower()
        is_xml = name.endswith(".xml") or (file_data["mimetype"] or "").endswith("/xml")
        if is_xml and (self.is_purchase_document() or not self):
            # Without a decoder core says nothing at all.
            return {"priority": 1, "decoder": self._coop_decode_nothing}
        mimetype = file_data["mimetype"] or ""
        is_scan = mimetype.startswith(("image/", "text/")) and file_data["raw"]
        if new and file_data.get("attachment") and not is_scan:
            # After all that could be read.
            return {"priority": 0.1, "decoder": self._coop_decode_other}
        return found

    def _coop_decode_other(self, invoice, file_data, new=False):
        """A file of another kind: one sentence rather than an empty bill."""
        content = file_data["raw"] or b""
        if not content.strip():
            code = "empty"
        elif file_data["import_file_type"] == "pdf":
            code = "paper" if b"%PDF" in content[:1024] else "xml"
        elif content[:2] == b"PK" and (file_data["name"] or "").endswith(".zip"):
            code = "archive"
        else:
            code = "kind"
        error = einvoice.Unreadable(code)
        return invoice._coop_refuse_file(file_data["name"], error)

    def _coop_decode_nothing(self, invoice, file_data, new=False):
        code = "syntax"
        if file_data["xml_tree"] is None or einvoice.has_entities(file_data["raw"]):
            code = einvoice.why_broken(file_data["raw"])
        error = einvoice.Unreadable(code)
        return invoice._coop_refuse_file(file_data["name"], error)

    def _coop_refuse_file(self, name, error):
        """Write one sentence on the bill and return it: what is wrong, what to do."""
        self.ensure_one()
        code = getattr(error, "code", None)
        if code == "xml":
            sentence = self.env._(
                "The file %(name)s is damaged and cannot be read: ask the supplier for "
                "it again, or key in the bill.",
                name=name,
            )
        elif code == "empty":
            sentence = self.env._(
                "The file %(name)s is empty: ask the supplier for it again, or key in "
                "the bill.",
                name=name,
            )
        elif code == "doctype":
            sentence = self.env._(
                "The file %(name)s calls in other files (ENTITY), which no electronic "
                "invoice may do: do not open it, ask the supplier for it again.",
                name=name,
            )
        elif code == "syntax":
            sentence = self.env._(
                "The file %(name)s is not an electronic invoice (UBL or CII): key in "
                "the bill, the file stays attached.",
                name=name,
            )
        elif code == "paper":
            # Nothing is wrong: no warning on the bill.
            return self.env._(
                "%(name)s is a PDF without an electronic invoice: key in its number, "
                "its date and its total, the lines can be proposed from the receipts.",
                name=name,
            )
        elif code == "archive":
            sentence = self.env._(
                "The file %(name)s is an archive: unpack it and drop what it holds.",
                name=name,
            )
        elif code == "kind":
            sentence = self.env._(
                "The file %(name)s is neither an electronic invoice nor a PDF: key in "
                "the bill, the file stays attached.",
                name=name,
            )
        elif code == "currency":
            sentence = self.env._(
                "The file %(name)s is in a currency that does not exist (%(value)s): "
                "ask the supplier for a corrected invoice, or key in the bill.",
                name=name,
                value=error.detail,
            )
        elif code == "number":
            sentence = self.env._(
                "The file %(name)s holds “%(value)s” where an amount or a date is "
                "expected: ask the supplier for a corrected invoice, or key in the "
                "bill.",
                name=name,
                value=error.detail,
            )
        elif code == "missing":
            sentence = self.env._(
                "The file %(name)s lacks %(term)s, which every electronic invoice "
                "must have: ask the supplier for a corrected invoice, or key in the "
                "bill.",
                name=name,
                term=self._coop_term(error.detail),
            )
        elif isinstance(error, UserError):
            sentence = self.env._(
                "The file %(name)s could not be imported (%(why)s): key in the bill, "
                "the file stays attached.",
                name=name,
                why=str(error),
            )
        else:
            sentence = self.env._(
                "The file %(name)s holds something that cannot be read: ask the "
                "supplier for a corrected invoice, or key in the bill.",
                name=name,
            )
        if not self.invoice_line_ids:
            # On a bill that is there already, the thread is enough.
            self.einvoice_error = sentence
        return sentence

    def _coop_term(self, term):
        names = {
            "BT-1": self.env._("the invoice number (BT-1)"),
            "BT-109": self.env._("the total without VAT (BT-109)"),
            "BT-112": self.env._("the total with VAT (BT-112)"),
            "BT-131": self.env._("the amount of a line (BT-131)"),
        }
        return names.get(term, term)

    def _coop_suspense_account(self):
        """Where an amount goes that nothing explains; an add-on may know better."""
        self.ensure_one()
        return self.journal_id.default_account_id

    def _coop_complete_einvoice(self, document):
        """Keep the references, and make sure that not a cent is lost."""
        self.ensure_one()
        sign = document.sign
        period = document.period or (False, False)
        self.write(
            {
                "einvoice_error": False,
                "einvoice_total": float(document.total * sign),
                "einvoice_prepaid": float(document.prepaid * sign),
                "einvoice_tax_gap": float(document.tax_gap * sign),
                "einvoice_period_start": period[0],
                "einvoice_period_end": period[1],
                "bill_reference_ids": [
                    Command.create({"kind": kind, "value": value})
                    for kind, value in document.references
                ],
            }
        )
        payable = float((document.total + document.rounding) * sign)
        gap = self.currency_id.round(payable - self.amount_total)
        if not self.currency_id.is_zero(gap):
            edi = self.env["account.edi.common"]
            values = edi._coop_extra_line(
                self.env._("Difference with the e-invoice"),
                gap,
                "adjustment",
                self._coop_suspense_account(),
            )
            with self._get_edi_creation() as move:
                move.write({"invoice_line_ids": [Command.create(values)]})

    # -------------------------------------------------------------------------
    # Mails with several files: one bill for each e-invoice. Core puts files of
    # different formats together, whatever they hold: of a UBL invoice, a CII invoice
    # and a Factur-X PDF sent at once it reads one and forgets the others.
    # -------------------------------------------------------------------------

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
