# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import doctest
import io

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, HttpCase, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon, CoopOrdersData

from ..tools import order_form
from ..tools.order_form import FIRST_COLUMN, FIRST_ROW, HEAD_ROW, merge

numbers = st.integers(0, 5)


@tagged("post_install", "-at_install")
class TestOrderFormTools(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(order_form)
        self.assertEqual((result.failed, result.attempted > 5), (0, True))

    @given(numbers, numbers, numbers, numbers)
    def test_an_order_changed_meanwhile_is_never_overwritten_silently(
        self, exported, agreed, in_file, now
    ):
        if now not in (agreed, in_file):
            self.assertNotEqual(merge(exported, agreed, in_file, now), "apply")

    @given(numbers, numbers, numbers)
    def test_a_second_upload_changes_nothing(self, exported, in_file, now):
        if merge(exported, exported, in_file, now) == "apply":
            self.assertEqual(merge(exported, in_file, in_file, in_file), "same")


class OrderFormMixin:
    """Download, fill in and upload as people do."""

    def _download(self, user, distribution=None):
        distribution = distribution or self.window.distribution_ids[0]
        action = distribution.with_user(user).action_download_order_form()
        form_id = int(action["url"].split("/")[3])
        form = self.env["coop.order.form"].browse(form_id).with_user(user)
        return form, load_workbook(io.BytesIO(form._make_spreadsheet()))

    def _locate(self, form, member, offer):
        layout = form.sudo().layout
        return (
            FIRST_ROW + layout["offers"].index(offer.id),
            FIRST_COLUMN + layout["members"].index(member.id),
        )

    def _fill(self, form, book, member, offer, value):
        row, column = self._locate(form, member, offer)
        book.worksheets[0].cell(row, column).value = value

    def _upload(self, user, book, window=None, **values):
        content = book
        if isinstance(book, Workbook):
            buffer = io.BytesIO()
            book.save(buffer)
            content = buffer.getvalue()
        return (
            self.env["coop.order.form.import"]
            .with_user(user)
            .create(
                {
                    "window_id": (window or self.window).id,
                    "file": base64.b64encode(content),
                    "filename": "form.xlsx",
                    **values,
                }
            )
        )

    def _quantities(self, member):
        order = self.window.order_ids.filtered(
            lambda order: order.partner_id == member and order.state != "cancel"
        )
        return {line.offer_id: line.product_uom_qty for line in order.order_line}

    def _rows(self, wizard):
        return [
            (line.kind, line.cell, line.member_name, line.in_file)
            for line in wizard.line_ids
        ]


@tagged("post_install", "-at_install")
class TestOrderForm(OrderFormMixin, CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offers = cls.window.offer_ids
        cls._order(cls.window, cls.member, {0: 2, 1: 1})

    def test_a_filled_form_is_said_then_done(self):
        form, book = self._download(self.referent)
        self._fill(form, book, self.paper_member, self.offers[0], 3)
        self._fill(form, book, self.paper_member, self.offers[2], "1,0")
        self._fill(form, book, self.member, self.offers[1], None)
        wizard = self._upload(self.referent, book)
        wizard.action_check()
        self.assertEqual(wizard.change_count, 3)
        self.assertFalse(self._quantities(self.paper_member))
        self.assertEqual(self._quantities(self.member)[self.offers[1]], 1)
        wizard.action_import()
        self.assertEqual(
            self._quantities(self.paper_member), {self.offers[0]: 3, self.offers[2]: 1}
        )
        self.assertEqual(self._quantities(self.member), {self.offers[0]: 2})
        order = self.window.order_ids.filtered(
            lambda order: order.partner_id == self.paper_member
        )
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.order_channel, "import")
        self.assertEqual(order.entered_by_id, self.referent)

    def test_the_same_file_twice_changes_nothing(self):
        form, book = self._download(self.referent)
        self._fill(form, book, self.paper_member, self.offers[0], 3)
        self._upload(self.referent, book).action_import()
        self._change(self.window, self.paper_member, (self.offers[0], 5))
        again = self._upload(self.referent, book)
        again.action_import()
        self.assertFalse(again.line_ids)
        self.assertEqual(self._quantities(self.paper_member), {self.offers[0]: 5})

    def test_a_file_corrected_after_its_first_upload(self):
        form, book = self._download(self.referent)
        self._fill(form, book, self.paper_member, self.offers[0], 3)
        self._upload(self.referent, book).action_import()
        self._fill(form, book, self.paper_member, self.offers[0], 4)
        again = self._upload(self.referent, book)
        again.action_import()
        self.assertFalse(again.ask_count)
        self.assertEqual(self._quantities(self.paper_member), {self.offers[0]: 4})

    def test_changed_online_meanwhile_is_asked(self):
        form, book = self._download(self.referent)
        self._change(self.window, self.member, (self.offers[0], 6))
        self._fill(form, book, self.member, self.offers[0], 4)
        wizard = self._upload(self.referent, book)
        wizard.action_check()
        line = wizard.line_ids
        self.assertEqual(
            (line.kind, line.was, line.now, line.in_file), ("ask", "2", "6", "4")
        )
        wizard.action_import()
        self.assertEqual(self._quantities(self.member)[self.offers[0]], 6)
        other = self._upload(self.referent, book)
        other.action_check()
        self.assertFalse(other.ask_count, "It was decided once.")

    def test_the_file_wins_where_it_is_chosen(self):
        form, book = self._download(self.referent)
        self._change(self.window, self.member, (self.offers[0], 6))
        self._fill(form, book, self.member, self.offers[0], 4)
        wizard = self._upload(self.referent, book)
        wizard.action_check()
        wizard.line_ids.choice = "file"
        wizard.action_import()
        self.assertEqual(self._quantities(self.member)[self.offers[0]], 4)

    def test_untouched_cells_never_undo_what_members_did(self):
        _form, book = self._download(self.referent)
        self._change(self.window, self.member, (self.offers[0], 6))
        wizard = self._upload(self.referent, book)
        wizard.action_import()
        self.assertFalse(wizard.line_ids)
        self.assertEqual(self._quantities(self.member)[self.offers[0]], 6)

    def test_limits_are_said_row_by_row(self):
        self.offers[0].quantity_max = 4
        form, book = self._download(self.referent)
        self._fill(form, book, self.paper_member, self.offers[0], 3)
        self._fill(form, book, self.paper_member, self.offers[1], 1)
        wizard = self._upload(self.referent, book)
        wizard.action_check()
        refused = wizard.line_ids.filtered(lambda line: line.kind == "refused")
        self.assertIn("Only 2", refused.message)
        self.assertEqual(refused.member_name, "Odile on paper")
        wizard.action_import()
        self.assertEqual(self._quantities(self.paper_member), {self.offers[1]: 1})

    def test_what_is_no_quantity_is_said_with_its_cell(self):
        form, book = self._download(self.referent)
        values = {0: "two", 1: -1, 2: "=1+1", 3: 10**9, 4: 1.5}
        for index, value in values.items():
            self._fill(form, book, self.paper_member, self.offers[index], value)
        self._fill(form, book, self.paper_member, self.offers[5], 1)
        wizard = self._upload(self.referent, book)
        wizard.action_import()
        bad = wizard.line_ids.filtered(lambda line: line.kind == "bad")
        row, column = self._locate(form, self.paper_member, self.offers[0])
        self.assertEqual(bad[0].cell, order_form.cell_name(row, column))
        self.assertEqual(
            bad.mapped("message"),
            [
                "This is not a quantity: write a number, such as 2.",
                "A quantity cannot be negative.",
                "Write the number itself, not a formula.",
                "This is too much to be a quantity.",
                "This is ordered by 1: write a multiple of it.",
            ],
        )
        self.assertFalse(self._quantities(self.paper_member), "All or nothing.")
        wizard.skip_bad = True
        wizard.action_import()
        self.assertEqual(self._quantities(self.paper_member), {self.offers[5]: 1})

    def test_pieces_are_keyed_in_as_pieces(self):
        self.offers[4].piece_weight = 0.35
        form, book = self._download(self.referent)
        self._fill(form, book, self.paper_member, self.offers[4], 2)
        self._upload(self.referent, book).action_import()
        self.assertAlmostEqual(self._quantities(self.paper_member)[self.offers[4]], 0.7)

    def test_files_that_are_not_the_form(self):
        buffer = io.BytesIO()
        Workbook().save(buffer)
        for content, sentence in (
            (b"Name;Quantity\nOdile;2", "cannot be read"),
            (b"PK\x03\x04 not a zip", "cannot be read"),
            (b" ", "empty"),
            (b"x" * 5_000_001, "too big"),
            (buffer.getvalue(), "not an order form of ours"),
        ):
            wizard = self._upload(self.referent, content)
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                wizard.action_check()

    def test_another_windows_form(self):
        other = self._create_window(self.env, name="July order")
        other.action_open()
        _form, book = self._download(self.referent, other.distribution_ids[0])
        with self.assertRaisesRegex(UserError, "the form of “July order”"):
            self._upload(self.referent, book).action_check()

    def test_closed_window(self):
        form, book = self._download(self.referent)
        self._fill(form, book, self.paper_member, self.offers[0], 3)
        self.window.action_close()
        with self.assertRaisesRegex(UserError, "closed on"):
            self._upload(self.referent, book).action_import()

    def test_edited_headings(self):
        form, book = self._download(self.referent)
        _row, column = self._locate(form, self.paper_member, self.offers[0])
        book.worksheets[0].cell(HEAD_ROW, column).value = "Somebody else"
        with self.assertRaisesRegex(UserError, "must read “Odile on paper"):
            self._upload(self.referent, book).action_check()

    def test_rows_in_another_order(self):
        _form, book = self._download(self.referent)
        sheet = book.worksheets[0]
        one, two = sheet.cell(FIRST_ROW, 2), sheet.cell(FIRST_ROW + 1, 2)
        one.value, two.value = two.value, one.value
        with self.assertRaisesRegex(UserError, f"B{FIRST_ROW} must read “Product 0”"):
            self._upload(self.referent, book).action_check()

    def test_hidden_ids_cannot_be_moved_to_another_form(self):
        form, _book = self._download(self.referent)
        _second, book = self._download(self.referent, self.window.distribution_ids[0])
        hidden = book[order_form.HIDDEN_SHEET]
        hidden["B2"].value = form.id
        with self.assertRaisesRegex(UserError, "not an order form of ours"):
            self._upload(self.referent, book).action_check()

    def test_names_are_never_formulas(self):
        self.paper_member.name = "=1+1"
        form, book = self._download(self.referent)
        _row, column = self._locate(form, self.paper_member, self.offers[0])
        self.assertEqual(book.worksheets[0].cell(HEAD_ROW, column).data_type, "s")

    def test_only_quantities_can_be_typed_in(self):
        form, book = self._download(self.referent)
        sheet = book.worksheets[0]
        self.assertTrue(sheet.protection.sheet)
        row, column = self._locate(form, self.paper_member, self.offers[0])
        self.assertFalse(sheet.cell(row, column).protection.locked)
        self.assertTrue(sheet.cell(row, 2).protection.locked)
        rule = sheet.data_validations.dataValidation[0]
        self.assertEqual((rule.type, rule.formula1), ("decimal", "0"))
        self.assertEqual(book[order_form.HIDDEN_SHEET].sheet_state, "veryHidden")

    def test_referent_has_the_own_members_only(self):
        self.window.group_ids |= self.other_group
        form, _book = self._download(self.referent)
        members = set(form.sudo().layout["members"])
        self.assertIn(self.paper_member.id, members)
        self.assertNotIn(self.outsider.id, members)
        form, _book = self._download(self.coordinator)
        self.assertIn(self.outsider.id, form.sudo().layout["members"])

    def test_referent_finds_the_own_points(self):
        self.window.group_ids |= self.other_group
        self.outsider.collection_point_id = self.other_point
        for user, points in (
            (self.referent, self.point),
            (self.coordinator, self.point | self.other_point),
        ):
            action = self.window.with_user(user).action_view_forms()
            found = self.env["coop.distribution"].search(action["domain"])
            self.assertEqual(found.collection_point_id, points)

    def test_a_member_collects_where_the_order_says(self):
        other = self.window.distribution_ids[1]
        self.window.order_ids._coop_set_distribution(other)
        form, _book = self._download(self.coordinator)
        self.assertNotIn(self.member.id, form.sudo().layout["members"])
        form, _book = self._download(self.coordinator, other)
        self.assertEqual(form.sudo().layout["members"], self.member.ids)

    def test_another_points_referent_is_refused(self):
        self.window.group_ids |= self.other_group
        form, book = self._download(self.referent)
        self._fill(form, book, self.paper_member, self.offers[0], 3)
        self.assertFalse(form.with_user(self.other_referent).has_access("read"))
        with self.assertRaisesRegex(UserError, "members you do not look after"):
            self._upload(self.other_referent, book).action_check()
        with self.assertRaises(AccessError):
            self._upload(self.member_user, book)
        with self.assertRaises(AccessError):
            form.write({"exported": {}})

    def test_somebody_elses_upload_cannot_be_read(self):
        _form, book = self._download(self.referent)
        wizard = self._upload(self.referent, book)
        with self.assertRaises(AccessError):
            wizard.with_user(self.coordinator).read(["file"])

    def test_mail_to_the_points_referents(self):
        self.point.referent_ids = self.referent.partner_id
        self.referent.partner_id.email = "referent@example.com"
        distributions = self.window.distribution_ids.with_user(self.coordinator)
        with self.assertRaises(AccessError):
            distributions.with_user(self.referent).action_send_order_form()
        answer = distributions.action_send_order_form()
        self.assertIn("Village square", answer["params"]["message"])
        form = self.env["coop.order.form"].search([("window_id", "=", self.window.id)])
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", "coop.order.form"), ("res_id", "=", form.id)])
        )
        self.assertEqual(mail.recipient_ids, self.referent.partner_id)
        book = load_workbook(io.BytesIO(base64.b64decode(mail.attachment_ids.datas)))
        self.assertIn("Town hall", book.worksheets[0]["A1"].value)
        self._fill(form, book, self.paper_member, self.offers[0], 2)
        self._upload(self.referent, book).action_import()
        self.assertEqual(self._quantities(self.paper_member), {self.offers[0]: 2})


@tagged("post_install", "-at_install")
class TestOrderFormRoute(OrderFormMixin, CoopOrdersData, HttpCase):
    def test_who_downloads_a_form(self):
        self._create_coop(self.env)
        self.window = self._create_window(self.env)
        self.window.action_open()
        form, _book = self._download(self.referent)
        url = f"/coop/form/{form.id}/spreadsheet"
        for login, status in (
            ("coop_referent", 200),
            ("coop_coordinator", 200),
            ("coop_other_referent", 404),
            ("coop_buyer", 404),
            ("coop_producer", 404),
            ("coop_member_a", 404),
        ):
            self.authenticate(login, login)
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, status, login)
        self.assertNotIn(b"Odile", answer.content)
