# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.base.tests.common import BaseCommon

from .producer_common import ProducerData

SHORTAGE = "coop_orders.mail_activity_type_shortage"


@tagged("post_install", "-at_install")
class TestProducerAnswer(ProducerData, BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_sent_window(cls.env)

    @property
    def activities(self):
        return self.purchase.activity_ids.filtered(
            lambda a: a.activity_type_id == self.env.ref(SHORTAGE)
        )

    def test_everything_confirmed(self):
        self.assertEqual(self.purchase.coop_confirmation_state, "waiting")
        self.purchase.with_user(self.buyer).action_coop_confirm_all()
        self.assertEqual(self.purchase.coop_confirmation_state, "full")
        self.assertTrue(self.purchase.coop_confirmed_at)
        self.assertTrue(self.purchase.acknowledged)
        self.assertEqual(self.line.quantity_confirmed, self.line.product_qty)
        self.assertFalse(self.activities)

    def test_shortage_keeps_the_order_and_tells_the_buyer(self):
        self.purchase._coop_confirm_quantities({self.line: 1.0}, "Frost", self.farm)
        self.assertEqual(self.line.product_qty, 4.0)
        self.assertEqual(self.line.quantity_confirmed, 1.0)
        self.assertEqual(self.purchase.coop_confirmation_state, "short")
        self.assertEqual(self.activities.user_id, self.buyer)
        self.assertIn("Product 2: 1 instead of 4", self.activities.note)
        message = self.purchase.message_ids[0]
        self.assertEqual(message.author_id, self.farm)
        self.assertIn("Frost", message.body)

    def test_a_new_answer_replaces_the_task(self):
        self.purchase._coop_confirm_quantities({self.line: 1.0})
        self.purchase._coop_confirm_quantities({self.line: 0.0})
        self.assertEqual(len(self.activities), 1)
        self.assertIn("0 instead of 4", self.activities.note)
        self.purchase._coop_confirm_quantities()
        self.assertFalse(self.activities)
        self.assertEqual(self.purchase.coop_confirmation_state, "full")

    def test_more_than_ordered_is_refused_and_nothing_written(self):
        with self.assertRaisesRegex(UserError, "between 0 and 3"):
            self.purchase._coop_confirm_quantities(
                {self.line: 2.0, self.second_line: 3.5}
            )
        self.assertFalse(self.line.is_confirmed)
        self.assertFalse(self.purchase.coop_confirmed_at)

    def test_points_share_what_is_confirmed(self):
        self.purchase._coop_confirm_quantities({self.line: 3.0})
        lists = self.purchase._coop_get_point_lists()
        quantities = [
            (point["name"], [quantity for line, quantity in point["rows"]])
            for point in lists
        ]
        self.assertEqual(
            quantities, [("Town hall", [2.0, 3.0]), ("Village square", [1.0])]
        )

    def test_received_or_cancelled_cannot_be_answered(self):
        receipt = self.purchase.picking_ids
        receipt.move_ids.picked = True
        receipt.button_validate()
        with self.assertRaisesRegex(UserError, "has been received"):
            self.purchase._coop_confirm_quantities()
        self.other_purchase.button_cancel()
        with self.assertRaisesRegex(UserError, "was cancelled"):
            self.other_purchase._coop_confirm_quantities()

    def test_the_buyer_may_key_the_answer_in(self):
        self.line.with_user(self.buyer).quantity_confirmed = 0.0
        self.assertTrue(self.line.is_confirmed)
        self.assertEqual(self.purchase.coop_confirmation_state, "short")

    def test_rpc_of_a_producer(self):
        mine = self.purchase.with_user(self.producer_user)
        self.assertEqual(mine.name, self.purchase.name)
        with self.assertRaises(AccessError):
            mine.action_coop_confirm_all()
        with self.assertRaises(AccessError):
            mine.order_line.write({"quantity_confirmed": 1})
        with self.assertRaises(AccessError):
            mine.write({"coop_delivery_note_ref": "x"})
        with self.assertRaises(AccessError):
            self.other_purchase.with_user(self.producer_user).read(["name"])
        with self.assertRaises(AccessError):
            self.sellers.with_user(self.producer_user).read(["price"])

    def test_rpc_sees_only_what_was_sent(self):
        draft = self._create_draft_purchase(self.env)
        for user in (self.producer_user, self.helper_user):
            orders = self.env["purchase.order"].with_user(user).search([])
            self.assertEqual(orders, self.purchase)
            lines = self.env["purchase.order.line"].with_user(user).search([])
            self.assertEqual(lines, self.purchase.order_line)
        with self.assertRaises(AccessError):
            draft.with_user(self.producer_user).read(["name"])
        self.assertFalse(
            self.env["purchase.order"].with_user(self.member_user).search([])
        )

    def test_the_mail_brings_the_link(self):
        mail = self.env["mail.mail"].search(
            [("model", "=", "purchase.order"), ("res_id", "=", self.purchase.id)]
        )
        self.assertIn(
            f"/my/producer/orders/{self.purchase.id}?access_token="
            f"{self.purchase.access_token}",
            mail.body_html,
        )


@tagged("post_install", "-at_install")
class TestProducerPortal(ProducerData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_sent_window(cls.env)
        cls.url = f"/my/producer/orders/{cls.purchase.id}"
        cls.other_url = f"/my/producer/orders/{cls.other_purchase.id}"

    def setUp(self):
        super().setUp()
        self.authenticate("coop_producer", "coop_producer")

    def _answer(self, url=None, **data):
        return self._post(f"{url or self.url}/confirm", **data)

    def _typed(self, **quantities):
        return {
            f"line_{line.id}": text
            for line, text in zip(
                self.purchase.order_line, quantities.values(), strict=True
            )
        }

    def test_home_shows_the_next_deliveries(self):
        page = self.url_open("/my/producer").text
        self.assertIn(self.purchase.name, page)
        self.assertIn("Town hall", page)
        self.assertIn("See and confirm", page)
        self.assertNotIn(self.other_purchase.name, page)
        self.assertIn("/my/producer", self.url_open("/my").text)

    def test_list_holds_only_their_own(self):
        self._create_draft_purchase(self.env)
        page = self.url_open("/my/producer/orders").text
        self.assertEqual(page.count("list-group-item-action"), 1)
        self.assertIn(self.purchase.name, page)

    def test_confirm_everything(self):
        page = self._answer(answer="all").text
        self.assertIn("your answer was sent", page)
        self.assertEqual(self.purchase.coop_confirmation_state, "full")

    def test_only_a_part(self):
        page = self._answer(answer="typed", **self._typed(a="2,5", b="3")).text
        self.assertIn("instead of", page)
        self.assertEqual(self.line.quantity_confirmed, 2.5)
        self.assertEqual(self.purchase.coop_confirmation_state, "short")
        self.assertIn(self.farm, self.purchase.message_ids[0].author_id)

    def test_wrong_numbers_are_said_and_kept_on_the_page(self):
        for text in ("-1", "four", "nan", "1e9", "99", ""):
            page = self._answer(answer="typed", **self._typed(a=text, b="3")).text
            self.assertIn("Product 2: write a", page, text)
            self.assertIn(f'value="{text}"', page)
        self.assertFalse(self.purchase.coop_confirmed_at)

    def test_a_smaller_quantity_and_the_wrong_button(self):
        typed = self._typed(a="1", b="3")
        page = self._answer(answer="all", **typed).text
        self.assertIn("You wrote a smaller quantity for Product 2", page)
        self.assertFalse(self.purchase.coop_confirmed_at)

    def test_a_line_of_somebody_else_is_refused(self):
        key = f"line_{self.other_purchase.order_line[0].id}"
        page = self._answer(answer="typed", **{key: "0"}).text
        self.assertIn("This order has changed", page)
        self.env.invalidate_all()
        self.assertFalse(any(self.other_purchase.order_line.mapped("is_confirmed")))

    def test_orders_of_others_and_drafts_are_closed(self):
        draft = self._create_draft_purchase(self.env)
        for order in (self.other_purchase, draft):
            url = f"/my/producer/orders/{order.id}"
            for path in (url, f"{url}/order.pdf", f"{url}/delivery_note.pdf"):
                response = self.url_open(path, allow_redirects=False)
                self.assertEqual(response.status_code, 303, path)
            self._answer(url, answer="all")
            self._post(f"{url}/delivery_note", reference="X")
            self.env.invalidate_all()
            self.assertFalse(order.coop_confirmed_at)
            self.assertFalse(order.coop_delivery_note_ref)

    def test_members_and_staff_do_not_answer(self):
        for login in ("coop_member_a", "coop_buyer"):
            self.authenticate(login, login)
            self._answer(answer="all")
            self.env.invalidate_all()
            self.assertFalse(self.purchase.coop_confirmed_at, login)
            response = self.url_open("/my/producer", allow_redirects=False)
            self.assertEqual(response.status_code, 303)

    def test_a_helper_answers_under_their_own_name(self):
        self.authenticate("coop_helper", "coop_helper")
        self._answer(answer="all")
        self.assertEqual(self.purchase.coop_confirmation_state, "full")
        self.assertEqual(
            self.purchase.message_ids[0].author_id, self.helper_user.partner_id
        )

    def test_secret_link_opens_that_order_only(self):
        self.authenticate(None, None)
        token = self.purchase._portal_ensure_token()
        self.assertIn(
            "I confirm everything",
            self.url_open(f"{self.url}?access_token={token}").text,
        )
        for url in (
            self.url,
            f"{self.url}?access_token=wrong",
            f"{self.other_url}?access_token={token}",
        ):
            self.assertNotIn("I confirm everything", self.url_open(url).text)
        self._answer(self.other_url, answer="all", access_token=token)
        page = self._answer(answer="all", access_token=token).text
        self.assertIn("your answer was sent", page)
        self.env.invalidate_all()
        self.assertEqual(self.purchase.coop_confirmation_state, "full")
        self.assertFalse(self.other_purchase.coop_confirmed_at)
        self.assertEqual(self.purchase.message_ids[0].author_id, self.farm)

    def test_posts_need_the_csrf_token_and_the_verb(self):
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(f"{self.url}/confirm", data={"answer": "all"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.url_open(f"{self.url}/confirm").status_code, 405)
        self.assertFalse(self.purchase.coop_confirmed_at)

    def test_odoo_page_leads_here(self):
        response = self.url_open(f"/my/purchase/{self.purchase.id}")
        self.assertIn("I confirm everything", response.text)

    def test_delivery_note_number_and_print(self):
        page = self._post(f"{self.url}/delivery_note", reference=" BL-26 ").text
        self.assertIn("BL-26", page)
        self.assertEqual(self.purchase.coop_delivery_note_ref, "BL-26")
        page = self._post(f"{self.url}/delivery_note", reference="  ").text
        self.assertIn("Write the number of your delivery note", page)
        self.assertEqual(self.purchase.coop_delivery_note_ref, "BL-26")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "coop_orders_producer.report_producer_delivery_note", self.purchase.ids
            )[0]
            .decode()
        )
        for text in ("BL-26", "Farm A", "Town hall", "Product 2", self.purchase.name):
            self.assertIn(text, html)
        self.assertNotIn("Camille", html)

    def test_page_query_count(self):
        def count():
            self.url_open(self.url)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.url_open(self.url)
            return self.env.cr.sql_log_count - before

        short = count()
        self.assertLessEqual(short, 45)
        self.purchase.order_line = [
            (0, 0, {"product_id": product.id, "product_qty": 2})
            for product in self.products[:5]
        ]
        # Nothing is read once a line.
        self.assertLessEqual(count(), short + 2)
