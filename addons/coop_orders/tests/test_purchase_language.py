# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import html
import re

from odoo.tests import tagged

from .common import CoopOrdersCommon
from .test_purchase_spreadsheet import open_sheet

# What the mail, the PDF and the spreadsheet say in each language, and nowhere else.
WORDS = {
    "en_US": ("Here is our order", "Delivery expected", "Price without VAT"),
    "fr_FR": ("Voici notre commande", "Livraison attendue", "Prix hors TVA"),
}


@tagged("post_install", "-at_install")
class TestPurchaseLanguage(CoopOrdersCommon):
    """A French cooperative and buyer, suppliers who read something else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "fr_FR"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["ir.module.module"]._load_module_terms(["coop_orders"], ["fr_FR"])
        cls.company.partner_id.lang = "fr_FR"
        cls.buyer.lang = "fr_FR"
        cls.products[0].with_context(lang="en_US").name = "Apples"
        cls.products[0].with_context(lang="fr_FR").name = "Pommes"
        cls.window.action_open()
        cls._order(cls.window, cls.member, {0: 4})
        cls.window.action_close()

    def _send(self, lang):
        """Mail, PDF (tests print it as HTML) and spreadsheet of the order: texts."""
        self.producers[0].lang = lang
        window = self.window.with_user(self.buyer).with_context(lang="fr_FR")
        window.action_create_purchase_orders()
        order = window.action_send_purchase_orders()
        self.assertEqual(order.partner_id, self.producers[0])
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", "purchase.order"), ("res_id", "=", order.id)])
        )
        files = {
            attachment.name.rsplit(".", 1)[-1]: base64.b64decode(attachment.datas)
            for attachment in mail.attachment_ids
        }
        _sheet, rows = open_sheet(files["xlsx"])
        cells = [str(cell) for row in rows.values() for cell in row if cell]
        return (
            self._read(mail.body_html),
            self._read(files["html"].decode()),
            " ".join(cells),
        )

    @staticmethod
    def _read(text):
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())

    def _check(self, texts, lang, product):
        mail, document, sheet = texts
        other = "fr_FR" if lang == "en_US" else "en_US"
        for text, word, wrong in zip(texts, WORDS[lang], WORDS[other], strict=True):
            self.assertIn(word, text)
            self.assertNotIn(wrong, text)
        self.assertIn(product, document)
        self.assertIn(product, sheet)
        self.assertTrue(mail)

    def test_the_supplier_reads_english(self):
        self._check(self._send("en_US"), "en_US", "Apples")

    def test_the_supplier_reads_french(self):
        self._check(self._send("fr_FR"), "fr_FR", "Pommes")

    def test_a_language_without_translation_is_the_source_everywhere(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self._check(self._send("de_DE"), "en_US", "Apples")

    def test_without_a_language_it_is_the_cooperative_s(self):
        self._check(self._send(False), "fr_FR", "Pommes")

    def test_a_contact_without_a_language_reads_as_the_company(self):
        self.producers[0].lang = "en_US"
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.producers[0].id, "lang": False}
        )
        self.assertEqual(contact._coop_get_lang(self.company), "en_US")

    def test_the_planner_s_order_too(self):
        self.producers[0].lang = "en_US"
        plan = (
            self.env["coop.purchase.plan"]
            .with_user(self.buyer)
            .with_context(lang="fr_FR")
            .create({"partner_id": self.producers[0].id})
        )
        plan.action_compute()
        plan.line_ids.filtered(
            lambda line: line.product_id == self.products[0]
        ).packs = 3
        plan.action_order()
        order = plan.purchase_order_id
        self.assertEqual(order.order_line.name, "Apples")
        mail = self.env["mail.mail"].search(
            [("model", "=", "purchase.order"), ("res_id", "=", order.id)]
        )
        self.assertIn("Here is our order", mail.body_html)
        document = self._read(
            base64.b64decode(mail.sudo().attachment_ids.datas).decode()
        )
        # The buyer may have chosen Odoo's own document instead of ours.
        self.assertRegex(document, "Delivery expected|Expected Arrival")
        self.assertNotIn("Livraison", document)
