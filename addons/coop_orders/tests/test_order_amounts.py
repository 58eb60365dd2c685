# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestOrderAmounts(CoopOrdersData, HttpCase):
    """After goods were shared out, a member reads what is got beside what was asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)
        cls.window = cls._create_window(cls.env)
        cls.window.action_open()
        cls.order = cls.env["sale.order"]._coop_create_orders(
            cls.window,
            [
                {
                    "partner": cls.member,
                    "lines": [
                        (cls.window.offer_ids[0], 4),
                        (cls.window.offer_ids[1], 1),
                    ],
                }
            ],
        )
        cls.short, cls.full = cls.order.order_line
        cls.window.with_user(cls.buyer).action_close_and_send()

    def _text(self, amount):
        return self.order.currency_id.format(amount).replace("\xa0", " ")

    def _page(self):
        self.authenticate("coop_member_a", "coop_member_a")
        page = self.url_open(f"/my/coop/orders/{self.order.id}").text
        return page.replace("\xa0", " ").replace("&nbsp;", " ")

    def _receive_half(self):
        pickings = self.window.purchase_order_ids.picking_ids
        for move in pickings.move_ids:
            is_short = move.product_id == self.short.product_id
            move.quantity = 2 if is_short else move.product_uom_qty
            move.picked = True
        pickings.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=pickings.ids
        ).button_validate()

    def test_before_goods_arrive_it_is_what_was_ordered(self):
        page = self._page()
        self.assertIn("Total ordered, VAT included", page)
        self.assertNotIn("What you get", page)

    def test_then_the_total_is_of_what_is_got(self):
        self._receive_half()
        self.assertEqual(self.short.quantity_allocated, 2)
        expected = self.short.price_total / 2 + self.full.price_total
        page = self._page()
        self.assertIn("What you get, VAT included", page)
        sheet = self.order._coop_get_sheet()
        self.assertEqual(sheet["total"].replace("\xa0", " "), self._text(expected))
        self.assertEqual(
            sheet["ordered"].replace("\xa0", " "), self._text(self.order.amount_total)
        )
        self.assertEqual(
            sheet["rows"][0]["amount"].replace("\xa0", " "),
            self._text(self.short.price_total / 2),
        )
        self.assertAlmostEqual(self.order._coop_get_expected_total(), expected)

    def test_given_up_is_said_on_the_page_where_products_are_chosen(self):
        window = self._create_window(self.env, name="Another order")
        window.action_open()
        row = window.supplier_ids.filtered(
            lambda r: r.partner_id == window.offer_ids[0].supplier_id
        )
        self.authenticate("coop_member_a", "coop_member_a")
        url = f"/my/coop/window/{window.id}"
        self.assertNotIn("cannot supply this time", self.url_open(url).text)
        row.with_user(self.buyer).action_give_up()
        self.assertIn("cannot supply this time", self.url_open(url).text)


@tagged("post_install", "-at_install")
class TestWindowAmounts(CoopOrdersData, HttpCase):
    def test_the_page_counts_no_more_what_a_producer_gave_up(self):
        self._create_coop(self.env)
        window = self._create_window(self.env)
        window.action_open()
        order = self.env["sale.order"]._coop_create_orders(
            window,
            [
                {
                    "partner": self.member,
                    "lines": [(offer, 2) for offer in window.offer_ids[:2]],
                }
            ],
        )
        gone, kept = order.order_line
        row = window.supplier_ids.filtered(
            lambda row: row.partner_id == gone.offer_id.supplier_id
        )
        self.assertNotEqual(row.partner_id, kept.offer_id.supplier_id)
        row.with_user(self.buyer).action_give_up()
        self.authenticate("coop_member_a", "coop_member_a")
        url = f"/my/coop/window/{window.id}/state"
        state = self.make_jsonrpc_request(url, {})["state"]
        self.assertAlmostEqual(state["amount"], kept.price_total)
