# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestEntryGridTogether(CoopOrdersCommon):
    """Several people who key in, each for the own members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls.offers = cls.window.offer_ids

    def _set(self, user, member, quantities, channel="paper"):
        """``{offer index: (expected, quantity)}``"""
        return self.window.with_user(user).set_entry_quantities(
            member.id,
            [
                {
                    "offer_id": self.offers[index].id,
                    "expected": expected,
                    "quantity": quantity,
                }
                for index, (expected, quantity) in quantities.items()
            ],
            channel,
        )

    def test_what_somebody_else_keyed_in_meanwhile_stays(self):
        self._set(self.coordinator, self.paper_member, {0: (0, 3)})
        row = self._set(self.referent, self.paper_member, {0: (0, 5), 1: (0, 2)})
        self.assertEqual(
            row["quantities"], {self.offers[0].id: 3, self.offers[1].id: 2}
        )
        self.assertIn(self.coordinator.name, row["refused"][self.offers[0].id])
        self.assertIn("to 3", row["message"])
        row = self._set(self.referent, self.paper_member, {0: (3, 5)})
        self.assertFalse(row["refused"])
        self.assertEqual(row["quantities"][self.offers[0].id], 5)

    def test_the_same_paper_keyed_in_twice_is_no_conflict(self):
        self._set(self.coordinator, self.paper_member, {0: (0, 3)})
        row = self._set(self.referent, self.paper_member, {0: (0, 3)})
        self.assertFalse(row["refused"])

    def test_one_refused_cell_leaves_the_others(self):
        self.offers[0].quantity_max = 2
        row = self._set(self.referent, self.paper_member, {0: (0, 3), 1: (0, 1)})
        self.assertEqual(list(row["refused"]), [self.offers[0].id])
        self.assertEqual(row["quantities"], {self.offers[1].id: 1})

    def test_who_keyed_in_and_how_it_came_is_kept(self):
        self._set(self.referent, self.paper_member, {0: (0, 3)}, "desk")
        order = self.window.order_ids
        self.assertEqual(order.order_channel, "desk")
        self.assertEqual(order.entered_by_id, self.referent)

    def test_a_points_referent_keys_in_for_who_collects_there(self):
        self.window.group_ids |= self.other_group
        self.outsider.collection_point_id = self.other_point
        self.other_point.referent_ids = self.referent.partner_id
        grid = self.window.with_user(self.referent).get_entry_grid()
        names = {member["name"] for member in grid["members"]}
        self.assertIn(self.outsider.name, names)
        grid = self.window.with_user(self.referent).get_entry_grid(
            point_id=self.other_point.id
        )
        self.assertEqual(
            [member["id"] for member in grid["members"]], self.outsider.ids
        )
        with self.assertRaises(AccessError):
            self.window.with_user(self.other_referent).get_entry_grid(
                point_id=self.point.id
            )

    def test_members_of_another_group_are_refused_one_by_one(self):
        self.window.group_ids |= self.other_group
        for partner_id in (self.outsider.id, 0, None, "1"):
            with self.assertRaises(AccessError):
                self.window.with_user(self.referent).set_entry_quantities(
                    partner_id, [{"offer_id": self.offers[0].id, "quantity": 1}]
                )
        self.assertFalse(self.window.order_ids)

    def test_pieces(self):
        self.offers[0].piece_weight = 0.35
        grid = self.window.with_user(self.referent).get_entry_grid()
        self.assertEqual(
            (grid["offers"][0]["factor"], grid["offers"][0]["unit"]), (0.35, "pieces")
        )

    def test_queries_do_not_grow_with_the_members(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.window.with_user(self.coordinator).get_entry_grid()
            return self.env.cr.sql_log_count - before

        self._order(self.window, self.member, {0: 2})
        count()
        few = count()
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Member {index}",
                    "is_coop_member": True,
                    "coop_group_id": self.group.id,
                    "collection_point_id": self.point.id,
                }
                for index in range(40)
            ]
        )
        self.env["sale.order"]._coop_create_orders(
            self.window,
            [
                {"partner": member, "lines": [(offer, 1) for offer in self.offers]}
                for member in members
            ],
        )
        self.assertLessEqual(count(), few + 2)
