# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import html

from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

BLANK = "coop_orders_paper.action_report_paper_order_form"
NAMED = "coop_orders_paper.action_report_paper_order_forms_named"


@tagged("post_install", "-at_install")
class TestPaperOrderForm(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.distribution = cls.window.distribution_ids[0]

    def _print(self, report, user, distribution=None):
        distribution = distribution or self.distribution
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(user)
            .with_context(lang="en_US")
            ._render_qweb_html(report, distribution.ids)
        )
        return html.fromstring(content)

    def _texts(self, node, path):
        return [" ".join(found.text_content().split()) for found in node.xpath(path)]

    def test_lines_are_those_of_the_grid(self):
        self.window.offer_ids[2].sequence = 1
        self.window.invalidate_recordset(["offer_ids"])
        page = self._print(BLANK, self.referent)
        grid = self.window.with_user(self.referent).get_entry_grid()
        numbers = self._texts(page, "//td[@class='o_number']")
        names = self._texts(page, "//td[@class='o_number']/following-sibling::td[1]")
        self.assertEqual(
            list(zip(numbers, names, strict=True)),
            [(str(offer["number"]), offer["name"]) for offer in grid["offers"]],
        )
        self.assertEqual(names[0], "Product 2")

    def test_what_a_form_says(self):
        self.point.referent_ids = self.referent.partner_id
        self.referent.partner_id.phone = "03 83 00 00 01"
        self.window.minimum_order_amount = 12
        page = self._print(BLANK, self.referent)
        text = " ".join(page.text_content().split())
        back = self.distribution.with_context(lang="en_US")._get_paper_return()
        for wanted in (
            "June order",
            "Town hall",
            "03 83 00 00 01",
            "12.00",
            back["deadline"],
        ):
            self.assertIn(wanted, text)
        header = self._texts(page, "//div[@class='header']")[0]
        self.assertIn("Town hall", header)
        self.assertIn(back["when"], header)

    def test_price_per_kilogram_is_printed(self):
        self.products[0].weight = 0.5
        page = self._print(BLANK, self.referent)
        row = self._texts(page, "//table[@class='o_lines']/tbody/tr[1]")[0]
        self.assertIn("2.00", row)
        self.assertIn("4.00", row)
        self.assertIn("/ kg", row)

    def test_one_form_for_each_member_of_the_referent(self):
        self.window.group_ids |= self.other_group
        page = self._print(NAMED, self.referent)
        articles = self._texts(page, "//div[hasclass('article')]")
        self.assertEqual(len(articles), 3)
        text = " ".join(articles)
        self.assertIn("Odile on paper", text)
        self.assertIn(self.paper_member.coop_number, text)
        self.assertNotIn(self.outsider.name, text)
        everybody = self._print(NAMED, self.coordinator)
        self.assertEqual(len(everybody.xpath("//div[hasclass('article')]")), 4)

    def test_limits_are_printed(self):
        self.window.offer_ids[0].quantity_max_per_member = 2
        page = self._print(BLANK, self.referent)
        row = self._texts(page, "//table[@class='o_lines']/tbody/tr[1]")[0]
        self.assertIn("at most 2", row)
