# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What others may know of a member through committees, tried by every door."""

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.coop_volunteers.tests.common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 11:00:00")
class TestAttack(ShiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group_nancy.referent_ids = cls.user_referent.partner_id
        cls.others = (
            cls.user_member,
            cls.user_referent,
            cls.user_buyer,
            cls.user_coordinator,
            new_test_user(cls.env, "clerk", groups="base.group_user"),
        )
        committee = cls.env["coop.committee"]._found(cls.member_2, "Froid", "Frigos")
        cls.env["coop.committee.hours"]._declare(
            committee, cls.member_2, cls.company._coop_get_today(), 2
        )

    def test_through_another_model(self):
        """A filter on a related record tells as much as the record."""
        for user in self.others:
            for model, path in (
                ("coop.committee", "founded_by_id.volunteer_balance"),
                ("coop.committee.member", "member_id.volunteer_status"),
                ("coop.committee.request", "member_id.volunteer_status"),
            ):
                with self.subTest(user=user.login, path=path):
                    records = self.env[model].with_user(user)
                    if not records.has_access("read"):
                        continue
                    with self.assertRaises(AccessError):
                        records.search([(path, "!=", False)])

    def test_hours_of_others(self):
        for user in self.others:
            with self.subTest(user=user.login):
                hours = self.env["coop.committee.hours"].with_user(user)
                if not hours.has_access("read"):
                    continue
                self.assertFalse(hours.search([("member_id", "=", self.member_2.id)]))
                rows = hours.formatted_read_group([], ["member_id"], ["__count"])
                self.assertNotIn(self.member_2.id, [r["member_id"][0] for r in rows])
