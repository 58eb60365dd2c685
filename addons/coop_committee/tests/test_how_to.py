# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.coop_volunteers.tests.common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestHowTo(ShiftCommon, HttpCase):
    """How things are done is one tap from one's shift."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till.write(
            {
                "needs_skill": False,
                "description": "Sourire d'abord.",
                "procedure_url": "https://example.com/caisse",
            }
        )
        pages = cls.env["coop.knowledge.page"]
        cls.page = pages._write_page(
            cls.member_2, "Ouvrir la caisse", "Compter à deux."
        )
        cls.page.role_ids = cls.till
        pages._write_page(cls.member_2, "Dégivrer", "Débrancher.")
        cls.shift = cls._shift()
        cls.shift.seat_ids.role_id = cls.till
        cls.own = cls.env["coop.shift.registration"].create(
            {
                "shift_id": cls.shift.id,
                "member_id": cls.member.id,
                "role_id": cls.till.id,
                "kind": "fixed",
            }
        )

    def test_on_the_page_of_the_shift(self):
        self.authenticate("coop_member", "coop_member")
        text = self.url_open(f"/my/coop/shifts/{self.own.id}").text
        self.assertIn(f'href="/my/coop/knowledge/{self.page.id}"', text)
        self.assertIn("Ouvrir la caisse", text)
        self.assertIn("Sourire d", text)
        self.assertIn('href="https://example.com/caisse"', text)
        self.assertIn('href="/my/coop/knowledge"', text)
        self.assertNotIn("Dégivrer", text)

    def test_an_address_that_is_none_is_left_out(self):
        self.till.procedure_url = "javascript:alert(1)"
        self.assertEqual(self.own._get_how_to()["url"], "")

    def test_during_the_shift_from_the_home_page(self):
        self.authenticate("coop_member", "coop_member")
        link = f'href="/my/coop/knowledge/{self.page.id}"'
        self.assertNotIn(link, self.url_open("/my/coop").text)
        self.assertNotIn(link, self.url_open("/my/coop/shifts").text)
        for moment in ("2026-03-03 07:50:00", "2026-03-03 10:30:00"):
            with freeze_time(moment):
                self.assertIn(link, self.url_open("/my/coop").text)
                self.assertIn(link, self.url_open("/my/coop/shifts").text)
