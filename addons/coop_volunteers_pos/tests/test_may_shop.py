# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.coop_volunteers.tests.common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 11:00:00")
class TestMayShop(ShiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.alert_days = 0
        cls.cashier = new_test_user(
            cls.env,
            "coop_cashier",
            groups="base.group_user,point_of_sale.group_pos_user,"
            # Members are read by those who look after them, by their bills too.
            "account.group_account_invoice",
            company_id=cls.company.id,
        )

    def _ask(self, partner, user=None):
        partners = self.env["res.partner"].with_user(user or self.cashier)
        return partners.coop_pos_may_shop(partner.id)

    def test_yes_no_and_the_next_step(self):
        self.assertEqual(self._ask(self.member), {"result": "yes", "step": ""})
        self._register(self._shift(), self.member, state="absent")
        answer = self._ask(self.member)
        self.assertEqual(answer["result"], "no")
        self.assertIn("make-up", answer["step"])
        self.assertEqual(set(answer), {"result", "step"})

    def test_the_till_reads_no_status(self):
        self._register(self._shift(), self.member, state="absent")
        member = self.member.with_user(self.cashier)
        for name in ("volunteer_status", "volunteer_balance", "volunteer_explanation"):
            with self.assertRaises(AccessError):
                member.read([name])

    def test_others_are_no_members(self):
        customer = self.env["res.partner"].create({"name": "Passage"})
        self.assertEqual(self._ask(customer)["result"], "none")
        elsewhere = self.env["res.company"].create({"name": "Autre coop"})
        stranger = self.env["res.partner"].create(
            {"name": "Ailleurs", "is_coop_member": True, "company_id": elsewhere.id}
        )
        self.assertEqual(self._ask(stranger)["result"], "none")

    def test_who_may_not_read_members_learns_nothing(self):
        plain = new_test_user(
            self.env,
            "coop_plain_till",
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=self.company.id,
        )
        self.assertEqual(self._ask(self.member, plain)["result"], "none")

    def test_only_from_a_till(self):
        for user in (self.user_member, self.user_referent, self.user_buyer):
            with self.assertRaisesRegex(AccessError, "till"):
                self._ask(self.member, user)
