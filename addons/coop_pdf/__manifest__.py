# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "PDF Reports with WeasyPrint",
    "summary": "Headers, footers, page numbers and repeated table heads, "
    "without wkhtmltopdf",
    "version": "19.0.2.0.0",
    "category": "Technical",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["web"],
    "external_dependencies": {"python": ["weasyprint"]},
}
