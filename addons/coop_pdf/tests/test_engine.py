# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
import io

from pypdf import PdfReader

from odoo.tests import TransactionCase, tagged

from ..tools import engine
from ..tools.engine import Document, PageSpec, Renderer
from ..tools.fetcher import BASE_URL, OdooFetcher, ResourceError


@tagged("post_install", "-at_install")
class TestEngine(TransactionCase):
    def _print(self, documents, **spec):
        spec = PageSpec(**{"width": 210, "height": 297, **spec})
        pdf = Renderer(spec, OdooFetcher(self.env)).print_documents(documents)
        return PdfReader(io.BytesIO(pdf))

    def test_doctests(self):
        self.assertEqual(doctest.testmod(engine).failed, 0)

    def test_sheet_keeps_its_size_when_content_is_shrunk(self):
        for shrink in (1.0, 1.28):
            page = self._print([Document(body="<p>a</p>")], shrink=shrink).pages[0]
            self.assertAlmostEqual(float(page.mediabox.width), 595.28, delta=1)
            self.assertAlmostEqual(float(page.mediabox.height), 841.89, delta=1)

    def test_tall_header_moves_the_body_down(self):
        """wkhtmltopdf prints a header that is too tall over the body."""

        spec = PageSpec(210, 297, margin_top=20, header_spacing=20)
        renderer = Renderer(spec, OdooFetcher(self.env))

        def margin_top(header):
            document = Document(body="<p>a</p>", header=header)
            return renderer._margins(document, *renderer._stylesheets(()))[0]

        self.assertEqual(margin_top("<div>court</div>"), 20)
        # 400 px shrunk by 1.28: 82.7 mm of paper.
        self.assertAlmostEqual(
            margin_top("<div style='height: 400px'>haut</div>"), 84.7, delta=0.5
        )

    def test_resources_are_only_ours(self):
        fetcher = OdooFetcher(self.env, own_hosts=["coop.example.com"])
        self.assertTrue(fetcher.fetch(BASE_URL + "web/static/img/logo.png").read())
        self.assertTrue(
            fetcher.fetch("https://coop.example.com/web/static/img/logo.png").read()
        )
        for url in (
            "https://elsewhere.example.com/web/static/img/logo.png",
            "file:///etc/hostname",
            BASE_URL + "web/static/../../../../../etc/hostname",
            BASE_URL + "web/static/img/nothing.png",
        ):
            with self.assertRaises(ResourceError, msg=url):
                fetcher.fetch(url)

    def test_images_obey_access_rights(self):
        secret = self.env["ir.attachment"].create(
            {"name": "secret.png", "raw": b"secret", "mimetype": "image/png"}
        )
        public = self.env(user=self.env.ref("base.public_user"))
        url = f"{BASE_URL}web/image/{secret.id}"
        with self.assertRaises(ResourceError):
            OdooFetcher(public).fetch(url)
        self.assertEqual(OdooFetcher(self.env).fetch(url).read(), b"secret")

    def test_barcode(self):
        content = (
            OdooFetcher(self.env)
            .fetch(BASE_URL + "report/barcode/Code128/4006381333931?width=300")
            .read()
        )
        self.assertIn(b"<svg", content)
