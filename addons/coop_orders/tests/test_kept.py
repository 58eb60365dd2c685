# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.coop_base.tools.localtime import to_local

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestKept(CoopOrdersCommon):
    """*Archive*, *Delete*, *Duplicate* and moves of what members count on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.order = cls._order(cls.window, cls.member, {0: 2})
        cls._order(cls.window, cls.paper_member, {0: 1})
        cls.offer, cls.other = cls.window.offer_ids[:2]
        cls.distribution = cls.order.distribution_id

    def _mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )

    def test_a_distribution_moved(self):
        distribution = self.distribution.with_user(self.coordinator)
        two_days = timedelta(days=2)
        distribution.write(
            {
                "date_start": distribution.date_start + two_days,
                "date_end": distribution.date_end + two_days,
            }
        )
        (mail,) = self._mails()
        self.assertIn("Town hall", mail.body_html)
        # Who has no e-mail is called by the referent.
        self.assertTrue(self.paper_member.activity_ids)
        self.assertEqual(self.order._coop_read_history()[0]["kind"], "point")
        distribution.write({"date_start": distribution.date_start})
        self.assertEqual(len(self._mails()), 1)

    def test_its_slots_move_with_it(self):
        distribution = self.distribution
        slot = self.env["coop.distribution.slot"].create(
            {
                "distribution_id": distribution.id,
                "date_start": distribution.date_start,
                "date_end": distribution.date_start + timedelta(minutes=30),
            }
        )
        self.order.slot_id = slot
        before = slot.date_start
        distribution.with_user(self.coordinator).write(
            {
                "date_start": distribution.date_start + timedelta(days=1),
                "date_end": distribution.date_end + timedelta(days=1),
            }
        )
        self.assertEqual(slot.date_start, before + timedelta(days=1))
        self.assertEqual(self.order.slot_id, slot)

    def test_a_basket_is_told_too(self):
        basket = self._order(self.window, self.member_b, {0: 1}, state="draft")
        self.distribution.with_user(self.coordinator).date_end += timedelta(hours=1)
        mails = self.env["mail.mail"].search([("res_id", "=", basket.id)])
        self.assertTrue(mails)

    def test_a_distribution_elsewhere(self):
        empty = self.window.distribution_ids - self.distribution
        empty.unlink()
        self.distribution.with_user(
            self.coordinator
        ).collection_point_id = self.other_point
        self.assertIn("Village square", self._mails().body_html)

    def test_what_is_in_use_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "“Town hall – June order” is in use"):
            self.distribution.with_user(self.coordinator).unlink()
        with self.assertRaisesRegex(UserError, "“Town hall” is in use"):
            self.point.unlink()
        point = self.env["coop.collection.point"].create({"name": "Unused"})
        point.unlink()

    def test_an_ordered_offer_stays_what_it_is(self):
        offer = self.offer.with_user(self.coordinator)
        pack = self.env.ref("uom.product_uom_pack_6")
        for name, value in (
            ("active", False),
            ("product_id", self.products[3].id),
            ("product_uom_id", pack.id),
            ("supplier_id", self.producers[2].id),
            ("piece_weight", 0.5),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                offer.write({name: value})
            with self.subTest(name):
                # Nobody ordered this one.
                with self.env.cr.savepoint() as savepoint:
                    self.other.with_user(self.coordinator).write({name: value})
                    savepoint.rollback()
                self.env.invalidate_all()
        with self.assertRaises(UserError):
            offer.action_archive()
        with self.assertRaises(UserError):
            offer.unlink()
        # A form that saves what it showed changes nothing.
        offer.write({"supplier_id": offer.supplier_id.id, "piece_weight": 0.0})

    def test_stop_selling(self):
        offers = (self.offer | self.other).with_user(self.buyer)
        offers.action_stop_selling()
        self.assertEqual(self.offer.quantity_max, 3)
        self.assertFalse(self.other.active)
        _order, rejected = self._change(self.window, self.member, (self.offer, 3))
        self.assertTrue(rejected)
        _order, rejected = self._change(self.window, self.member, (self.offer, 1))
        self.assertFalse(rejected)

    def test_duplicate_makes_the_next_window(self):
        zone = self.company.coop_tz
        for closes_at in (self.window.closes_at, self.now - timedelta(days=10)):
            self.window.closes_at = closes_at
            copy = self.window.with_user(self.coordinator).copy()
            self.assertEqual(copy.state, "draft")
            self.assertGreater(copy.closes_at, fields.Datetime.now())
            before, after = (
                to_local(window.closes_at, zone) for window in (self.window, copy)
            )
            self.assertEqual(
                (before.weekday(), before.time()), (after.weekday(), after.time())
            )
            self.assertEqual(
                copy.distribution_ids.collection_point_id, self.point | self.other_point
            )
            self.assertEqual(
                copy.offer_ids.product_id, self.window.offer_ids.product_id
            )
            self.assertFalse(copy.order_ids)
