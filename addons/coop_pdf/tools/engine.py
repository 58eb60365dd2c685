# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""HTML and CSS to PDF, as reports need it. Knows nothing of the ORM.

wkhtmltopdf's conventions, kept so that Odoo's templates print unchanged:

* lengths in the paper format are millimetres of paper; the template's pixels are
  shrunk (``SHRINK``), as wkhtmltopdf's "smart shrinking" does, unless the paper
  format disables it. The dpi changes nothing then: Odoo cancels it by a zoom.
* the header begins ``header spacing`` above the body; a header or footer taller than
  its margin makes the margin grow here, instead of printing over the body.
* each document (body) has its own page numbers.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from itertools import pairwise

import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from .fetcher import BASE_URL

#: Pixels of a template printed in the space of one CSS pixel (1/96 inch).
SHRINK = 1.28
MM = 96 / 25.4  # CSS pixels

_MEDIA = re.compile(r"@media\s*([^{]*)\{")
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)px\s*\)")
_CACHE_SIZE = 16
_css_cache = OrderedDict()


@dataclass(frozen=True)
class PageSpec:
    """A sheet, in millimetres of paper."""

    width: float
    height: float
    margin_top: float = 0
    margin_right: float = 0
    margin_bottom: float = 0
    margin_left: float = 0
    header_spacing: float = 0
    header_line: bool = False
    shrink: float = SHRINK

    @property
    def width_px(self):
        """Width of the sheet in the template's pixels."""
        return self.width * MM * self.shrink


def settle_media(css, width):
    """Answer the width queries of a stylesheet for a sheet ``width`` pixels wide.

    WeasyPrint knows media types, not their features, and would drop such a block.

    >>> settle_media("@media (min-width: 768px) { a {} }", 1000)
    '@media all{ a {} }'
    >>> settle_media("@media (max-width:767.98px){a{}}", 1000)
    '@media not all{a{}}'
    >>> settle_media("@media print {a{}}", 1000)
    '@media print {a{}}'
    """

    def settle(match):
        queries = _WIDTH.findall(match[1])
        if not queries:
            return match[0]
        fits = all(
            width >= float(px) if side == "min" else width <= float(px)
            for side, px in queries
        )
        return "@media all{" if fits else "@media not all{"

    return _MEDIA.sub(settle, css)


class Renderer:
    """Print documents on one kind of sheet.

    :param spec: :class:`PageSpec`
    :param fetcher: what reads the resources
    """

    def __init__(self, spec, fetcher):
        self.spec = spec
        self.fetcher = fetcher
        self._fonts = None
        self._heights = {}

    def print_documents(self, documents, title=None):
        """One PDF of several documents, each from a new page with its own numbers.

        :param documents: list of :class:`Document`
            :return: PDF as bytes; its outline has one entry a document, in the form in
                which Odoo splits a PDF of several records
        """
        pages, starts, first = [], [], None
        for document in documents:
            rendered = self._render(document)
            first = first or rendered
            starts.append(len(pages))
            pages += rendered.pages
        if title:
            first.metadata.title = title
        return first.copy(pages).write_pdf(
            zoom=1 / self.spec.shrink,
            finisher=lambda _document, pdf: _write_outline(pdf, starts),
        )

    def _render(self, document):
        sheets, fonts = self._stylesheets(document.stylesheets)
        top, bottom = self._margins(document, sheets, fonts)
        page_css = weasyprint.CSS(
            string=self._page_css(document, top, bottom), font_config=fonts
        )
        return weasyprint.HTML(
            string=document.html(), base_url=BASE_URL, url_fetcher=self.fetcher
        ).render(stylesheets=[*sheets, page_css], font_config=fonts)

    # ------------------------------------------------------------------
    # Stylesheets
    # ------------------------------------------------------------------

    def _stylesheets(self, urls):
        """Parsed stylesheets and their fonts, kept between prints.

        Parsing Odoo's bundle takes most of a second, printing an invoice much less.
        A bundle's address carries its version, so that an entry never gets stale.
        """
        key = (tuple(urls), round(self.spec.width_px))
        if key not in _css_cache:
            fonts = FontConfiguration()
            sheets = []
            for url in urls:
                try:
                    css = self.fetcher.fetch(url).read().decode()
                except ValueError:
                    continue
                sheets.append(
                    weasyprint.CSS(
                        string=settle_media(css, self.spec.width_px),
                        base_url=url,
                        url_fetcher=self.fetcher,
                        font_config=fonts,
                    )
                )
            _css_cache[key] = sheets, fonts
            while len(_css_cache) > _CACHE_SIZE:
                _css_cache.popitem(last=False)
        _css_cache.move_to_end(key)
        return _css_cache[key]

    def _margins(self, document, sheets, fonts):
        """Top and bottom margins (mm), grown to what header and footer need."""
        spec = self.spec
        header = self._height(document, document.header, sheets, fonts)
        footer = self._height(document, document.footer, sheets, fonts)
        top_gap = max(spec.margin_top - spec.header_spacing, 0)
        top = max(spec.margin_top, top_gap + header + 2 if header else 0)
        bottom = max(spec.margin_bottom, footer + 2 if footer else 0)
        if top + bottom > spec.height * 2 / 3:
            # A label: no room for a letter's head. The format is right.
            return spec.margin_top, spec.margin_bottom
        return top, bottom

    def _height(self, document, fragment, sheets, fonts):
        """Height (mm of paper) of a header or footer, measured on a long sheet."""
        if not fragment:
            return 0
        if fragment not in self._heights:
            width = self._mm(
                self.spec.width - self.spec.margin_left - self.spec.margin_right
            )
            css = f"@page {{ size: {width}mm 1000mm; margin: 0 }} {_BASE_CSS}"
            rendered = weasyprint.HTML(
                string=document.html(only=fragment),
                base_url=BASE_URL,
                url_fetcher=self.fetcher,
            ).render(
                stylesheets=[*sheets, weasyprint.CSS(string=css)], font_config=fonts
            )
            body = rendered.pages[0]._page_box.children[0].children[0]
            pixels = max((_bottom(box) for box in body.children), default=0)
            self._heights[fragment] = pixels / MM / self.spec.shrink
        return self._heights[fragment]

    def _mm(self, length):
        """Millimetres of paper in the template's (shrunk) millimetres."""
        return round(length * self.spec.shrink, 3)

    def _page_css(self, document, top, bottom):
        spec, mm = self.spec, self._mm
        gap = max(spec.margin_top - spec.header_spacing, 0)
        boxes = ""
        if document.header:
            line = "border-bottom: 1px solid #000;" if spec.header_line else ""
            boxes += (
                "@top-center { content: element(coop-pdf-header); width: 100%;"
                f" vertical-align: top; padding-top: {mm(gap)}mm; {line} }}"
            )
        if document.footer:
            boxes += (
                "@bottom-center { content: element(coop-pdf-footer); width: 100%;"
                " vertical-align: bottom; }"
            )
        return (
            f"@page {{ size: {mm(spec.width)}mm {mm(spec.height)}mm;"
            f" margin: {mm(top)}mm {mm(spec.margin_right)}mm"
            f" {mm(bottom)}mm {mm(spec.margin_left)}mm; {boxes} }}"
            ".coop-pdf-header { position: running(coop-pdf-header); }"
            ".coop-pdf-footer { position: running(coop-pdf-footer); }" + _BASE_CSS
        )


