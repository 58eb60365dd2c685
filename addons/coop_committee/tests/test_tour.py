# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from odoo.addons.coop_volunteers.tests.test_shift_tour import TourCommon


@tagged("post_install", "-at_install")
class TestSkillsTour(TourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_member_is_listed(self):
        self.start_tour("/my/coop", "coop_committee_skills", login="coop_member")
        self.env.invalidate_all()
        self.assertEqual(self.member.coop_skills, "Plomberie")
