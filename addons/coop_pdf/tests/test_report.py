# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from unittest.mock import patch

from pypdf import PdfReader

from odoo.tests import TransactionCase, tagged

ARCH = """
<t t-name="coop_pdf.test_report">
    <t t-call="web.html_container">
        <t t-foreach="docs" t-as="o">
            <t t-call="web.external_layout">
                <div class="page">
                    <p>Début <t t-out="o.name"/></p>
                    <img src="/web/static/img/logo.png" style="width: 80px"/>
                    <table class="table o_main_table">
                        <thead style="display: table-row-group">
                            <tr><th>Désignation</th><th>Quantité</th></tr>
                        </thead>
                        <tbody>
                            <tr t-foreach="range(o.color)" t-as="n">
                                <td>Œufs n° <t t-out="n"/></td><td>12</td>
                            </tr>
                        </tbody>
                    </table>
                </div>
            </t>
        </t>
    </t>
</t>
"""


@tagged("post_install", "-at_install")
class TestReport(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={**cls.env.context, "force_report_rendering": True, "lang": "fr_FR"}
        )
        cls.env["ir.config_parameter"].set_param("coop_pdf.engine", "weasyprint")
        view = cls.env["ir.ui.view"].create(
            {"type": "qweb", "name": "test", "key": "coop_pdf.test_report"}
        )
        view.with_context(lang="en_US").arch_db = ARCH
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Bordereau",
                "model": "res.partner",
                "report_name": "coop_pdf.test_report",
            }
        )
        cls.env.company.write(
            {
                "report_footer": "<p>Pied de page</p>",
                "company_details": "<p>Coopérative du Toulois</p>",
            }
        )
        # "color" is the number of rows of each one's table.
        cls.long, cls.short = cls.env["res.partner"].create(
            [{"name": "Longue", "color": 90}, {"name": "Courte", "color": 2}]
        )

    def _print(self, partners):
        pdf, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            self.report, partners.ids
        )
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(pdf))

    def test_header_footer_and_numbers_on_every_page(self):
        reader = self._print(self.long)
        total = len(reader.pages)
        self.assertGreater(total, 2)
        for number, page in enumerate(reader.pages, 1):
            text = page.extract_text()
            self.assertIn("Coopérative du Toulois", text)
            self.assertIn("Pied de page", text)
            self.assertRegex(text, rf"Page\s+{number}\s*/\s*{total}\b")

    def test_table_head_is_repeated(self):
        for page in self._print(self.long).pages:
            self.assertIn("Désignation", page.extract_text())

    def test_each_record_starts_a_page_and_has_its_own_numbers(self):
        texts = [p.extract_text() for p in self._print(self.long + self.short).pages]
        self.assertIn("Début Courte", texts[-1])
        self.assertNotIn("Début Longue", texts[-1])
        self.assertRegex(texts[-1], r"Page\s+1\s*/\s*1\b")
        self.assertRegex(texts[0], rf"Page\s+1\s*/\s*{len(texts) - 1}\b")

    def test_records_are_split_into_attachments(self):
        """Odoo cuts the PDF of several records where its outline says."""
        self.report.attachment = "object.name + '.pdf'"
        self._print(self.long + self.short)
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.short.ids)]
        )
        reader = PdfReader(io.BytesIO(attachments.filtered("raw")[:1].raw))
        self.assertEqual(len(reader.pages), 1)
        self.assertIn("Début Courte", reader.pages[0].extract_text())

    def test_french_text_and_embedded_fonts(self):
        page = self._print(self.short).pages[0]
        self.assertIn("Œufs n° 1", page.extract_text())
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        self.assertTrue(fonts)
        for font in fonts:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            self.assertTrue({"/FontFile2", "/FontFile3"} & set(descriptor.get_object()))

    def test_images_are_read_without_a_server(self):
        with patch("socket.socket.connect", side_effect=AssertionError("network")):
            page = self._print(self.short).pages[0]
        self.assertTrue(page.images)

    def test_landscape(self):
        self.report.paperformat_id = self.env["report.paperformat"].create(
            {"name": "Paysage", "format": "A4", "orientation": "Landscape"}
        )
        box = self._print(self.short).pages[0].mediabox
        self.assertAlmostEqual(float(box.width), 841.89, delta=1)
        self.assertAlmostEqual(float(box.height), 595.28, delta=1)

    def test_custom_format_and_dpi(self):
        """The dpi of a format changes nothing: paper is in millimetres."""
        sizes = []
        for dpi in (90, 300):
            self.report.paperformat_id = self.env["report.paperformat"].create(
                {
                    "name": "Étiquette",
                    "format": "custom",
                    "page_width": 100,
                    "page_height": 60,
                    "margin_top": 0,
                    "margin_bottom": 0,
                    "dpi": dpi,
                    "disable_shrinking": True,
                }
            )
            box = self._print(self.short).pages[0].mediabox
            sizes.append((round(float(box.width)), round(float(box.height))))
        self.assertEqual(sizes, [(283, 170)] * 2)


@tagged("post_install", "-at_install")
class TestEngineChoice(TransactionCase):
    def _engine(self, parameter, **info):
        self.env["ir.config_parameter"].set_param("coop_pdf.engine", parameter)
        module = "odoo.addons.coop_pdf.models.ir_actions_report._wkhtml"
        with patch(module) as wkhtml:
            wkhtml.return_value.configure_mock(**info)
            return self.env["ir.actions.report"]._coop_pdf_engine()

    def test_auto_wants_patched_qt(self):
        self.assertEqual(
            self._engine("auto", state="ok", is_patched_qt=True), "wkhtmltopdf"
        )
        self.assertEqual(
            self._engine("auto", state="ok", is_patched_qt=False), "weasyprint"
        )
        self.assertEqual(
            self._engine(False, state="install", is_patched_qt=False), "weasyprint"
        )

    def test_parameter_decides(self):
        self.assertEqual(
            self._engine("weasyprint", state="ok", is_patched_qt=True), "weasyprint"
        )
        self.assertEqual(
            self._engine("wkhtmltopdf", state="install", is_patched_qt=False),
            "wkhtmltopdf",
        )

    def test_state_is_ok_without_wkhtmltopdf(self):
        self.env["ir.config_parameter"].set_param("coop_pdf.engine", "weasyprint")
        self.assertEqual(self.env["ir.actions.report"].get_wkhtmltopdf_state(), "ok")
