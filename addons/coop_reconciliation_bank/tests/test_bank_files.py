# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
import zipfile

from openpyxl import Workbook

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DATA, BankCommon

CAMT = "odoo.addons.account_statement_import_camt.wizard.account_statement_import"
LAYOUT = "coop_reconciliation_bank.account_statement_import_sheet_mapping_"


@tagged("post_install", "-at_install")
class TestBankFiles(BankCommon):
    """Each kind of file, imported by the accountant's wizard, finds its bills."""

    def setUp(self):
        super().setUp()
        self.two = self._posted(123.0, "FA123") + self._posted(124.0, "FA124")
        self.one = self._posted(308.03, "FA124212")

    def _check(self, transactions, amounts, left):
        self.assertEqual(transactions.mapped("amount"), amounts)
        self.assertEqual(
            transactions.filtered(lambda t: not t.is_reconciled).mapped("amount"), left
        )
        pair, one = transactions[0], transactions[1:2]
        self.assertEqual(pair.partner_id, self.supplier)
        self.assertFalse(self._suspense(pair))
        item = self._payable_line(pair.move_id)
        self.assertEqual(item.balance, 247.0)
        lines = self._payable_line(self.two) + item
        self.assertEqual(len(set(lines.mapped("lettering_code"))), 1)
        self.assertTrue(item.lettering_code)
        self.assertEqual(self._proposals(pair).rule, "numbers")
        self.assertEqual(self._proposals(pair).state, "done")
        if one.amount == -308.03:
            self.assertTrue(self._payable_line(self.one).reconciled)
            self.assertEqual(self._proposals(one).rule, "number")

    def test_camt(self):
        """The second is cited by its structured reference only."""
        found = self._import("camt053.xml")
        self._check(found, [-247.0, -308.03, -12.5], [-12.5])
        statement = found.statement_id
        self.assertEqual(
            (statement.balance_start, statement.balance_end_real), (1500.0, 932.47)
        )

    def _archive(self, content):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("camt053.xml", content)
        return archive.getvalue()

    def test_camt_in_an_archive(self):
        """As some banks send a month; whatever the layout of spreadsheets is."""
        found = self._import(
            "releves.zip",
            self._archive((DATA / "camt053.xml").read_bytes()),
            sheet_mapping_id=self.env.ref(f"{LAYOUT}amount").id,
        )
        self._check(found, [-247.0, -308.03, -12.5], [-12.5])
        cut = self._archive((DATA / "camt053.xml").read_bytes()[:1500])
        self.assertIn("releves.zip", self._refused("releves.zip", cut))

    def test_cfonb(self):
        """The numbers are in a complementary record; two transactions are alike."""
        found = self._import("releve.cfonb")
        self._check(found, [-247.0, -308.03, -12.5, -12.5], [-12.5, -12.5])
        self.assertEqual(found.statement_id.balance_end_real, 919.97)

    def test_ofx_of_credit_cooperatif(self):
        """SGML in cp1252, decimal commas, an hour that is yesterday elsewhere."""
        found = self._import("credit_cooperatif.ofx")
        self._check(found, [-247.0, -308.03, 1012.5], [1012.5])
        self.assertEqual(str(found[0].date), "2026-07-02")
        self.assertIn("SALES & FILS Réglé", found[0].payment_ref)
        self.assertEqual(found[1].payment_ref, "VIR SEPA fa 124212")
        statement = found.statement_id
        self.assertEqual(statement.balance_end_real, 1957.47)
        self.assertTrue(statement.is_valid)

    def test_ofx_of_la_banque_postale(self):
        """On one line, UTF-8 that says it is cp1252, the same identifier everywhere."""
        found = self._import("la_banque_postale.ofx")
        self._check(found, [-247.0, -5.0, -5.0], [-5.0, -5.0])
        self.assertIn("PRÉS", found[0].payment_ref)
        self.assertEqual(found[1].payment_ref, "COTISATION TRIMESTRIELLE")

    def test_ofx_2(self):
        found = self._import("ofx2.ofx")
        self._check(found, [-247.0], [])
        self.assertEqual(found.payment_ref, "SALÉS & Fils FA123/FA124")

    def test_csv(self):
        mapping = self.env.ref(f"{LAYOUT}debit_credit")
        found = self._import(
            "releve.csv", journal_id=self.bank.id, sheet_mapping_id=mapping.id
        )
        self._check(found, [-247.0, -308.03, 1012.5], [1012.5])
        self.assertIn("PRÉS", found[0].payment_ref)

    def _workbook(self):
        book = Workbook()
        for row in (
            ("Date", "Libellé", "Montant"),
            ("02/07/2026", "VIR SEPA FA123 FA124", -247.0),
            ("02/07/2026", "VIR FA124212", -308.03),
            (None, None, None),
            ("02/07/2026", "Remise", 1012.5),
        ):
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def test_xlsx(self):
        mapping = self.env.ref(f"{LAYOUT}amount")
        found = self._import(
            "releve.xlsx",
            self._workbook(),
            journal_id=self.bank.id,
            sheet_mapping_id=mapping.id,
        )
        self._check(found, [-247.0, -308.03, 1012.5], [1012.5])

    def test_layout_of_the_bank_account_is_proposed(self):
        mapping = self.env.ref(f"{LAYOUT}debit_credit")
        self.bank.default_sheet_mapping_id = mapping
        with Form(self._by("account.statement.import")) as form:
            form.statement_file = base64.b64encode((DATA / "releve.csv").read_bytes())
            form.journal_id = self.bank
        self.assertEqual(form.record.sheet_mapping_id, mapping)
        form.record.statement_filename = "releve.csv"
        form.record.import_file_button()
        # And it does not prevent another kind of file.
        found = self._import(
            "camt053.xml", journal_id=self.bank.id, sheet_mapping_id=mapping.id
        )
        self.assertEqual(len(found), 3)

    def test_what_was_done_is_said(self):
        self._import("camt053.xml")
        message = self.action["params"]["message"]
        self.assertIn("3", message)
        self.assertIn("2", message)
        opened = self.action["params"]["next"]
        self.assertEqual(opened["res_model"], "account.bank.statement.line")
        self.assertEqual(
            len(self.env["account.bank.statement.line"].search(opened["domain"])), 3
        )

    # -------------------------------------------------------------------------
    # Twice
    # -------------------------------------------------------------------------

    def test_the_same_file_twice(self):
        mapping = self.env.ref(f"{LAYOUT}debit_credit")
        for name, vals in (
            ("camt053.xml", {}),
            ("releve.cfonb", {}),
            ("credit_cooperatif.ofx", {}),
            ("la_banque_postale.ofx", {}),
            (
                "releve.csv",
                {"journal_id": self.bank.id, "sheet_mapping_id": mapping.id},
            ),
        ):
            with self.subTest(name):
                self._import(name, **vals)
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self._import(name, **vals)

    def test_overlapping_files(self):
        """The next file holds the end of the one before: only the rest is new."""
        vals = {
            "journal_id": self.bank.id,
            "sheet_mapping_id": self.env.ref(f"{LAYOUT}debit_credit").id,
        }
        self._import("releve.csv", **vals)
        text = (DATA / "releve.csv").read_bytes()
        text += "02/07/2026;REMISE CHÈQUES;;1 012,50\r\n".encode("cp1252")
        text += b"03/07/2026;CB;-8,00;\r\n"
        found = self._import("suite.csv", text, **vals)
        self.assertEqual(found.mapped("amount"), [1012.5, -8.0])

    # -------------------------------------------------------------------------
    # Damaged files
    # -------------------------------------------------------------------------

    def test_cut_files(self):
        for name in (
            "camt053.xml",
            "releve.cfonb",
            "credit_cooperatif.ofx",
            "la_banque_postale.ofx",
            "ofx2.ofx",
        ):
            whole = (DATA / name).read_bytes()
            for part in (0.5, 0.7, 0.95):
                with self.subTest(f"{name} {part}"):
                    text = self._refused(name, whole[: int(len(whole) * part)])
                    self.assertIn(name, text)

    def test_cfonb_cut_between_two_records(self):
        whole = (DATA / "releve.cfonb").read_bytes()
        self.assertIn("releve.cfonb", self._refused("releve.cfonb", whole[: 122 * 3]))

    def test_amounts_that_are_none(self):
        for name, good, bad in (
            ("camt053.xml", b"247.00", b"deux cents"),
            ("releve.cfonb", b"0000000002470}", b"0000000002470?"),
            ("credit_cooperatif.ofx", b"-247,00", b"-247,douze"),
            ("credit_cooperatif.ofx", b"<DTPOSTED>20260702\r", b"<DTPOSTED>20261399\r"),
        ):
            with self.subTest(f"{name} {bad}"):
                content = (DATA / name).read_bytes()
                self.assertIn(good, content)
                self.assertIn(name, self._refused(name, content.replace(good, bad)))

    def test_unknown_bank_account(self):
        self.bank.bank_account_id = False
        text = self._refused("credit_cooperatif.ofx", None)
        self.assertIn("08001234567", text)

    def test_wrong_layout(self):
        text = self._refused(
            "releve.csv",
            None,
            journal_id=self.bank.id,
            sheet_mapping_id=self.env.ref(f"{LAYOUT}amount").id,
        )
        self.assertIn("Date ; Libellé ; Montant", text)

    def test_spreadsheet_without_bank_account(self):
        self._refused(
            "releve.csv",
            None,
            journal_id=False,
            sheet_mapping_id=self.env.ref(f"{LAYOUT}amount").id,
        )

    @mute_logger(CAMT)
    def test_not_a_statement(self):
        for content in (b" ", b"%PDF-1.7 facture", b"bonjour", b"PK\x03\x04zip"):
            with self.subTest(content):
                self.assertIn("x.pdf", self._refused("x.pdf", content))
