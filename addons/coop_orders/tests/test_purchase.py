# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.coop_base.tests.mailbox import Mailbox

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestPurchase(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window = cls._create_window(
            cls.env,
            offers={
                0: {"pack_size": 6},
                1: {"pack_size": 4, "minimum_quantity": 8},
                2: {"pack_size": 10},
            },
        )
        cls.window.action_open()
        cls.offers = cls.window.offer_ids
        cls.first = cls._order(
            cls.window, cls.member, {0: (4, 2), 1: 5, 2: 3, 3: 2, 4: 1}
        )
        cls.second = cls._order(
            cls.window,
            cls.member_b,
            {0: (1, 1), 1: 3, 5: 2},
            distribution=cls.window.distribution_ids[1],
        )

    def _close(self):
        self.window.with_user(self.buyer).action_close()

    def test_one_order_per_producer_in_whole_packs(self):
        self._close()
        orders = self.window.with_user(self.buyer).action_create_purchase_orders()
        self.assertEqual(orders.partner_id, self.producers)
        quantities = {
            line.offer_id: line.product_qty for line in orders.sudo().order_line
        }
        # 5 asked, 3 tolerated, packs of 6; 8 asked is 2 packs of 4 and the minimum;
        # 3 asked do not fill a pack of 10.
        self.assertEqual(
            quantities,
            {
                self.offers[0]: 6,
                self.offers[1]: 8,
                self.offers[3]: 2,
                self.offers[4]: 1,
                self.offers[5]: 2,
            },
        )
        self.assertEqual(self.offers[2].quantity_to_order, 0)

    def test_prices_are_the_producers(self):
        self._close()
        orders = self.window.action_create_purchase_orders()
        line = orders.order_line.filtered(lambda line: line.offer_id == self.offers[1])
        self.assertAlmostEqual(line.price_unit, 2.0)

    def test_creating_twice_makes_nothing_double(self):
        self._close()
        orders = self.window.action_create_purchase_orders()
        self.assertFalse(self.window.action_create_purchase_orders())
        self.assertEqual(self.window.purchase_order_ids, orders)

    def test_a_lost_order_is_made_again(self):
        self._close()
        orders = self.window.action_create_purchase_orders()
        lost = orders[0]
        partner = lost.partner_id
        lost.button_cancel()
        lost.unlink()
        again = self.window.action_create_purchase_orders()
        self.assertEqual(again.partner_id, partner)

    def test_open_window_is_refused(self):
        with self.assertRaisesRegex(UserError, "Close June order first"):
            self.window.action_create_purchase_orders()

    def test_minimum_of_a_producer_goes_to_the_buyer(self):
        row = self.window.supplier_ids.filtered(
            lambda r: r.partner_id == self.offers[2].supplier_id
        )
        row.minimum_amount = 1000
        self._close()
        window = self.window.with_user(self.buyer)
        orders = window.action_create_purchase_orders()
        self.assertNotIn(row.partner_id, orders.partner_id)
        self.assertEqual(row.minimum_state, "amount")
        self.assertEqual(len(self.window.activity_ids), 1)
        self.assertEqual(self.window.activity_ids.user_id, self.buyer)
        window.action_create_purchase_orders()
        self.assertEqual(len(self.window.activity_ids), 1)
        row.with_user(self.buyer).action_order_anyway()
        self.assertEqual(row.purchase_order_id.partner_id, row.partner_id)

    def test_giving_a_producer_up_tells_the_members(self):
        row = self.window.supplier_ids.filtered(
            lambda r: r.partner_id == self.offers[5].supplier_id
        )
        row.minimum_weight = 50
        self._close()
        self.window.action_create_purchase_orders()
        row.with_user(self.buyer).action_give_up()
        mails = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", self.window.order_ids.ids)]
        )
        self.assertEqual(mails.recipient_ids, self.member | self.member_b)
        self.assertFalse(row.purchase_order_id)

    def test_totals_per_collection_point(self):
        self._close()
        orders = self.window.action_create_purchase_orders()
        order = orders.filtered(lambda o: self.offers[0] in o.order_line.offer_id)
        points, rows = order._coop_get_point_totals()
        self.assertEqual(points.mapped("name"), ["Town hall", "Village square"])
        row = next(r for r in rows if r["line"].offer_id == self.offers[0])
        # 6 ordered for 5 asked: the first member tolerated one more.
        self.assertEqual((row["quantities"], row["rest"]), ([5, 1], 0))

    def test_totals_per_point_add_up_when_packs_are_rounded_down(self):
        self.offers[0].pack_size = 4
        self.second.order_line[0].quantity_tolerance = 0
        self.first.order_line[0].quantity_tolerance = 0
        self._close()
        orders = self.window.action_create_purchase_orders()
        order = orders.filtered(lambda o: self.offers[0] in o.order_line.offer_id)
        _points, rows = order._coop_get_point_totals()
        row = next(r for r in rows if r["line"].offer_id == self.offers[0])
        self.assertEqual((row["quantities"], row["rest"]), ([4, 0], 0))

    def test_producer_without_email_is_called(self):
        partner = self.offers[0].supplier_id
        partner.email = False
        self._close()
        self.window.action_create_purchase_orders()
        self.window.with_user(self.buyer).action_send_purchase_orders()
        order = self.window.purchase_order_ids.filtered(
            lambda o: o.partner_id == partner
        )
        self.assertEqual(order.state, "purchase")
        self.assertIn("no e-mail", order.activity_ids.summary)

    def test_one_button_sends_each_order_once_by_real_smtp(self):
        self.mailbox = Mailbox.open(self)
        window = self.window.with_user(self.coordinator)
        window.action_close_and_send()
        window.action_close_and_send()
        orders = self.window.purchase_order_ids
        self.assertEqual(set(orders.mapped("state")), {"purchase"})
        self.assertTrue(all(orders.mapped("coop_sent_at")))
        mails = self.env["mail.mail"].search(
            [("model", "=", "purchase.order"), ("res_id", "in", orders.ids)]
        )
        self.mailbox.send(mails)
        self.mailbox.send(mails)
        received = self.mailbox.messages
        self.assertEqual(len(received), len(orders))
        self.assertEqual(
            {address for addresses, _message in received for address in addresses},
            set(orders.partner_id.mapped("email_normalized")),
        )
        for _addresses, message in received:
            attached = [
                part for part in message.walk() if part.get_filename() is not None
            ]
            # The PDF and the spreadsheet.
            self.assertEqual(len(attached), 2)
            for part in attached:
                self.assertIn(part.get_filename().split(" ")[0], orders.mapped("name"))
                self.assertTrue(part.get_payload(decode=True))

    def test_language_of_the_producer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.producers.lang = "fr_FR"
        self._close()
        self.window.action_create_purchase_orders()
        self.window.action_send_purchase_orders()
        mail = self.env["mail.mail"].search(
            [("model", "=", "purchase.order")], limit=1, order="id desc"
        )
        self.assertIn("commande", mail.subject)
        self.assertIn("Bonjour", mail.body_html)
