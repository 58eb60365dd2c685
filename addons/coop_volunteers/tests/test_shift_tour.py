# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
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

    def test_kiosk_by_name(self):
        self.member.volunteer_birthday = "03-12"
        registration = self._register(
            self._shift(fields.Datetime.now() + timedelta(minutes=5)), self.member
        )
        kiosk = self.env["coop.shift.kiosk"].create(
            {"name": "Entrée", "accepts_name": True}
        )
        self.start_tour(f"/coop/kiosk/{kiosk.token}", "coop_volunteers_kiosk_name")
        self.env.invalidate_all()
        self.assertEqual(registration.state, "present")


@tagged("post_install", "-at_install")
class TestPeopleTour(TourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_member_writes(self):
        shift = self._shift(self.tuesday)
        own = self._register(shift, self.member)
        self._register(shift, self.member_2)
        messages = self.env["coop.shift.message"]
        messages._send(shift, self.member_2, "J'apporte le café")
        self.start_tour(
            f"/my/coop/shifts/{own.id}", "coop_volunteers_people", login="coop_member"
        )
        self.env.invalidate_all()
        self.assertIn("J'ai la clé", shift.sudo().message_shift_ids.mapped("body"))

    def test_referent_fills_in_the_sheet(self):
        shift = self._shift(
            fields.Datetime.now() - timedelta(minutes=5),
            referent_id=self.user_referent.partner_id.id,
        )
        alice = self._register(shift, self.member)
        bruno = self._register(shift, self.member_2)
        self.start_tour(
            f"/odoo/action-coop_volunteers.coop_shift_action/{shift.id}",
            "coop_volunteers_referent",
            login="coop_referent",
        )
        self.env.invalidate_all()
        self.assertEqual((alice.state, bruno.state), ("present", "late"))


@tagged("post_install", "-at_install")
class TestCoordinatorTour(TourCommon):
    browser_size = "1300x844"

    def test_coordinator(self):
        shift = self._shift(self.tuesday)
        for member in (self.member, self.member_2):
            self._register(shift, member)
        message = self.env["coop.shift.message"]._send(
            shift, self.member, "Vends poussette"
        )
        message._report(self.member_2)
        kind = self.env["coop.member.leave.type"].create(
            {"name": "Études", "status": "leave", "needs_decision": True}
        )
        leave = self.env["coop.member.leave"]._ask(
            self.member_2,
            kind,
            fields.Date.today() + timedelta(days=10),
            fields.Date.today() + timedelta(days=100),
        )
        self.start_tour(
            "/odoo/action-coop_volunteers.coop_shift_message_action",
            "coop_volunteers_coordinator",
            login="coop_volunteer",
        )
        self.env.invalidate_all()
        self.assertEqual(message.hidden_by_id, self.user_volunteer)
        self.assertEqual(leave.sudo().state, "granted")

    def test_points_by_hand(self):
        self.start_tour(
            "/odoo/action-coop_volunteers.coop_shift_ledger_action",
            "coop_volunteers_points_by_hand",
            login="coop_volunteer",
        )
        self.env.invalidate_all()
        entry = self.env["coop.shift.ledger"].search(
            [("member_id", "=", self.member.id)], limit=1
        )
        self.assertEqual((entry.points, entry.reason), (2.0, "manual"))
        self.assertEqual(entry.note, "Inventaire du dimanche")
