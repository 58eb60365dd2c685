# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
import re
import zipfile

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import OdooPdfFileReader, OdooPdfFileWriter

from .common import DATA, EInvoiceCommon
from .einvoice_files import File, Row

IMPORT_LOGGER = "odoo.addons.account.models.account_document_import_mixin"


@tagged("post_install", "-at_install")
class TestEInvoiceMalformed(EInvoiceCommon):
    """What suppliers send besides good files: one sentence that says what to do, and
    nothing half written; what can be read is read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = File([Row("Miel", "2", "9.00"), Row("Pain", "3", "4.00", "5.5")])
        if cls._has_french():
            cls.env = cls.env["base"].with_context(lang="fr_FR").env

    def _pdf(self, xml=None):
        """A PDF, with an XML invoice inside or without."""
        plain = next(DATA.glob("facturx-*.pdf")).read_bytes()
        writer = OdooPdfFileWriter()
        reader = OdooPdfFileReader(io.BytesIO(plain), strict=False)
        writer.addPage(reader.getPage(0))
        if xml is not None:
            writer.addAttachment("factur-x.xml", xml, subtype="text/xml")
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()

    def _sentences(self, bill):
        bodies = (
            re.sub("<.*?>", " ", b or "") for b in bill.message_ids.mapped("body")
        )
        return " ".join(bodies)

    def _refused(self, content, name="facture.xml", told=None):
        """The sentence of a file that is refused; it is `told` under that name."""
        with mute_logger(IMPORT_LOGGER, "odoo.tools.pdf"):
            bill = self._upload(name, content)
        self.assertFalse(bill.invoice_line_ids, name)
        self.assertFalse(bill.bill_reference_ids)
        self.assertFalse(bill.ref)
        self.assertFalse(bill.partner_id)
        self.assertEqual(bill.attachment_ids.mapped("name"), [name])
        self.assertTrue(bill.einvoice_error, name)
        self.assertIn(told or name, bill.einvoice_error)
        self.assertEqual(self._sentences(bill).count(bill.einvoice_error), 1)
        if self._has_french():
            self.assertRegex(bill.einvoice_error, "fournisseur|saisissez|déposez")
        return bill.einvoice_error

    def test_values_that_cannot_be(self):
        ubl, cii = self.file.ubl(), self.file.cii()
        for value in (b"12,50", b"NaN", b"-Infinity", b"1e400", b"1_0", b"9" * 30):
            for good in (ubl, cii):
                with self.subTest(value=value, good=good[:60]):
                    content = good.replace(b">18.00<", b">" + value + b"<", 1)
                    self.assertNotEqual(content, good)
                    self.assertIn(value.decode(), self._refused(content))
        for old, new in (
            (b">2026-06-17<", b">2026-02-30<"),
            (b">2026-06-17<", b">17 juin 2026<"),
        ):
            self._refused(ubl.replace(old, new))
        self._refused(cii.replace(b">20260617<", b">20260230<"))
        due = File(self.file.rows, due="2026-02-30")
        self.assertIn("2026-02-30", self._refused(due.ubl()))
        self.assertIn("20260230", self._refused(due.cii()))

    def test_what_is_missing(self):
        ubl, cii = self.file.ubl(), self.file.cii()
        number = re.compile(rb"<(cbc|ram):ID>FA-2026-1</(cbc|ram):ID>")
        for good in (ubl, cii):
            self.assertIn("BT-1", self._refused(number.sub(b"", good)))
            self.assertIn("–", self._refused(good.replace(b">EUR<", b"><")))
        self.assertIn("BT-109", self._refused(ubl.replace(b"TaxExclusive", b"Other")))
        self.assertIn("BT-109", self._refused(cii.replace(b"TaxBasisTotal", b"Other")))
        self.assertIn("BT-131", self._refused(cii.replace(b"LineTotalA", b"OtherA")))

    def test_no_xml_at_all(self):
        ubl = self.file.ubl()
        laughs = b"".join(
            b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
        )
        sentences = [
            self._refused(content)
            for content in (
                b"",
                ubl[: len(ubl) // 2],
                ubl.decode().encode("latin-1", "replace")[:-20],
                "é".encode("latin-1").join(ubl.split(b"Pain")),
                b"\x00" * 1000,
                b"<a>" + b"x" * (30 * 1024 * 1024),
            )
        ]
        self.assertEqual(len(sentences), 6)
        bomb = b'<!DOCTYPE a [<!ENTITY l0 "ha">' + laughs + b"]><a>&l9;</a>"
        utf16 = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
        self.assertIn("ENTITY", self._refused(bomb))
        self.assertIn("ENTITY", self._refused(utf16.encode("utf-16")))

    def test_other_documents(self):
        """XML that is none of ours, even in its own namespace."""
        ubl = self.file.ubl()
        self._refused(b"<html><body/></html>")
        self._refused(
            ubl.replace(b"Invoice-2", b"Order-2").replace(b"Invoice ", b"Order ")
        )
        self._refused(
            b'<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:1p0"/>'
        )

    def test_other_kinds_of_files(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("facture.xml", self.file.ubl())
        self._refused(stream.getvalue(), "factures.zip")
        self._refused(b"", "facture.pdf")
        self._refused(b"nothing of a PDF", "facture.pdf")
        self._refused(b"\x01\x02" * 50, "facture.bin")

    def test_pdf(self):
        """With its invoice it is read; with a broken one it says so; without, nothing
        is wrong, and the bill is keyed."""
        bill = self._upload("facture.pdf", self._pdf(self.file.cii()))
        self.assertAlmostEqual(bill.amount_total, 34.26)
        self._refused(
            self._pdf(self.file.cii()[:-300]), "casse.pdf", told="factur-x.xml"
        )
        bill = self._upload("papier.pdf", self._pdf())
        self.assertFalse(bill.einvoice_error)
        self.assertFalse(bill.invoice_line_ids)
        self.assertIn("papier.pdf", self._sentences(bill))

    def test_what_is_read_all_the_same(self):
        """Encodings, prefixes, comments, CDATA, what stands before the declaration."""
        ubl = self.file.ubl()
        text = ubl.decode()
        other = text.replace("cbc:", "a:").replace("xmlns:cbc", "xmlns:a")
        other = other.replace("cac:", "b:").replace("xmlns:cac", "xmlns:b")
        variants = {
            "bom": b"\xef\xbb\xbf" + ubl,
            "utf-16": text.replace("UTF-8", "UTF-16").encode("utf-16"),
            "latin-1": text.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
            "prefix": other.encode(),
            "spaces": b"\r\n\n  " + ubl,
            "comment": ubl.replace(b">FA-2026-1<", b">FA-20<!-- 19 -->26-1<"),
            "cdata": ubl.replace(b">Miel<", b"><![CDATA[Miel]]><"),
            "stylesheet": ubl.replace(b"?>", b"?><?xml-stylesheet href='x.xsl'?>", 1),
            "large": ubl.replace(
                b"<cac:OrderReference>",
                b"<cbc:Note>" + b"x" * (11 * 1024 * 1024) + b"</cbc:Note>"
                b"<cac:OrderReference>",
            ),
        }
        for label, content in variants.items():
            with self.subTest(label):
                name = "facture.XML" if label == "bom" else "facture.xml"
                bill = self._upload(name, content)
                self.assertFalse(bill.einvoice_error)
                self.assertEqual(bill.ref, "FA-2026-1")
                self.assertAlmostEqual(bill.amount_total, 34.26)
                self.assertEqual(bill.invoice_line_ids[0].name, "Miel")

    def test_nobody_sells(self):
        file = File(self.file.rows, seller="", vat="")
        for content in (file.ubl(), file.cii()):
            bill = self._upload("anonyme.xml", content)
            self.assertFalse(bill.partner_id)
            self.assertAlmostEqual(bill.amount_total, 34.26)
            if self._has_french():
                self.assertIn("choisissez-le", self._sentences(bill))

    def test_what_stands_already_keeps_no_error(self):
        """A broken file sent on a bill that has its lines changes nothing of it."""
        bill = self._upload("bonne.xml", self.file.ubl())
        before = self._snapshot(bill)
        attachment = self.env["ir.attachment"].create(
            {
                "name": "casse.xml",
                "raw": b"<a>",
                "mimetype": "application/xml",
                "res_model": "account.move",
                "res_id": bill.id,
            }
        )
        bill.message_post(
            body="Voir le fichier",
            attachment_ids=attachment.ids,
            message_type="comment",
        )
        self.assertFalse(bill.einvoice_error)
        self.assertEqual(self._snapshot(bill), before)

    # -------------------------------------------------------------------------
    # Several at once
    # -------------------------------------------------------------------------

    def _several(self):
        return [
            ("bonne.xml", self.file.ubl()),
            ("cassee.xml", self.file.ubl()[:-200]),
            ("autre.xml", File([Row("Sel", "1", "2.00")], "FA-2").cii()),
            ("facture.pdf", self._pdf(File([Row("Sel", "1", "5.00")], "FA-3").cii())),
        ]

    def _check_several(self, bills):
        self.assertEqual(sorted(bills.mapped("amount_total")), [0.0, 2.4, 6.0, 34.26])
        broken = bills.filtered("einvoice_error")
        self.assertEqual(len(broken), 1)
        self.assertIn("cassee.xml", broken.einvoice_error)

    def test_several_files_and_one_broken(self):
        env = self.env(user=self.accountant)
        attachments = env["ir.attachment"].create(
            [{"name": name, "raw": raw} for name, raw in self._several()]
        )
        action = (
            env["account.journal"]
            .with_context(default_move_type="in_invoice")
            .create_document_from_attachment(attachments.ids)
        )
        self._check_several(env["account.move"].search(action["domain"]))

    def test_several_files_by_mail(self):
        journal = self.env["account.journal"].search(
            [("type", "=", "purchase"), ("company_id", "=", self.company.id)], limit=1
        )
        domain = self.env["mail.alias.domain"].search([], limit=1)
        if not domain:
            domain = domain.create({"name": "example.coop"})
        journal.alias_id.write(
            {"alias_name": "factures-test", "alias_domain_id": domain.id}
        )
        parts = "".join(
            f"--B\r\nContent-Type: application/{'pdf' if 'pdf' in name else 'xml'};"
            f' name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n"
            f"{base64.encodebytes(raw).decode()}\r\n"
            for name, raw in self._several()
        )
        mail = (
            "From: facture@ferme.example\r\n"
            f"To: factures-test@{domain.name}\r\nSubject: Factures\r\n"
            "Message-ID: <several@ferme.example>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="B"\r\n\r\n'
            f"--B\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n{parts}--B--\r\n"
        )
        before = self.env["account.move"].search([])
        self.env["mail.thread"].message_process(None, mail)
        bills = self.env["account.move"].search([]) - before
        self._check_several(bills)
        self.assertEqual(
            sorted(bills.attachment_ids.mapped("name")),
            sorted(name for name, __ in self._several()),
        )

    def test_pdf_and_its_xml_by_mail(self):
        """The same invoice twice in a mail, and a delivery note: one bill."""
        journal = self.env["account.journal"].search(
            [("type", "=", "purchase"), ("company_id", "=", self.company.id)], limit=1
        )
        bill = self.env["account.move"].new(
            {"move_type": "in_invoice", "journal_id": journal.id}
        )
        files = [
            ("FA-2026-1.pdf", self._pdf(self.file.cii())),
            ("FA-2026-1.xml", self.file.cii()),
            ("autre.xml", File([Row("Sel")], "FA-2").ubl()),
            ("autre.pdf", self._pdf()),
        ]
        attachments = self.env["ir.attachment"].create(
            [{"name": name, "raw": raw} for name, raw in files]
        )
        data = bill._to_files_data(attachments)
        data += bill._unwrap_attachments(data)
        groups = bill._group_files_data_into_groups_of_mixed_types(data)
        names = [{file["name"] for file in group} for group in groups]
        self.assertEqual(
            names,
            [
                {"FA-2026-1.pdf", "FA-2026-1.xml", "factur-x.xml"},
                {"autre.xml", "autre.pdf"},
            ],
        )
