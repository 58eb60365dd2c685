# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .common import LogisticsCommon


class ReportCase(LogisticsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive(counted={cls.carrots: 4.0})
        cls.window.distribution_ids.action_prepare()

    def _render(self, xmlid, records, user):
        """Text of the report: of the PDF if an engine prints here, else of the page."""
        env = self.env(user=user, context={"lang": "fr_FR"})
        Report = env["ir.actions.report"]
        if "_coop_pdf_engine" in dir(Report):
            content, _type = Report.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(xmlid, records.ids)
            reader = PdfFileReader(io.BytesIO(content), strict=False)
            text = " ".join(page.extract_text() for page in reader.pages)
            return " ".join(text.split())
        html, _type = Report._render_qweb_html(xmlid, records.ids)
        return html.decode()


@tagged("post_install", "-at_install")
class TestReports(ReportCase):
    def test_slips_say_who_gets_what(self):
        text = self._render(
            "coop_logistics.report_distribution_slips",
            self.distribution,
            self.user_referent,
        )
        for word in (
            "Alice Adhérente",
            "Paulette Papier",
            "Maison des associations",
            "Carottes",
            "Comté",
            "Commandé",
            self.order.name,
        ):
            self.assertIn(word, text)
        self.assertNotIn("Bruno", text)
        # Ordered by the piece, counted by the piece, weighed in kg
        self.assertIn("2 pc.", text)

    def test_members_print_nothing(self):
        for report in ("slips", "point"):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                self._render(
                    f"coop_logistics.report_distribution_{report}",
                    self.distribution,
                    self.user_member,
                )

    def test_point_table_has_totals(self):
        text = self._render(
            "coop_logistics.report_distribution_point",
            self.distribution,
            self.user_referent,
        )
        for word in ("Alice Adhérente", "Paulette Papier", "Œufs par 6", "Restes"):
            self.assertIn(word, text)

    def test_matrix_adds_up(self):
        matrix = self.distribution._get_matrix(columns=1)
        self.assertEqual(len(matrix["pages"]), 2)
        rows = matrix["rows"]
        # 4 kg came for three members who asked 2 kg each: first come, first served
        self.assertEqual(
            [(row["product"], row["count"]) for row in rows],
            [(self.carrots, 1), (self.cheese, 2), (self.eggs, 2)],
        )
        self.assertEqual(rows[0]["total_text"], "2 kg")
        self.assertEqual(rows[2]["total_text"], "6")
        self.assertEqual([page["rows"][0][0] for page in matrix["pages"]], ["2", ""])

    def test_loading_sheet_has_quantities_and_weight(self):
        batch = self.distribution.batch_id
        rows = {row["product"]: row for row in batch._coop_get_loading_rows()}
        self.assertAlmostEqual(rows[self.carrots]["weight"], 2.0)
        self.assertAlmostEqual(rows[self.eggs]["weight"], 2.4)
        text = self._render(
            "coop_logistics.report_loading_sheet", batch, self.user_coordinator
        )
        self.assertIn("Carottes", text)
        self.assertIn("Chargé par", text)
        self.assertIn("Maison des associations", text)
