# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.tests import tagged

from .common import DATA, EInvoiceCommon

IMPORT_LOGGER = "odoo.addons.account.models.account_document_import_mixin"


@tagged("post_install", "-at_install")
class TestEInvoiceFault(EInvoiceCommon):
    """A file that cannot be read is the supplier's; a fault of ours must surface."""

    def _read(self):
        bill = self.env["account.move"].create({"move_type": "in_invoice"})
        file = self.env["ir.attachment"].create(
            {
                "name": "facture.xml",
                "raw": (DATA / "ubl-fr-en16931.xml").read_bytes(),
                "mimetype": "application/xml",
            }
        )
        data = bill._to_files_data(file)[0]
        self.env["account.edi.xml.ubl_bis3"]._import_invoice_ubl_cii(bill, data)
        return bill

    def _break(self, model, name, error):
        """Our own step fails with this error, as a programming mistake makes it."""

        def fail(*args, **kwargs):
            raise error

        return patch.object(self.env.registry[model], name, fail)

    def test_our_faults_are_not_the_files(self):
        """In every step of ours that core's reader calls, whatever the error."""
        self.assertFalse(self._read().einvoice_error)
        for name in (
            "_coop_find_products",
            "_coop_find_taxes",
            "_coop_find_supplier",
            "_coop_tidy_attachments",
            "_coop_correct_tax",
        ):
            for error in (TypeError, AttributeError, KeyError, ValueError):
                with (
                    self.subTest(f"{name} {error.__name__}"),
                    self._break("account.edi.common", name, error("ours")),
                    self.assertRaisesRegex(error, "ours"),
                ):
                    self._read()

    def test_uploaded_it_is_not_called_unreadable(self):
        """Core logs what fails at an upload; no sentence accuses the supplier."""
        broken = self._break(
            "account.edi.common", "_coop_find_products", TypeError("ours")
        )
        with broken, self.assertLogs(IMPORT_LOGGER, "ERROR"):
            bill = self._upload("ubl-fr-en16931.xml")
        self.assertFalse(bill.einvoice_error)

    def test_what_core_stumbles_over_is_the_files(self):
        """Core's own reader fails on a value: that is said on the bill."""
        reader = "odoo.addons.account_edi_ubl_cii.models.account_edi_common"
        space = {"__name__": reader}
        exec("def fail(*args, **kwargs):\n    raise AttributeError('text')", space)
        model = self.env.registry["account.edi.xml.ubl_bis3"]
        with patch.object(model, "_import_fill_invoice", space["fail"]):
            bill = self._read()
        self.assertIn("facture.xml", bill.einvoice_error)

    def test_a_client_cannot_say_how_a_file_is_read(self):
        edi = self.env["account.edi.common"]
        self.assertFalse(edi.with_context(coop_vendor_bill=True)._coop_vendor_bill())
        forged = {"number": "1", "total": -1}
        self.assertFalse(edi.with_context(coop_vendor_bill=forged)._coop_vendor_bill())
