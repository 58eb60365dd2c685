from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ShiftCommon


class TourCommon(ShiftCommon, HttpCase):
    """In a real browser, at the real time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"
        today = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        cls.monday = datetime.combine(
            today.date() - timedelta(days=today.weekday()), datetime.min.time()
        )
        cls.tuesday = cls.monday + timedelta(days=8, hours=8)


@tagged("post_install", "-at_install")
class TestMemberTour(TourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_member(self):
        own = self._register(self._shift(self.tuesday), self.member)
        free = self._shift(self.tuesday + timedelta(days=1), name="Libre")
        self.start_tour("/my/coop", "coop_volunteers_member", login="coop_member")
        self.env.invalidate_all()
        self.assertEqual(own.state, "cancelled")
        self.assertEqual(free.registration_ids.state, "booked")
        leave = self.env["coop.member.leave"].search(
            [("member_id", "=", self.member.id)]
        )
        self.assertEqual(leave.state, "refused")


@tagged("post_install", "-at_install")
class TestKioskTour(TourCommon):
    browser_size = "820x1180"
    touch_enabled = True

    def test_kiosk(self):
        self.member.coop_number = "7001"
        registration = self._register(
            self._shift(fields.Datetime.now() + timedelta(minutes=5)), self.member
        )
        kiosk = self.env["coop.shift.kiosk"].create({"name": "Entrée"})
        self.start_tour(f"/coop/kiosk/{kiosk.token}", "coop_volunteers_kiosk")
        self.env.invalidate_all()
        self.assertEqual(registration.state, "present")
        self.assertEqual(len(registration.ledger_ids), 1)
