# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestSlots(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.distribution = cls.window.distribution_ids[0].with_user(cls.coordinator)

    def _generate(self, minutes, capacity=3):
        self.distribution.write({"slot_minutes": minutes, "slot_capacity": capacity})
        return self.distribution.action_generate_slots()

    def _minutes(self):
        start = self.distribution.date_start
        return [
            (
                int((slot.date_start - start).total_seconds() // 60),
                int((slot.date_end - start).total_seconds() // 60),
            )
            for slot in self.distribution.slot_ids.sorted("date_start")
        ]

    def _book(self, slot, partner):
        order = self._order(self.window, partner, {0: 1}, state="draft")
        order._coop_validate(self.distribution.sudo(), slot.sudo())
        return order

    def test_every_n_minutes(self):
        self._generate(30)
        self.assertEqual(self._minutes(), [(0, 30), (30, 60), (60, 90), (90, 120)])
        self.assertEqual(set(self.distribution.slot_ids.mapped("capacity")), {3})

    def test_a_rest_goes_to_the_last_slot(self):
        self._generate(50)
        self.assertEqual(self._minutes(), [(0, 50), (50, 120)])

    def test_capacity_comes_from_the_collection_point(self):
        self.point.slot_capacity = 7
        window = self._create_window(self.env)
        self.assertEqual(window.distribution_ids[0].slot_capacity, 7)

    def test_twice_is_once(self):
        self._generate(30)
        slots = self.distribution.slot_ids
        self._generate(30)
        self.assertEqual(self.distribution.slot_ids, slots)

    def test_booked_slots_are_kept(self):
        self._generate(30)
        slot = self.distribution.slot_ids.sorted("date_start")[1]
        order = self._book(slot, self.member)
        action = self._generate(40, capacity=5)
        self.assertEqual(order.slot_id, slot)
        # No new slot over the booked one (30 to 60).
        self.assertEqual(self._minutes(), [(30, 60), (80, 120)])
        self.assertEqual(action["tag"], "display_notification")
        order._coop_cancel()
        self._generate(40)
        self.assertEqual(self._minutes(), [(0, 40), (40, 80), (80, 120)])

    def test_moved_hours_keep_who_booked(self):
        self._generate(60)
        order = self._book(self.distribution.slot_ids[0], self.member)
        self.distribution.write(
            {
                "date_start": self.distribution.date_start + timedelta(hours=3),
                "date_end": self.distribution.date_end + timedelta(hours=3),
            }
        )
        self._generate(60)
        # The slots moved with it: no booked one stays at the hours of before.
        self.assertEqual(order.slot_id.date_start, self.distribution.date_start)
        self.assertEqual(len(self.distribution.slot_ids), 2)

    def test_without_minutes_is_one_sentence(self):
        with self.assertRaisesRegex(UserError, "how many minutes"):
            self._generate(0)

    def test_referent_cannot(self):
        self.distribution.slot_minutes = 30
        with self.assertRaises(AccessError):
            self.distribution.with_user(self.referent).action_generate_slots()

    def test_queries_do_not_grow_with_the_distributions(self):
        def count(windows):
            distributions = windows.distribution_ids
            distributions.slot_minutes = 10
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            distributions._generate_slots()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(self._create_window(self.env))
        many = self.env["coop.order.window"].concat(
            *(self._create_window(self.env) for _index in range(6))
        )
        # Twelve distributions instead of two: less than a query for each.
        self.assertLessEqual(count(many), few + 10)
