# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.tests import tagged

from .common import CoopCommon


@tagged("post_install", "-at_install")
class TestLeaving(CoopCommon):
    """Who leaves, is archived or deletes the account has no access from then on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env.ref("coop_base.coop_base_group_member")
        cls.today = cls.company._coop_get_today()

    def _tasks(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.member.id)]
        )

    def _owe(self):
        self.member.free_member = False
        self.env["coop.membership.register"].with_user(self.user_manager).create(
            {"partner_ids": self.member.ids, "paid": False}
        ).action_register()

    def test_each_way_of_leaving_ends_the_access(self):
        ways = (
            lambda member: member.action_coop_leave(),
            lambda member: member.write({"coop_left_on": self.today}),
            lambda member: member.write({"is_coop_member": False}),
        )
        for way in ways:
            with self.subTest(way=way), self.env.cr.savepoint() as savepoint:
                self.assertTrue(self.member.coop_is_active)
                way(self.member.with_user(self.user_manager))
                self.assertFalse(self.member.coop_is_active)
                self.assertNotIn(self.role, self.user_member.group_ids)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_an_archived_card(self):
        self.user_member.active = False
        self.member.with_user(self.user_manager).active = False
        self.assertFalse(self.member.coop_is_active)

    def test_back_again(self):
        member = self.member.with_user(self.user_manager)
        member.action_coop_leave()
        member.action_coop_return()
        self.assertTrue(member.coop_is_active)
        self.assertIn(self.role, self.user_member.group_ids)

    def test_a_day_to_come(self):
        """Entered before, it ends on its day, in the cooperative's zone."""
        member = self.member
        self._owe()
        member.coop_left_on = self.today + timedelta(days=1)
        self.assertTrue(member.coop_is_active)
        self.env["res.partner"]._coop_end_memberships_of_today()
        self.assertTrue(member.coop_is_active)
        self.env.cr.execute(
            "UPDATE res_partner SET coop_left_on = %s WHERE id = %s",
            [self.today, member.id],
        )
        member.invalidate_recordset()
        self.env["res.partner"]._coop_end_memberships_of_today()
        self.assertFalse(member.coop_is_active)
        self.assertNotIn(self.role, self.user_member.group_ids)
        self.assertEqual(len(self._tasks()), 1)

    def test_what_is_due_is_handed_over(self):
        self._owe()
        self.member.with_user(self.user_manager).action_coop_leave()
        (task,) = self._tasks()
        self.assertEqual(task.user_id, self.user_referent)
        self.assertIn("to pay", task.note)

    def test_nothing_due_is_no_task(self):
        self.member.with_user(self.user_manager).action_coop_leave()
        self.assertFalse(self._tasks())

    def test_the_account_is_deleted_by_its_owner(self):
        """Odoo's own page archives the account and the card."""
        self._owe()
        self.user_member.with_user(self.user_member).sudo()._deactivate_portal_user()
        self.assertFalse(self.member.coop_is_active)
        self.assertEqual(self.member.coop_left_on, self.today)
        summaries = self._tasks().mapped("summary")
        self.assertEqual(len(summaries), 2)
        self.assertEqual(self._tasks().user_id, self.user_referent)

    def test_the_web_client_s_values(self):
        """A form sends an empty company: a member has one all the same."""
        partner = self.env["res.partner"].with_user(self.user_manager)
        member = partner.create(
            {"name": "Formulaire", "is_coop_member": True, "company_id": False}
        )
        self.assertEqual(member.company_id, self.company)
        contact = partner.create({"name": "Contact", "company_id": False})
        contact.write({"is_coop_member": True, "company_id": False})
        self.assertEqual(contact.company_id, self.company)
