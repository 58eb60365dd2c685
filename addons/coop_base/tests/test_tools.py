# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import doctest
import io
import json
import zipfile

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from odoo.tests import tagged

from odoo.addons.coop_tools.tools import csv_text

from ..tools import (
    export_zip,
    localtime,
    member_file,
    membership_period,
    redact,
    table_file,
)
from .common import CoopCommon, calm


@tagged("post_install", "-at_install")
class TestTools(CoopCommon):
    def test_doctests(self):
        for module in (
            csv_text,
            export_zip,
            localtime,
            member_file,
            table_file,
            membership_period,
            redact,
        ):
            result = doctest.testmod(module)
            self.assertEqual((result.failed, result.attempted > 0), (0, True), module)

    def test_period_follows_what_is_paid(self):
        """A fee paid early loses no day and leaves no gap."""

        @calm
        @given(
            kind=st.sampled_from(["calendar", "rolling"]),
            today=st.dates(
                membership_period.date(2020, 3, 1), membership_period.date(2035, 1, 1)
            ),
            ahead=st.integers(0, 700),
        )
        def check(kind, today, ahead):
            paid = today + membership_period.timedelta(days=ahead)
            first, last = membership_period.next_period(
                kind,
                membership_period.date(2024, 9, 1),
                membership_period.date(2025, 8, 31),
                today,
                paid,
            )
            self.assertGreater(last, paid)
            self.assertLessEqual(first, paid + membership_period.timedelta(days=1))
            if kind == "rolling":
                self.assertEqual(first, paid + membership_period.timedelta(days=1))

        check()

    def test_csv_encodings_and_delimiters(self):
        for text, encoding in (
            ("Nom;Prénom;Téléphone\nŒuvrard;Zoé;0612345678\n", "cp1252"),
            ("Nom,Prénom,Téléphone\nŒuvrard,Zoé,0612345678\n", "utf-8"),
            ("Nom\tPrénom\tTéléphone\nŒuvrard\tZoé\t0612345678\n", "utf-8-sig"),
        ):
            _found, rows, _unknown = member_file.read_members(text.encode(encoding))
            self.assertEqual(
                rows[0].values, {"name": "Zoé Œuvrard", "phone": "0612345678"}
            )

    def test_xlsx_with_numbers_and_dates(self):
        book = Workbook()
        book.active.append(["Numéro", "Nom", "Charte signée le", "Portable"])
        book.active.append(
            [12, "Zoé Œuvrard", membership_period.date(2026, 2, 3), 612345678]
        )
        buffer = io.BytesIO()
        book.save(buffer)
        _found, rows, _unknown = member_file.read_members(buffer.getvalue(), "m.xlsx")
        self.assertEqual(
            rows[0].values,
            {
                "coop_number": "12",
                "name": "Zoé Œuvrard",
                "charter_signed_on": "2026-02-03",
                "phone": "612345678",
            },
        )

    def test_any_bytes_are_read_or_refused(self):
        @calm
        @given(st.binary(max_size=300))
        def check(content):
            try:
                member_file.read_members(content)
            except table_file.TableFileError as error:
                self.assertIn(
                    error.code, ("empty", "format", "headers", "twice", "too_long")
                )

        check()

    def test_zip_names_stay_inside(self):
        content = export_zip.build_zip(
            [
                {
                    "key": "documents",
                    "title": "Documents",
                    "columns": [("name", "Nom")],
                    "rows": [{"name": "<script>"}],
                    "files": [("../../a.pdf", b"1"), ("../../a.pdf", b"2")],
                }
            ],
            "Titre",
            "Intro",
        )
        archive = zipfile.ZipFile(io.BytesIO(content))
        self.assertEqual(
            sorted(archive.namelist()),
            [
                "documents.csv",
                "documents/1_a.pdf",
                "documents/a.pdf",
                "donnees.json",
                "index.html",
            ],
        )
        self.assertIn("&lt;script&gt;", archive.read("index.html").decode())

    def test_export_computes_nothing(self):
        """What was typed is no formula in the CSV, and unchanged in the JSON."""
        typed = '=HYPERLINK("https://x.example")'
        content = export_zip.build_zip(
            [
                {
                    "key": "notes",
                    "title": "Notes",
                    "columns": [("note", "Note"), ("amount", "Montant")],
                    "rows": [{"note": typed, "amount": "-12,50"}],
                }
            ],
            "Titre",
            "Intro",
        )
        archive = zipfile.ZipFile(io.BytesIO(content))
        table = archive.read("notes.csv").decode("utf-8-sig")
        row = next(csv.DictReader(io.StringIO(table), delimiter=";"))
        self.assertEqual(row, {"Note": f"'{typed}", "Montant": "-12,50"})
        self.assertEqual(
            json.loads(archive.read("donnees.json"))["notes"][0]["note"], typed
        )
