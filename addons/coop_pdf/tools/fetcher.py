# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Resources of a report, read in this process: no HTTP server, no network.

Works in a shell, in tests and in crons, where nobody answers on ``report.url``.
Access rights are those of the environment that prints.
"""

import base64
import logging
import re
from mimetypes import guess_type
from urllib.parse import parse_qs, unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, MissingError
from odoo.tools import file_open
from odoo.tools.barcode import check_barcode_encoding, createBarcodeDrawing
from odoo.tools.mimetypes import guess_mimetype

_logger = logging.getLogger(__name__)

#: Base of relative addresses. Never asked: ``.invalid`` cannot be a host (RFC 2606).
BASE_URL = "http://report.invalid/"

_STATIC = re.compile(r"^/(\w+)/static/(.+)$")
_ASSETS = re.compile(r"^/web/assets/([^/]+)/([^/]+)$")
_IMAGE = re.compile(r"^/web/(?:image|content)/(.+)$")
_BARCODE = re.compile(r"^/report/barcode(?:/([^/]+)/(.+))?$")
_LOGO = ("/logo", "/logo.png", "/web/binary/company_logo")


class ResourceError(ValueError):
    """A resource that is not read: unknown address or outside of this database."""


class OdooFetcher(URLFetcher):
    """Read ``data:`` addresses and the addresses of this Odoo, refuse the others.

    :param env: environment whose user's rights apply
    :param own_hosts: host names of this Odoo, that templates may have written out
    """

    def __init__(self, env, own_hosts=()):
        super().__init__(allowed_protocols={"data"})
        self.env = env
        self.own_hosts = {urlsplit(BASE_URL).netloc, *own_hosts}
        self._cache = {}

    def fetch(self, url, headers=None):
        if url.startswith("data:"):
            return super().fetch(url, headers)
        if url not in self._cache:
            try:
                self._cache[url] = self._read(url)
            except (
                AccessError,
                MissingError,
                OSError,
                ResourceError,
                ValueError,
            ) as error:
                _logger.debug("PDF resource left out: %s (%s)", url, error)
                self._cache[url] = None
        if self._cache[url] is None:
            raise ResourceError(url)
        content, mimetype = self._cache[url]
        return URLFetcherResponse(url, content, {"Content-Type": mimetype})

    def _read(self, url):
        """``(bytes, mimetype)`` of an address of this Odoo."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc not in self.own_hosts:
            raise ResourceError("outside of this Odoo")
        path = unquote(parts.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if match := _STATIC.match(path):
            return self._read_static(path)
        if match := _ASSETS.match(path):
            return self._read_asset(path, *match.groups())
        if path in _LOGO:
            return self._read_logo(query)
        if match := _IMAGE.match(path):
            return self._read_image(match[1], query)
        if match := _BARCODE.match(path):
            return self._read_barcode(match, query)
        return self._read_attachment(path)

    def _read_static(self, path):
        with file_open(path.lstrip("/"), "rb") as resource:
            return resource.read(), guess_type(path)[0] or "application/octet-stream"

    def _read_asset(self, path, unique, filename):
        # sudo: bundles are public files, stored by the superuser.
        attachments = self.env["ir.attachment"].sudo()
        attachment = attachments.search(
            [
                ("url", "=", path),
                ("public", "=", True),
                ("create_uid", "=", SUPERUSER_ID),
            ],
            limit=1,
        )
        if not attachment:
            bundle_name, rtl, asset_type, autoprefix = self.env[
                "ir.asset"
            ]._parse_bundle_name(filename, False)
            if asset_type != "css":
                raise ResourceError("only stylesheets are read")
            # sudo: bundles are made once, for everybody
            bundle = (
                self.env["ir.qweb"]
                .sudo()
                ._get_asset_bundle(
                    bundle_name, css=True, js=False, rtl=rtl, autoprefix=autoprefix
                )
            )
            attachment = attachments.browse(bundle.css().id)
        return attachment.raw, "text/css; charset=utf-8"

    def _read_logo(self, query):
        company = self.env.company
        if query.get("company", "").isdigit():
            company = company.browse(int(query["company"]))
        # sudo: the logo is printed on every public page already.
        content = company.sudo().partner_id.image_512
        if not content:
            return self._read_static("/web/static/img/nologo.png")
        return self._decoded(content)

    def _read_image(self, spec, query):
        """``/web/image`` and ``/web/content`` in the forms that templates use."""
        bits = spec.split("/")
        xmlid = model = res_id = None
        field = query.get("field") or "raw"
        if "model" in query:
            model, res_id = query["model"], query.get("id")
        elif bits[0].split("-")[0].isdigit():
            model, res_id = "ir.attachment", bits[0].split("-")[0]
        elif len(bits) >= 3:
            model, res_id, field = bits[0], bits[1].split("-")[0], bits[2]
        else:
            xmlid = bits[0]
        # Checks that this user may read the record, or that it is public. (Its streams
        # need an HTTP request, which a cron has not.)
        record = self.env["ir.binary"]._find_record(
            xmlid=xmlid,
            res_model=model or "ir.attachment",
            res_id=int(res_id) if res_id else None,
            access_token=query.get("access_token"),
            field=field,
        )
        if record._name == "ir.attachment" and field in ("raw", "datas"):
            return record.raw, record.mimetype
        if field not in record._fields or record._fields[field].type != "binary":
            raise ResourceError("not an image")
        return self._decoded(record[field])

    def _read_attachment(self, path):
        # sudo: only public files, as the web server gives them to anybody.
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("url", "=", path), ("public", "=", True)], limit=1)
        )
        if not attachment:
            raise ResourceError("unknown address")
        return attachment.raw, attachment.mimetype

    def _read_barcode(self, match, query):
        """As a drawing: sharp on paper, and no bitmap library needed."""
        kind = match[1] or query.get("barcode_type") or "auto"
        value = match[2] or query.get("value") or ""
        if kind == "auto":
            kind = {8: "EAN8", 13: "EAN13"}.get(len(value), "Code128")
        if kind in ("EAN8", "EAN13") and not check_barcode_encoding(value, kind):
            kind = "Code128"
        options = {
            "width": int(query.get("width", 600)),
            "height": int(query.get("height", 100)),
            "quiet": bool(int(query.get("quiet", 1))),
            "humanReadable": bool(int(query.get("humanreadable", 0))),
        }
        if kind == "QR":
            options["barLevel"] = query.get("barLevel", "L")
            options["barBorder"] = 4 if options.pop("quiet") else 0
        drawing = createBarcodeDrawing(kind, value=value, format="svg", **options)
        return drawing.asString("svg").encode(), "image/svg+xml"

    def _decoded(self, content):
        raw = base64.b64decode(content or b"")
        if not raw:
            raise ResourceError("empty")
        return raw, guess_mimetype(raw)