@dataclass
class Document:
    """One body with its header and footer.

    ``header`` and ``footer`` are HTML fragments (or empty), ``body_class`` the class
    of the ``<body>``, ``stylesheets`` absolute addresses of CSS files, ``styles`` CSS
    text.
    """

    body: str
    header: str = ""
    footer: str = ""
    body_class: str = ""
    stylesheets: tuple = ()
    styles: str = ""
    lang: str = ""
    direction: str = "ltr"

    def html(self, only=None):
        """The whole document, or only a fragment of it, laid out alike."""
        if only is not None:
            content = f'<div class="coop-pdf-margin">{only}</div>'
        else:
            content = (
                f'<div class="coop-pdf-margin coop-pdf-header">{self.header}</div>'
                f'<div class="coop-pdf-margin coop-pdf-footer">{self.footer}</div>'
                f"{self.body}"
            )
        return (
            f'<!DOCTYPE html><html lang="{self.lang}"><head><meta charset="utf-8"/>'
            f"<style>{self.styles}</style></head>"
            f'<body class="{self.body_class}" dir="{self.direction}">{content}</body>'
            "</html>"
        )


# What wkhtmltopdf does and CSS for screens does not say. 11mm: Odoo's
# $o-default-report-margins, that its css_margins formats give to the body.
_BASE_CSS = """
html { height: auto; }
body { margin: 0 !important; }
body.o_body_pdf { max-width: none !important; width: auto; overflow: visible
    !important; }
body.o_body_pdf:not(.o_css_margins) { padding: 0 !important; }
.coop-pdf-margin { box-sizing: border-box; width: 100%; }
body.o_css_margins > .coop-pdf-header, body.o_css_margins > .coop-pdf-footer {
    padding: 0 11mm; }
.page:empty::after { content: counter(page); }
.topage:empty::after { content: counter(pages); }
/* Some of Odoo's templates switch the repetition off, for wkhtmltopdf's sake. */
thead { display: table-header-group !important; }
tfoot { display: table-row-group; }
tr, .coop-keep { break-inside: avoid; }
h1, h2, h3, h4, h5, h6 { break-after: avoid; bookmark-level: none; }
.article { overflow: visible; }
.table-responsive, .overflow-hidden, .overflow-auto { overflow: visible !important; }
p { orphans: 2; widows: 2; }
""" + "".join(
    # A hair less than Bootstrap's twelfths: they add up to a little over 100 %, and the
    # last column would go to the next line.
    f".offset-{n} {{ margin-left: calc({n * 100 / 12:.4f}% - 0.2px); }}"
    for n in range(1, 12)
)


def _bottom(box):
    return box.position_y + box.margin_height()


def _write_outline(pdf, starts):
    """One outline entry a document, in wkhtmltopdf's form.

    Odoo splits a PDF of several records where its outline says, and reads named
    destinations whose first element is a page *number*.
    """
    if len(starts) < 2:
        return
    destinations = pydyf.Dictionary()
    entries = []
    for number, start in enumerate(starts):
        name = f"coop{number}"
        destinations[name] = pydyf.Array([start, "/XYZ", "null", "null", "null"])
        entry = pydyf.Dictionary(
            {"Title": pydyf.String(str(number + 1)), "Dest": f"/{name}"}
        )
        pdf.add_object(entry)
        entries.append(entry)
    pdf.add_object(destinations)
    outlines = pydyf.Dictionary(
        {
            "Type": "/Outlines",
            "Count": len(entries),
            "First": entries[0].reference,
            "Last": entries[-1].reference,
        }
    )
    pdf.add_object(outlines)
    for previous, entry in pairwise(entries):
        previous["Next"] = entry.reference
        entry["Prev"] = previous.reference
    for entry in entries:
        entry["Parent"] = outlines.reference
    pdf.catalog["Outlines"] = outlines.reference
    pdf.catalog["Dests"] = destinations.reference
