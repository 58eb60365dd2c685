# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import io
from datetime import date

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from .fec_checker import COLUMNS, faults

YEAR = date(2025, 1, 1), date(2025, 12, 31)


@tagged("post_install", "-at_install")
class TestFec(TransactionCase):
    """The FEC stays valid and carries the lettering codes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.accountant = new_test_user(
            cls.env, "fec_accountant", "account.group_account_user"
        )
        cls.supplier = cls.env["res.partner"].create(
            {"name": "Ferme | des\tprés", "is_company": True}
        )
        payable = cls.supplier.property_account_payable_id
        cls.bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.supplier.id,
                "ref": "F124212",
                "invoice_date": "2025-03-10",
                "date": "2025-03-10",
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 100, "tax_ids": False})
                ],
            }
        )
        bank = cls.env["account.journal"].search([("type", "=", "bank")], limit=1)
        cls.payment = cls.env["account.move"].create(
            {
                "journal_id": cls.env["account.journal"]
                .search([("type", "=", "general")], limit=1)
                .id,
                "date": "2025-03-20",
                "line_ids": [
                    Command.create(
                        {
                            "name": "VIR F124212",
                            "account_id": payable.id,
                            "partner_id": cls.supplier.id,
                            "balance": 100,
                        }
                    ),
                    Command.create(
                        {
                            "name": "VIR F124212",
                            "account_id": bank.default_account_id.id,
                            "balance": -100,
                        }
                    ),
                ],
            }
        )
        (cls.bill + cls.payment).action_post()
        cls.lines = (cls.bill + cls.payment).line_ids.filtered(
            lambda line: line.account_id == payable
        )

    def _export(self):
        wizard = (
            self.env["l10n_fr.fec.export.wizard"]
            .with_user(self.accountant)
            .create(
                {"date_from": "2025-01-01", "date_to": "2025-12-31", "test_file": True}
            )
        )
        content = wizard.generate_fec()["file_content"].decode()
        return content, list(csv.DictReader(io.StringIO(content), delimiter="|"))

    def _mine(self, rows):
        numbers = {self.bill.name, self.payment.name}
        return [row for row in rows if row["EcritureNum"] in numbers]

    def test_open_entries_have_no_letter(self):
        __, rows = self._export()
        self.assertFalse(any(row["EcritureLet"] for row in self._mine(rows)))

    def test_lettered_entries_carry_code_and_date(self):
        self.env["coop.lettering.run"].with_user(self.accountant)._run(
            self.company, partners=self.supplier
        )
        self.assertEqual(set(self.lines.mapped("lettering_code")), {"AAA"})
        __, rows = self._export()
        lettered = [row for row in self._mine(rows) if row["EcritureLet"]]
        self.assertEqual(len(lettered), 2)
        self.assertEqual({row["EcritureLet"] for row in lettered}, {"AAA"})
        day = self.lines[0].lettering_date.strftime("%Y%m%d")
        self.assertEqual({row["DateLet"] for row in lettered}, {day})
        account = self.lines.account_id.code
        self.assertEqual({row["CompteNum"] for row in lettered}, {account})

    def test_file_is_valid(self):
        self.env["coop.lettering.run"].with_user(self.accountant)._run(self.company)
        content, rows = self._export()
        self.assertEqual(faults(content, *YEAR), [])
        codes = {row["EcritureLet"] for row in self._mine(rows)}
        self.assertEqual(codes, {"", "AAA"})

    def test_checker_sees_what_is_wrong(self):
        """The checker is worth what it finds: each rule broken once in a valid file."""
        self.lines.reconcile()
        content, __ = self._export()
        lines = content.split("\r\n")
        number = next(n for n, line in enumerate(lines) if "|AAA|" in line)

        def broken(name, value):
            cells = lines[number].split("|")
            cells[COLUMNS.index(name)] = value
            changed = [*lines[:number], "|".join(cells), *lines[number + 1 :]]
            return faults("\r\n".join(changed), *YEAR)

        for name, value, words in (
            ("EcritureDate", "20240310", "of another year"),
            ("EcritureDate", "2025-03-10", "not written"),
            ("PieceDate", "20250231", "out of range|does not match"),
            ("CompteNum", "abc", "account abc"),
            ("PieceRef", "", "PieceRef is empty"),
            ("ValidDate", "", "ValidDate is empty"),
            ("CompAuxLib", "", "CompAuxNum without CompAuxLib"),
            ("DateLet", "", "EcritureLet without DateLet"),
            ("Debit", "12.50", "not written"),
            ("Debit", "12,50", "entry"),
            ("Credit", "99,99", "letter .* AAA"),
        ):
            with self.subTest(name=name, value=value):
                self.assertRegex(" / ".join(broken(name, value)), words)
        self.assertIn("17 cells", str(faults(content + "\r\n" + "|" * 16, *YEAR)))
        self.assertIn("columns", str(faults(content[1:], *YEAR)))

    def test_undone_lettering_leaves_the_file(self):
        self.lines.reconcile()
        self.lines.remove_move_reconcile()
        __, rows = self._export()
        self.assertFalse(any(row["EcritureLet"] for row in self._mine(rows)))
