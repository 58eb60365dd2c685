# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CoopCommon


@tagged("post_install", "-at_install")
class TestMember(CoopCommon):
    def test_numbers_are_given_and_differ(self):
        members = (
            self.env["res.partner"]
            .with_user(self.user_coordinator)
            .create([{"name": f"N{i}", "is_coop_member": True} for i in range(3)])
        )
        self.assertEqual(len(set(members.mapped("coop_number"))), 3)
        self.assertTrue(all(members.mapped("coop_number")))

    def test_numbers_given_by_hand_are_skipped(self):
        next_number = self.env["res.partner"]._coop_next_numbers(1)[0]
        taken = f"{int(next_number) + 1:04d}"
        self.member.coop_number = taken
        self.assertNotIn(taken, self.env["res.partner"]._coop_next_numbers(3))

    @mute_logger("odoo.sql_db")
    def test_number_is_unique_in_a_company(self):
        self.member.coop_number = "X1"
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.member_2.coop_number = "X1"
            self.member_2.flush_recordset()

    def test_same_number_in_two_cooperatives(self):
        other = self.env["res.company"].create({"name": "Autre coop"})
        self.member.coop_number = "X1"
        twin = self.env["res.partner"].create(
            {
                "name": "Jumelle",
                "is_coop_member": True,
                "coop_number": "X1",
                "company_id": other.id,
            }
        )
        self.assertEqual(twin.coop_number, self.member.coop_number)

    def test_member_role_follows_the_flag(self):
        group = self.env.ref("coop_base.coop_base_group_member")
        self.assertIn(group, self.user_member.group_ids)
        self.assertNotIn(group, self.user_producer.group_ids)
        self.member.is_coop_member = False
        self.assertNotIn(group, self.user_member.group_ids)
