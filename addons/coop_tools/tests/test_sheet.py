# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
import io
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from odoo.addons.coop_tools.tools import number_text, sheet, text

CELL = b'<c t="inlineStr"><is><t>x</t></is></c>'
# Seconds of processor and bytes that a file may take before it is refused.
SECONDS, BYTES = 2, 200_000_000


def make_xlsx(rows, name="xl/worksheets/sheet1.xml"):
    """An xlsx whose first sheet has this XML between its rows' tags."""
    buffer = io.BytesIO()
    book = sheet.new_workbook(buffer)
    book.add_worksheet().write(0, 0, "Nom")
    book.close()
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(buffer.getvalue())) as before,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            content = before.read(info)
            if info.filename == name:
                head, _sep, tail = content.partition(b"<sheetData>")
                tail = tail.partition(b"</sheetData>")[2]
                content = head + b"<sheetData>" + rows + b"</sheetData>" + tail
            after.writestr(info.filename, content)
    return result.getvalue()


@tagged("post_install", "-at_install")
class TestSheet(BaseCase):
    def test_doctests(self):
        for module in (number_text, sheet, text):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertFalse(result.failed)
                self.assertTrue(result.attempted)

    def test_what_is_read_is_text(self):
        buffer = io.BytesIO()
        book = sheet.new_workbook(buffer)
        page = book.add_worksheet()
        page.write_row(0, 0, ["=1+1", 2.3499999999999996, "  deux   mots ", True])
        book.close()
        self.assertEqual(
            sheet.read_rows(buffer.getvalue()),
            [["=1+1", "2.35", "deux mots", "True"]],
        )

    def test_each_bad_file_has_its_code(self):
        rows = b"".join(b'<row r="%d">%s</row>' % (n, CELL) for n in range(1, 51_000))
        for content, code in (
            (b"", "empty"),
            (b"  \n ", "empty"),
            (b"x" * 6_000_000, "too_big"),
            (b"PK\x03\x04" + b"rien" * 20, "format"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 900, "format"),
            (b"a\x00b", "format"),
            (make_xlsx(b"<row><c"), "format"),
            (make_xlsx(rows), "too_long"),
            (make_xlsx(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'), "too_many"),
            (make_xlsx(b"<row>" + b'<c r="A1"/>' * 600_000 + b"</row>"), "too_many"),
            ("\n".join(["a;b"] * 60_000).encode(), "too_long"),
        ):
            with (
                self.subTest(code=code, size=len(content)),
                self.assertRaises(sheet.SheetError) as caught,
            ):
                sheet.read_rows(content)
            self.assertEqual(caught.exception.code, code)

    def test_a_bomb_costs_little(self):
        """40 kB that are millions of cells, and 60 MB: in a process of its own."""
        bombs = {
            "cells": make_xlsx(b"<row>" + b'<c r="A1"/>' * 3_000_000 + b"</row>"),
            "rows": make_xlsx(b'<row r="9"/>' * 3_000_000),
            "zeros": make_xlsx(b" " * 300_000_000),
            "big": b"PK\x03\x04" + bytes(60_000_000),
        }
        program = textwrap.dedent(
            """
            import importlib.util, re, sys, time
            spec = importlib.util.spec_from_file_location("sheet", sys.argv[1])
            sheet = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sheet)
            content = open(sys.argv[2], "rb").read()
            start = time.process_time()
            for read in (sheet.read_rows, sheet.open_workbook):
                try:
                    read(content)
                except sheet.SheetError as error:
                    code = error.code
                else:
                    code = "read"
            spent = time.process_time() - start
            # Of this program alone: the kernel's other figure counts who started it.
            status = open("/proc/self/status").read()
            most = int(re.search("VmHWM:\\s*(\\d+)", status)[1]) * 1024
            print(code, spent, most)
            """
        )
        for name, content in bombs.items():
            path = Path(self._get_folder()) / f"{name}.xlsx"
            path.write_bytes(content)
            done = subprocess.run(
                [sys.executable, "-c", program, sheet.__file__, str(path)],
                capture_output=True,
                text=True,
                check=True,
            )
            code, spent, most = done.stdout.split()
            with self.subTest(bomb=name):
                self.assertIn(code, ("too_big", "too_many"))
                self.assertLess(float(spent), SECONDS)
                self.assertLess(float(most), BYTES + len(content))

    def _get_folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name
