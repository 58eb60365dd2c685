# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

from lxml import html
from openpyxl import load_workbook

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersCommon, CoopOrdersData


def open_sheet(content):
    """The only sheet, and its rows by the text of their third cell."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    return sheet, {
        row[2].value: [cell.value for cell in row]
        for row in sheet.iter_rows()
        if row[2].value
    }


@tagged("post_install", "-at_install")
class TestPurchaseSpreadsheet(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window = cls._create_window(cls.env, offers={0: {"pack_size": 6}})
        cls.window.action_open()
        cls.products[0].seller_ids.product_code = "F-01"
        cls.products[3].name = '=HYPERLINK("http://bad.example")'
        cls._order(cls.window, cls.member, {0: (4, 2), 1: 5, 3: 2})
        cls._order(
            cls.window,
            cls.member_b,
            {0: (1, 1), 3: 1},
            distribution=cls.window.distribution_ids[1],
        )
        cls.window.action_close()
        cls.orders = cls.window.action_create_purchase_orders()
        cls.order = cls.orders.filtered(
            lambda order: cls.products[0] in order.order_line.product_id
        )
        cls.orders.partner_id.lang = "en_US"

    def test_quantities_by_point_are_numbers(self):
        _sheet, rows = open_sheet(self.order._coop_make_spreadsheet())
        self.assertEqual(
            rows["Product"][4:-2],
            ["Town hall", "Village square", "Total", "Pack of", "Packs"],
        )
        self.assertEqual(
            rows["Product 0"],
            [1, "F-01", "Product 0", "Units", 5, 1, 6, 6, 1, 1, 6],
        )
        for value in rows["Product 0"][4:]:
            self.assertIsInstance(value, int | float)

    def test_names_are_never_formulas(self):
        sheet, rows = open_sheet(self.order._coop_make_spreadsheet())
        name = '=HYPERLINK("http://bad.example")'
        self.assertEqual(rows[name][4:7], [2, 1, 3])
        cell = next(
            row[2] for row in sheet.iter_rows(min_row=5) if row[2].value == name
        )
        self.assertEqual(cell.data_type, "s")
        self.assertFalse(cell.hyperlink)

    def test_total_is_the_orders(self):
        _sheet, rows = open_sheet(self.order._coop_make_spreadsheet())
        self.assertAlmostEqual(rows["Total without VAT"][-1], self.order.amount_untaxed)

    def test_it_prints_on_a4_with_headings_on_each_page(self):
        sheet, _rows = open_sheet(self.order._coop_make_spreadsheet())
        self.assertEqual(sheet.page_setup.orientation, "landscape")
        self.assertEqual(int(sheet.page_setup.paperSize), 9)
        self.assertEqual(sheet.print_title_rows, "$5:$5")
        self.assertEqual(sheet.page_setup.fitToWidth or 1, 1)
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)

    def test_the_mail_takes_pdf_and_spreadsheet_in_the_producers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.order.partner_id.lang = "fr_FR"
        mails = self.order.with_user(self.buyer)._coop_confirm_and_send()
        by_type = {
            attachment.name.rsplit(".", 1)[-1]: attachment
            for attachment in mails.sudo().attachment_ids
        }
        # Tests print no PDF: the report stays HTML.
        self.assertEqual(set(by_type), {"html", "xlsx"})
        content = base64.b64decode(by_type["xlsx"].datas)
        sheet, rows = open_sheet(content)
        self.assertEqual(
            sheet["A1"].value,
            self.order.with_context(lang="fr_FR").env._(
                "Order %(order)s", order=self.order.name
            ),
        )
        self.assertIn("Product 0", rows)

    def test_many_points_stay_on_one_page(self):
        points = self.env["coop.collection.point"].create(
            [{"name": f"Point {index}"} for index in range(10)]
        )
        start = self.window.distribution_ids[0].date_start
        end = self.window.distribution_ids[0].date_end
        window = self._create_window(
            self.env,
            distribution_ids=[
                Command.create(
                    {
                        "collection_point_id": point.id,
                        "date_start": start,
                        "date_end": end,
                    }
                )
                for point in points
            ],
        )
        window.action_open()
        for index, member in enumerate(self.member | self.member_b):
            self._order(
                window, member, {0: 1}, distribution=window.distribution_ids[index]
            )
        window.action_close()
        order = window.action_create_purchase_orders()
        _sheet, rows = open_sheet(order._coop_make_spreadsheet())
        self.assertEqual(rows["Product"][4:6], ["Point 0", "Point 1"])

    def test_each_point_has_its_column_on_the_printed_page(self):
        points = self.env["coop.collection.point"].create(
            [{"name": f"Point {index:02d}"} for index in range(9)]
        )
        start = self.window.distribution_ids[0].date_start
        end = self.window.distribution_ids[0].date_end
        window = self._create_window(
            self.env,
            distribution_ids=[
                Command.create(
                    {
                        "collection_point_id": point.id,
                        "date_start": start,
                        "date_end": end,
                    }
                )
                for point in points
            ],
        )
        window.action_open()
        self.env["sale.order"]._coop_create_orders(
            window,
            [
                {
                    "partner": self.member.copy({"name": f"Member {index}"}),
                    "lines": [(window.offer_ids[0], index + 1)],
                    "distribution": distribution,
                }
                for index, distribution in enumerate(window.distribution_ids)
            ],
        )
        window.action_close()
        order = window.action_create_purchase_orders()
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            "coop_orders.report_purchase_order", order.ids
        )
        tables = html.fromstring(page).xpath("//table[contains(@class, 'bordered')]")
        heads = [
            [head.text_content().strip() for head in table.xpath(".//th")]
            for table in tables
        ]
        names = points.mapped("name")
        self.assertEqual(heads[0], ["Product", *names[:7]])
        self.assertEqual(
            heads[1], ["Product", *names[7:], "To complete packs", "Total"]
        )
        quantities = [
            cell.text_content().split()[0]
            for table in tables
            for cell in table.xpath(".//tbody/tr/td")[1:8]
        ]
        self.assertEqual(quantities[:9], [str(number) for number in range(1, 10)])


@tagged("post_install", "-at_install")
class TestPurchaseSpreadsheetRoute(CoopOrdersData, HttpCase):
    def setUp(self):
        super().setUp()
        self._create_coop(self.env)
        window = self._create_window(self.env)
        window.action_open()
        orders = self.env["sale.order"]._coop_create_orders(
            window, [{"partner": self.member, "lines": [(window.offer_ids[0], 2)]}]
        )
        self.assertTrue(orders)
        window.action_close()
        self.order = window.action_create_purchase_orders()
        self.url = f"/coop/purchase/{self.order.id}/spreadsheet"

    def test_buyer_downloads_it(self):
        self.authenticate("coop_buyer", "coop_buyer")
        answer = self.url_open(self.url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Product 0", open_sheet(answer.content)[1])

    def test_referent_producer_and_member_do_not(self):
        for login in ("coop_referent", "coop_producer", "coop_member_a"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(self.url).status_code, 404, login)
