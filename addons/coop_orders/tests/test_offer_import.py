# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import doctest
import io
import time

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon, CoopOrdersData

from ..tools import offer_file

CATALOGUE = (
    "Référence;Code-barres;Produit;Producteur;Prix TTC;Coût HT;Unité;Colis;Disponible\n"
    "P1;;;;2,95 €;2,10;pièce;6;120\n"
    ";376000000001;;;4,20;;;;\n"
    ";;Product 3;Farm 1;5,50;4,00;;12;\n"
)


class CoopImportData:
    def _wizard(self, content, user=None, window=None, **values):
        if isinstance(content, str):
            content = content.encode()
        return (
            self.env["coop.offer.import"]
            .with_user(user or self.buyer)
            .create(
                {
                    "window_id": (window or self.draft).id,
                    "file": base64.b64encode(content),
                    "filename": "catalogue.csv",
                    **values,
                }
            )
        )

    def _xlsx(self, rows):
        book, buffer = Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(buffer)
        return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestOfferImport(CoopImportData, CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_window(cls.env, offer_ids=False)
        cls.products[1].default_code = "P1"
        cls.products[2].barcode = "376000000001"

    def _offer(self, index):
        return self.draft.offer_ids.filtered(
            lambda o: o.product_id == self.products[index]
        )

    def _issues(self, content, **values):
        """``[(row, column, why), …]`` of a dry run; nothing may have been written."""
        before = self.draft.offer_ids
        wizard = self._wizard(content, **values)
        wizard.action_check()
        wizard.action_import()
        self.assertEqual(self.draft.offer_ids, before)
        self.assertTrue(all(wizard.issue_ids.mapped("todo")))
        return [(i.row, i.field, i.why) for i in wizard.issue_ids]

    def test_doctests(self):
        self.assertEqual(doctest.testmod(offer_file).failed, 0)

    # ------------------------------------------------------------------
    # What is read
    # ------------------------------------------------------------------

    def test_dry_run_changes_nothing_and_shows_what_would(self):
        wizard = self._wizard(CATALOGUE)
        wizard.action_check()
        self.assertFalse(self.draft.offer_ids)
        self.assertEqual(wizard.state, "checked")
        self.assertEqual(wizard.line_ids.mapped("kind"), ["create"] * 3)
        self.assertIn("2", wizard.line_ids[0].details)

    def test_french_csv_of_excel(self):
        for encoding in ("cp1252", "utf-8-sig"):
            self.draft.offer_ids.unlink()
            self._wizard(CATALOGUE.encode(encoding)).action_import()
            self.assertRecordValues(
                self._offer(1),
                [
                    {
                        "price_unit": 2.95,
                        "purchase_price": 2.10,
                        "pack_size": 6,
                        "quantity_max": 120,
                        "supplier_id": self.producers[1].id,
                    }
                ],
            )
            self.assertAlmostEqual(self._offer(2).price_unit, 4.20)
            self.assertEqual(self._offer(3).supplier_id, self.producers[0])

    def test_xlsx_with_a_title_and_headers_again(self):
        content = self._xlsx(
            [
                ["Catalogue de juin"],
                [],
                ["Référence", "Prix TTC", "Colis"],
                ["P1", 2.3499999999999996, 6],
                ["Référence", "Prix TTC", "Colis"],
            ]
        )
        self._wizard(content).action_import()
        self.assertAlmostEqual(self._offer(1).price_unit, 2.35)

    def test_twice_changes_nothing(self):
        self._wizard(CATALOGUE).action_import()
        wizard = self._wizard(CATALOGUE)
        wizard.action_check()
        self.assertFalse(wizard.line_ids)
        wizard.action_import()
        self.assertEqual(len(self.draft.offer_ids), 3)

    def test_empty_cell_leaves_what_is_there(self):
        self._wizard(CATALOGUE).action_import()
        self._wizard("Référence;Prix TTC;Colis\nP1;3,10;\n").action_import()
        self.assertRecordValues(self._offer(1), [{"price_unit": 3.1, "pack_size": 6}])

    def test_by_the_producers_own_code(self):
        self.products[4].seller_ids.product_code = "F2-TOM"
        self._wizard("Code fournisseur;Prix\nF2-TOM;7,5\n").action_import()
        self.assertAlmostEqual(self._offer(4).price_unit, 7.5)

    def test_export_and_import_is_a_round_trip(self):
        source = self.window
        source.offer_ids[0].write(
            {"note": "=2+3", "quantity_max": 12, "quantity_step": 0.5}
        )
        content = source._coop_make_offer_spreadsheet()
        wizard = self._wizard(content, window=source)
        wizard.action_import()
        self.assertFalse(wizard.issue_ids or wizard.line_ids or wizard.unknown_headers)
        book = load_workbook(io.BytesIO(content))
        sheet = book.active
        headers = [cell.value for cell in sheet[1]]
        sheet.cell(2, headers.index("Prix TTC") + 1).value = 9.99
        buffer = io.BytesIO()
        book.save(buffer)
        self._wizard(buffer.getvalue(), window=source).action_import()
        self.assertAlmostEqual(source.offer_ids[0].price_unit, 9.99)
        self.assertEqual(source.offer_ids[0].note, "=2+3")

    # ------------------------------------------------------------------
    # Rows that are wrong
    # ------------------------------------------------------------------

    def test_each_bad_row_is_told_with_its_number_and_column(self):
        issues = self._issues(
            "Référence;Produit;Producteur;Prix TTC;Unité;Colis\n"
            "P1;;;deux euros;;\n"
            "P1;;;-2;;\n"
            "P1;;;=B2*2;;\n"
            "P1;;;3760123456789;;\n"
            "P1;;;2;;0\n"
            "P1;;;2;carton;\n"
            "P1;;;2;kg;\n"
            ";Nobody knows;;2;;\n"
            ";Product 3;Nobody;2;;\n"
            ";;;2;;\n"
        )
        self.assertEqual(
            [(row, column) for row, column, _why in issues],
            [
                (2, "Prix TTC"),
                (3, "Prix TTC"),
                (4, "Prix TTC"),
                (5, "Prix TTC"),
                (6, "Colis"),
                (7, "Unité"),
                (8, "Unité"),
                (9, "Produit"),
                (10, "Producteur"),
                (11, "Produit"),
            ],
        )

    def test_duplicate_in_the_file(self):
        issues = self._issues("Référence;Produit;Prix\nP1;;2\n;Product 1;3\n")
        self.assertEqual(issues[0][0], 3)
        self.assertIn("row 2", issues[0][2])

    def test_same_name_twice_asks_for_the_reference(self):
        self.products[5].name = "Product 4"
        issues = self._issues("Produit;Prix\nProduct 4;2\n")
        self.assertIn("Several", issues[0][2])

    def test_good_rows_alone_only_if_asked(self):
        content = "Référence;Prix\nP1;2\nXX;3\n"
        self.assertEqual(len(self._issues(content)), 1)
        self._wizard(content, skip_bad_rows=True).action_import()
        self.assertEqual(self.draft.offer_ids.product_id, self.products[1])

    def test_price_that_members_ordered_at_is_not_imported(self):
        self.window.action_open()
        self._order(self.window, self.member, {1: 2})
        wizard = self._wizard("Référence;Prix\nP1;9\n", window=self.window)
        wizard.action_import()
        self.assertIn("already ordered", wizard.issue_ids.why)
        self.assertAlmostEqual(self.window.offer_ids[1].price_unit, 3.0)
        wizard = self._wizard("Référence;Disponible\nP1;50\n", window=self.window)
        wizard.action_import()
        self.assertAlmostEqual(self.window.offer_ids[1].quantity_max, 50)

    # ------------------------------------------------------------------
    # Files that are wrong
    # ------------------------------------------------------------------

    def test_bad_files_get_one_sentence(self):
        for content, sentence in (
            (b"", "no rows"),
            (b"\n;;\n", "no rows"),
            (b"R\xc3\xa9f\xc3\xa9rence;Prix\n", "no rows"),
            (b"PK\x03\x04 not a zip", "cannot be read"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "cannot be read"),
            (b"Colour;Size\nred;3\n", "Colour"),
            (b"Produit;Prix;Prix TTC\na;1;2\n", "mean the same"),
            (b"Produit;Prix\n" + b"a;1\n" * 1_300_000, "MB"),
            (b"Produit;Prix\n" + b"a;1\n" * 50_001, "rows"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self._wizard(content).action_check()

    def test_closed_window_is_refused(self):
        self.window.action_open()
        self.window.action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            self._wizard(CATALOGUE, window=self.window).action_check()

    # ------------------------------------------------------------------
    # New products
    # ------------------------------------------------------------------

    def test_unknown_product_is_created_if_asked(self):
        category = self.env["product.category"].create({"name": "Légumes"})
        content = (
            "Référence;Produit;Producteur;Prix;Coût HT;Unité;Catégorie;TVA;Origine\n"
            "NEW;Rhubarbe;Farm 1;3,20;2,40;kg;légumes;5,5 %;Toul\n"
        )
        self.assertIn("No product", self._issues(content)[0][2])
        wizard = self._wizard(content, create_products=True)
        wizard.action_check()
        self.assertEqual(wizard.line_ids.kind, "product")
        self.assertFalse(
            self.env["product.product"].search([("default_code", "=", "NEW")])
        )
        wizard.action_import()
        product = self.draft.offer_ids.product_id
        self.assertRecordValues(
            product,
            [
                {
                    "name": "Rhubarbe",
                    "default_code": "NEW",
                    "uom_id": self.env.ref("uom.product_uom_kgm").id,
                    "categ_id": category.id,
                    "coop_origin": "Toul",
                    "is_storable": True,
                }
            ],
        )
        self.assertEqual(product.taxes_id.amount, 5.5)
        self.assertTrue(product.taxes_id.price_include)
        self.assertEqual(product.seller_ids.partner_id, self.producers[0])
        self.assertAlmostEqual(product.seller_ids.price, 2.4)
        again = self._wizard(content, create_products=True)
        again.action_import()
        self.assertEqual(self.draft.offer_ids.product_id, product)

    def test_new_product_needs_producer_price_and_known_vat(self):
        issues = self._issues(
            "Produit;Producteur;Prix;TVA;Catégorie\n"
            "Rhubarbe;;;;\n"
            "Oseille;Farm 1;2;7;Inconnue\n",
            create_products=True,
        )
        self.assertEqual(
            [(row, column) for row, column, _why in issues],
            [(2, "Producteur"), (2, "Prix TTC"), (3, "Catégorie"), (3, "TVA")],
        )

    # ------------------------------------------------------------------
    # Who, and how fast
    # ------------------------------------------------------------------

    def test_coordinator_may(self):
        self._wizard(CATALOGUE, user=self.coordinator).action_import()
        self.assertEqual(len(self.draft.offer_ids), 3)

    def test_member_referent_and_producer_may_not(self):
        for user in (self.member_user, self.referent, self.producer_user):
            with self.assertRaises(AccessError):
                self._wizard(CATALOGUE, user=user)

    def test_queries_do_not_grow_with_the_rows(self):
        self.env["product.product"].create(
            [
                {
                    "name": f"Bulk {index}",
                    "default_code": f"B{index}",
                    "seller_ids": [
                        Command.create({"partner_id": self.producers[0].id, "price": 1})
                    ],
                }
                for index in range(1000)
            ]
        )

        def cost(rows, price):
            text = "Référence;Prix TTC;Coût HT\n" + "".join(
                f"B{index};{price};1\n" for index in range(rows)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start, clock = self.env.cr.sql_log_count, time.time()
            wizard = self._wizard(text)
            wizard.action_import()
            self.env.flush_all()
            self.assertFalse(wizard.issue_ids)
            return self.env.cr.sql_log_count - start, time.time() - clock

        cost(3, "2,10")
        few, _seconds = cost(20, "2,20")
        many, seconds = cost(1000, "2,30")
        changed, _seconds = cost(1000, "2,40")
        # Odoo inserts a hundred or a thousand rows at a time.
        self.assertLess(many - few, 60, f"{few} for 20 rows, {many} for 1000")
        self.assertLess(changed - few, 60, f"{few} for 20 rows, {changed} to change")
        self.assertLess(seconds, 20)


@tagged("post_install", "-at_install")
class TestOfferSpreadsheetPage(CoopOrdersData, HttpCase):
    def setUp(self):
        super().setUp()
        self._create_coop(self.env)
        self.window = self._create_window(self.env)

    def test_file_is_for_who_may_change_the_offers(self):
        url = f"/coop/window/{self.window.id}/offers"
        for login, status in (
            ("coop_buyer", 200),
            ("coop_coordinator", 200),
            ("coop_referent", 404),
            ("coop_member_a", 404),
            ("coop_producer", 404),
        ):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, status, login)
        self.authenticate("coop_buyer", "coop_buyer")
        self.assertEqual(self.url_open("/coop/window/0/offers").status_code, 404)
