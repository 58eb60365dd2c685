# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .producer_common import ProducerData


@tagged("post_install", "-at_install")
class TestProducerShopOrder(ProducerData, HttpCase):
    """What a purchase plan orders for the shelves, on the producer's pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_sent_window(cls.env)
        cls.env.ref(
            "coop_purchase_planner.mail_template_planned_order"
        ).reset_template()
        cls.shop_order = cls._order_for_the_shop(cls.farm)
        cls.other_shop_order = cls._order_for_the_shop(cls.other_farm)
        cls.url = f"/my/producer/orders/{cls.shop_order.id}"

    @classmethod
    def _order_for_the_shop(cls, supplier):
        """Six of each product of this supplier, planned and sent by the buyer."""
        plan = cls.env["coop.purchase.plan"].create({"partner_id": supplier.id})
        products = cls.products.filtered(
            lambda product: product.seller_ids.partner_id == supplier
        )[:2]
        plan.line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_id": product.uom_id.id,
                    "purchase_uom_id": product.uom_id.id,
                    "pack_size": 1,
                    "packs": 6,
                }
            )
            for product in products
        ]
        plan.with_user(cls.buyer).action_order()
        return plan.purchase_order_id

    def setUp(self):
        super().setUp()
        self.authenticate("coop_producer", "coop_producer")

    def test_shown_beside_the_orders_of_windows(self):
        self.assertFalse(self.shop_order.order_window_id)
        self.assertEqual(self.shop_order.coop_confirmation_state, "waiting")
        home = self.url_open("/my/producer").text
        orders = self.url_open("/my/producer/orders").text
        for page in (home, orders):
            self.assertIn(self.shop_order.name, page)
            self.assertIn("For the shop", page)
            self.assertIn(self.purchase.name, page)
            self.assertNotIn(self.other_shop_order.name, page)

    def test_supplied_in_part(self):
        page = self.url_open(self.url).text
        self.assertIn("I can only supply", page)
        self.assertNotIn("For each collection point", page)
        first, second = self.shop_order.order_line
        page = self._post(
            f"{self.url}/confirm",
            answer="typed",
            note="Frost",
            **{f"line_{first.id}": "4", f"line_{second.id}": "6"},
        ).text
        self.assertIn("your answer was sent", page)
        self.assertEqual(first.quantity_confirmed, 4)
        self.assertEqual(first.product_qty, 6)
        self.assertEqual(self.shop_order.coop_confirmation_state, "short")
        task = self.shop_order.activity_ids
        self.assertEqual(task.user_id, self.buyer)
        self.assertIn("4 instead of 6", task.note)

    def test_what_will_not_come_is_planned_again(self):
        line = self.shop_order.order_line[0]

        def incoming():
            self.env.flush_all()
            plan = self.env["coop.purchase.plan"].create({"partner_id": self.farm.id})
            return plan._read_moves(line.product_id.ids)[0].get(line.product_id.id)

        # Moves of windows pass straight on to members: only the shop's are counted.
        self.assertAlmostEqual(incoming(), 6)
        self.shop_order._coop_confirm_quantities({line: 2.0})
        self.assertAlmostEqual(incoming(), 2)

    def test_delivery_note(self):
        page = self._post(f"{self.url}/delivery_note", reference="BL-77").text
        self.assertIn("BL-77", page)
        self.assertEqual(self.shop_order.coop_delivery_note_ref, "BL-77")
        report = self.env["ir.actions.report"]
        for name in (
            "coop_orders_producer.report_producer_delivery_note",
            "coop_orders.report_purchase_order",
        ):
            html = report._render_qweb_html(name, self.shop_order.ids)[0].decode()
            self.assertIn(self.shop_order.name, html)
            self.assertIn("Product 2", html)
            self.assertNotIn("collection point", html)

    def test_never_another_producer_s(self):
        url = f"/my/producer/orders/{self.other_shop_order.id}"
        for path in (url, f"{url}/order.pdf", f"{url}/delivery_note.pdf"):
            response = self.url_open(path, allow_redirects=False)
            self.assertEqual(response.status_code, 303, path)
        self._post(f"{url}/confirm", answer="all")
        self._post(f"{url}/delivery_note", reference="X")
        self.env.invalidate_all()
        self.assertFalse(self.other_shop_order.coop_confirmed_at)
        self.assertFalse(self.other_shop_order.coop_delivery_note_ref)
        with self.assertRaises(AccessError):
            self.other_shop_order.with_user(self.producer_user).read(["name"])

    def test_what_was_not_sent_is_not_shown(self):
        draft = self.env["purchase.order"].create(
            {
                "partner_id": self.farm.id,
                "order_line": [Command.create({"product_id": self.products[2].id})],
            }
        )
        self.assertNotIn(draft.name, self.url_open("/my/producer/orders").text)
        response = self.url_open(
            f"/my/producer/orders/{draft.id}", allow_redirects=False
        )
        self.assertEqual(response.status_code, 303)

    def test_an_invited_helper_answers_until_the_access_ends(self):
        helper = (
            self.env["coop.producer.helper"]
            .with_user(self.buyer)
            .create(
                {
                    "producer_id": self.farm.id,
                    "name": "Béa",
                    "email": "bea@example.com",
                }
            )
        )
        user = helper.sudo().user_id
        user.password = "bea@example.com"
        orders = self.env["purchase.order"].with_user(user)
        self.assertIn(self.shop_order, orders.search([]))
        self.assertNotIn(self.other_shop_order, orders.search([]))
        self.authenticate("bea@example.com", "bea@example.com")
        self._post(f"{self.url}/confirm", answer="all")
        self.assertEqual(self.shop_order.coop_confirmation_state, "full")
        helper.with_user(self.buyer).unlink()
        self.assertFalse(orders.search([]))

    def test_the_mail_brings_the_link(self):
        mail = self.env["mail.mail"].search(
            [("model", "=", "purchase.order"), ("res_id", "=", self.shop_order.id)]
        )
        self.assertIn(
            f"{self.url}?access_token={self.shop_order.access_token}", mail.body_html
        )
        self.authenticate(None, None)
        token = self.shop_order.access_token
        page = self.url_open(f"{self.url}?access_token={token}").text
        self.assertIn("I confirm everything", page)
        self.assertNotIn("I confirm everything", self.url_open(self.url).text)
