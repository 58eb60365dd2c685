# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from urllib.parse import urljoin, urlsplit

import lxml.html

from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.base.models.report_paperformat import PAPER_SIZES

from ..tools.engine import SHRINK, Document, PageSpec, Renderer
from ..tools.fetcher import BASE_URL, OdooFetcher

A4 = (210.0, 297.0)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _coop_pdf_engine(self):
        """``weasyprint`` or ``wkhtmltopdf``.

        System parameter ``coop_pdf.engine``: one of them, or ``auto`` (default), which
        takes wkhtmltopdf only where it can print headers and footers: with patched Qt.
        """
        # sudo: a setting of the database, not of the user who prints.
        engine = self.env["ir.config_parameter"].sudo().get_param("coop_pdf.engine")
        if engine in ("weasyprint", "wkhtmltopdf"):
            return engine
        wkhtmltopdf = _wkhtml()
        if wkhtmltopdf.state == "ok" and wkhtmltopdf.is_patched_qt:
            return "wkhtmltopdf"
        return "weasyprint"

    @api.model
    def get_wkhtmltopdf_state(self):
        if self._coop_pdf_engine() == "weasyprint":
            return "ok"
        return super().get_wkhtmltopdf_state()

    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        if self._coop_pdf_engine() != "weasyprint":
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        report = self._get_report(report_ref) if report_ref else self
        spec = self._coop_pdf_page_spec(
            report.get_paperformat(), landscape, specific_paperformat_args or {}
        )
        base_url = self._get_report_url()
        fetcher = OdooFetcher(self.env, own_hosts=[urlsplit(base_url).netloc])
        headers = self._coop_pdf_fragments(header, "minimal_layout_report_headers")
        footers = self._coop_pdf_fragments(footer, "minimal_layout_report_footers")
        documents = [
            self._coop_pdf_document(body, index, headers, footers)
            for index, body in enumerate(bodies)
        ]
        title = report.name if report_ref else None
        return Renderer(spec, fetcher).print_documents(documents, title=title)

    @api.model
    def _coop_pdf_page_spec(self, paperformat, landscape, specific_args):
        """The sheet, from the paper format and what the template asks for."""

        def number(key, default):
            try:
                return float(specific_args.get(key, default) or 0)
            except ValueError:
                return default

        size = next(
            (
                (fmt["width"], fmt["height"])
                for fmt in PAPER_SIZES
                if fmt["key"] == paperformat.format and fmt.get("width")
            ),
            A4,
        )
        if paperformat.format == "custom" and paperformat.page_width:
            size = (paperformat.page_width, paperformat.page_height or A4[1])
        if (
            landscape
            or specific_args.get("data-report-landscape")
            or paperformat.orientation == "Landscape"
        ):
            size = (max(size), min(size))
        return PageSpec(
            width=size[0],
            height=size[1],
            margin_top=number("data-report-margin-top", paperformat.margin_top),
            margin_right=paperformat.margin_right,
            margin_bottom=number(
                "data-report-margin-bottom", paperformat.margin_bottom
            ),
            margin_left=paperformat.margin_left,
            header_spacing=number(
                "data-report-header-spacing", paperformat.header_spacing
            ),
            header_line=paperformat.header_line,
            shrink=1.0 if paperformat.disable_shrinking else SHRINK,
        )

    @api.model
    def _coop_pdf_fragments(self, html, container_id):
        """Headers (or footers), one a document, out of Odoo's page that holds all."""
        if not html:
            return []
        root = lxml.html.fromstring(str(html))
        for container in root.xpath(f"//div[@id='{container_id}']"):
            return [
                lxml.html.tostring(node, encoding="unicode", with_tail=False)
                for node in container
            ]
        return []

    @api.model
    def _coop_pdf_document(self, body_html, index, headers, footers):
        root = lxml.html.document_fromstring(str(body_html))
        body = root.find("body")
        for script in root.xpath("//script"):
            script.drop_tree()
        return Document(
            body="".join(lxml.html.tostring(node, encoding="unicode") for node in body),
            header=headers[index] if index < len(headers) else "",
            footer=footers[index] if index < len(footers) else "",
            body_class=body.get("class", ""),
            stylesheets=tuple(
                urljoin(BASE_URL, urlsplit(link.get("href")).path)
                for link in root.xpath("//link[@rel='stylesheet'][@href]")
            ),
            styles="\n".join(style.text or "" for style in root.xpath("//head/style")),
            lang=root.get("lang", "") or (self.env.lang or "").replace("_", "-"),
            direction=body.get("dir", "ltr"),
        )
