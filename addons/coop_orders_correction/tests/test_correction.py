# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestCorrection(CoopOrdersCommon):
    """One order corrected after the closing: the coordinator sees what follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.producers.lang = "en_US"
        cls.window = cls._create_window(cls.env, offers={0: {"pack_size": 6}})
        cls.window.action_open()
        cls.packed, cls.loose, cls.third = cls.window.offer_ids[:3]
        cls.order = cls._order(cls.window, cls.member, {0: 12, 1: 3})
        cls._order(cls.window, cls.member_b, {0: 7, 1: 2})
        cls.window.with_user(cls.buyer).action_close()
        cls.window.with_user(cls.buyer).action_create_purchase_orders()
        cls.purchase = cls.window.purchase_order_ids.filtered(
            lambda po: po.partner_id == cls.packed.supplier_id
        )
        cls.line = cls.purchase.order_line.filtered(
            lambda line: line.offer_id == cls.packed
        )

    def _open(self, user=None):
        user = user or self.coordinator
        action = self.order.with_user(user).action_correct()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return Form(wizard.with_user(user))

    def _set(self, form, offer, quantity):
        offers = [line["offer_id"] for line in form.line_ids._records]
        with form.line_ids.edit(offers.index(offer.id)) as line:
            line.quantity = quantity

    def _apply(self, quantities, user=None, **values):
        form = self._open(user)
        for offer, quantity in quantities.items():
            self._set(form, offer, quantity)
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_apply()

    def _send(self):
        self.window.with_user(self.buyer).action_send_purchase_orders()

    def _mails(self, record):
        return self.env["mail.mail"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )

    def _count_line_messages(self):
        return len(self.order.message_ids)

    def test_effect_is_shown_before_it_is_done(self):
        form = self._open()
        self.assertIn("Nothing changes yet", form.effect)
        self._set(form, self.packed, 3)
        # 19 asked were 3 packs of 6; 10 are one.
        self.assertIn("18 (3 × 6)", form.effect)
        self.assertIn("6 (1 × 6)", form.effect)
        self.assertIn("is updated", form.effect)
        self.assertEqual(self.line.product_qty, 18)
        self.assertEqual(self.order.order_line[0].product_uom_qty, 12)

    def test_draft_order_is_updated(self):
        self._apply({self.packed: 3})
        self.assertEqual(self.line.product_qty, 6)
        self.assertEqual(self.packed.quantity_to_order, 6)
        self.assertFalse(self._mails(self.purchase))

    def test_same_packs_leave_the_producer_alone(self):
        self._send()
        sent = len(self._mails(self.purchase))
        form = self._open()
        self._set(form, self.packed, 11)
        self.assertIn("stays as it is", form.effect)
        form.save().action_apply()
        self.assertEqual(self.line.product_qty, 18)
        self.assertEqual(len(self._mails(self.purchase)), sent)

    def test_sent_order_is_sent_again_with_the_difference(self):
        self._send()
        self.purchase._coop_confirm_quantities()
        before = self._mails(self.purchase)
        form = self._open()
        self._set(form, self.packed, 3)
        self.assertIn("sent again", form.effect)
        form.save().action_apply()
        self.assertEqual(self.line.product_qty, 6)
        moves = self.purchase.picking_ids.move_ids.filtered(
            lambda m: m.product_id == self.packed.product_id and m.state != "cancel"
        )
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 6)
        mail = self._mails(self.purchase) - before
        self.assertEqual(len(mail), 1)
        self.assertIn("6 instead of 18", mail.body_html)
        self.assertTrue(mail.attachment_ids)
        self.assertEqual(self.purchase.coop_confirmation_state, "waiting")

    def test_sent_order_left_as_it_is(self):
        self._send()
        before = self._mails(self.purchase)
        self._apply({self.packed: 3}, keep_purchases=True)
        self.assertEqual(self.line.product_qty, 18)
        self.assertEqual(self._mails(self.purchase), before)
        self.assertEqual(self.packed.quantity_ordered, 10)

    def test_member_is_told_and_the_history_kept(self):
        self._apply({self.packed: 3, self.loose: 4}, reason="As asked by telephone")
        mail = self._mails(self.order)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.member)
        for text in ("3 instead of 12", "4 instead of 3", "As asked by telephone"):
            self.assertIn(text, mail.body_html)
        message = self.order.message_ids[0]
        self.assertIn("3 instead of 12", message.body)
        self.assertEqual(message.author_id, self.coordinator.partner_id)

    def test_nothing_changed_tells_nobody(self):
        messages = self.order.message_ids
        self._apply({})
        self.assertFalse(self._mails(self.order))
        self.assertEqual(self.order.message_ids, messages)

    def test_product_added_at_the_frozen_price(self):
        price = self.third.price_unit
        self.third.product_id.list_price = 99
        form = self._open()
        with form.line_ids.new() as line:
            line.offer_id = self.third
            line.quantity = 2
        form.save().action_apply()
        added = self.order.order_line.filtered(lambda ln: ln.offer_id == self.third)
        self.assertEqual((added.product_uom_qty, added.price_unit), (2, price))

    def test_price_of_a_corrected_line_is_frozen(self):
        self.packed.product_id.list_price = 99
        self._apply({self.packed: 3})
        line = self.order.order_line.filtered(lambda ln: ln.offer_id == self.packed)
        self.assertEqual(line.price_unit, self.packed.price_unit)
        self.assertAlmostEqual(self.line.price_unit, self.packed.purchase_price)

    def test_whole_order_cancelled(self):
        self._apply({}, cancel_all=True)
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(self.line.product_qty, 6)
        self.assertIn("cancelled", self._mails(self.order).body_html)

    def test_last_member_of_a_producer_cancelled(self):
        """A draft in which nothing is left is cancelled."""
        other = self._order_of(self.loose)
        self.window.order_ids.filtered(
            lambda o: o.partner_id == self.member_b
        )._coop_correct({self.loose: 0})
        self._apply({self.loose: 0})
        self.assertEqual(other.state, "cancel")

    def _order_of(self, offer):
        return self.window.purchase_order_ids.filtered(
            lambda po: po.partner_id == offer.supplier_id
        )

    def test_received_only_from_what_is_left_over(self):
        self._send()
        self._receive(self.window, {self.loose.product_id: 7})
        form = self._open()
        self._set(form, self.loose, 6)
        self.assertIn("what is left over only (2)", form.effect)
        with self.assertRaisesRegex(UserError, "only 2 is left over"):
            form.save().action_apply()
        self._apply({self.loose: 5})
        line = self.order.order_line.filtered(lambda ln: ln.offer_id == self.loose)
        self.assertEqual((line.product_uom_qty, line.quantity_allocated), (5, 5))
        self.assertEqual(self._order_of(self.loose).order_line.product_qty, 5)
        self.assertEqual(self.loose.quantity_allocated, 7)

    def test_what_one_gives_back_serves_who_waits(self):
        self._send()
        self._receive(self.window, {self.loose.product_id: 3})
        self._apply({self.loose: 1})
        other = self.window.order_ids.filtered(
            lambda o: o.partner_id == self.member_b
        ).order_line.filtered(lambda ln: ln.offer_id == self.loose)
        self.assertEqual(other.quantity_allocated, 2)

    def test_invoiced_order_is_refused(self):
        self.order.order_line.qty_delivered = 1
        self.order._create_invoices()
        with self.assertRaisesRegex(UserError, "never rewritten"):
            self.order.with_user(self.coordinator).action_correct()

    def test_open_window_is_refused(self):
        window = self._create_window(self.env, name="Open one")
        window.action_open()
        order = self._order(window, self.member, {0: 1})
        with self.assertRaisesRegex(UserError, "still open"):
            order.with_user(self.coordinator).action_correct()

    def test_limits_hold(self):
        self.packed.quantity_max = 20
        form = self._open()
        self._set(form, self.packed, 14)
        with self.assertRaisesRegex(UserError, "Only 13"):
            form.save().action_apply()

    def test_referents_and_members_do_not_correct(self):
        for user in (self.referent, self.member_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.order.with_user(user).action_correct()


@tagged("post_install", "-at_install")
class TestReopen(CoopOrdersCommon):
    """A closed window opened again: orders to producers follow at the next closing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.first, cls.second, cls.third = cls.window.offer_ids[:3]
        cls.order = cls._order(cls.window, cls.member, {0: 4, 1: 3})
        cls._order(cls.window, cls.member_b, {0: 2})
        cls.window.with_user(cls.buyer).action_close()
        cls.window.with_user(cls.buyer).action_create_purchase_orders()

    def _reopen(self):
        window = self.window.with_user(self.coordinator)
        action = window.action_ask_reopen()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        form = Form(wizard.with_user(self.coordinator))
        effect = form.effect
        form.save().action_apply()
        self.assertEqual(self.window.state, "open")
        return effect

    def _purchase(self, offer):
        return self.window.purchase_order_ids.filtered(
            lambda po: po.partner_id == offer.supplier_id and po.state != "cancel"
        )

    def _mails(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "purchase.order"),
                ("res_id", "in", self.window.purchase_order_ids.ids),
            ]
        )

    def test_without_looking_it_is_refused(self):
        with self.assertRaisesRegex(UserError, "look at what becomes of them"):
            self.window.with_user(self.coordinator).action_reopen()

    def test_drafts_follow_at_the_next_closing(self):
        purchase = self._purchase(self.first)
        self.assertIn("is a draft", self._reopen())
        self._change(self.window, self.member, (self.first, 9), (self.second, 0))
        self.order._coop_validate()
        self.window.with_user(self.buyer).action_close()
        self.assertEqual(self.window.next_step, "order")
        self.window.with_user(self.buyer).action_create_purchase_orders()
        self.assertEqual(self._purchase(self.first), purchase)
        self.assertEqual(purchase.order_line.product_qty, 11)
        self.assertFalse(self._purchase(self.second))

    def test_sent_ones_are_sent_again_only_where_they_differ(self):
        self.window.with_user(self.buyer).action_send_purchase_orders()
        sent = self._mails()
        self.assertIn("was sent", self._reopen())
        self._change(self.window, self.member, (self.first, 9), (self.third, 1))
        self.order._coop_validate()
        self.window.with_user(self.buyer).action_close_and_send()
        self.window.with_user(self.buyer).action_close_and_send()
        self.assertEqual(self._purchase(self.first).order_line.product_qty, 11)
        new = self._mails() - sent
        self.assertEqual(
            set(new.mapped("res_id")),
            {self._purchase(self.first).id, self._purchase(self.third).id},
        )
        self.assertEqual(len(new), 2)

    def test_members_cancel_what_was_opened_again(self):
        self._reopen()
        self.order._coop_cancel()
        self.assertEqual(self.order.state, "cancel")

    def test_after_the_goods_arrived_it_is_refused(self):
        self.window.with_user(self.buyer).action_send_purchase_orders()
        self._receive(self.window, {})
        with self.assertRaisesRegex(UserError, "have arrived"):
            self.window.with_user(self.coordinator).action_ask_reopen()
