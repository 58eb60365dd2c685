# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo import http
from odoo.tests import HttpCase, freeze_time, tagged

from .common import ShiftCommon

URL = "/my/coop/shifts"


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestShiftPortal(ShiftCommon, HttpCase):
    """The member's pages, by the addresses that a phone asks for."""

    def setUp(self):
        super().setUp()
        self.shift = self._shift(start=datetime(2026, 3, 10, 8), note="Compter.")
        self.own = self._register(self.shift, self.member)
        self.other = self._register(self.shift, self.member_2)
        self.free = self._shift(start=datetime(2026, 3, 11, 8), name="Libre")
        self.authenticate("coop_member", "coop_member")

    def _post(self, path, **data):
        token = http.Request.csrf_token(self)
        response = self.url_open(f"{URL}{path}", data={"csrf_token": token, **data})
        self.env.invalidate_all()
        return response

    def _registration(self, shift, member=None):
        return shift.registration_ids.filtered(
            lambda r: r.member_id == (member or self.member)
        )

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------

    def test_page_in_few_queries(self):
        for day in range(12, 22):
            shift = self._shift(start=datetime(2026, 3, day, 8))
            self._register(shift, self.member, "extra")
        for start in (datetime(2026, 4, 1, 8), datetime(2026, 4, 2, 8)):
            registration = self._register(self._shift(start=start), self.member_2)
            self.env["coop.shift.swap"]._offer(registration)
        self.url_open(URL)
        counts = []
        for _visit in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = self.url_open(URL).text
            counts.append(self.env.cr.sql_log_count - before)
        self.assertIn("mardi 10 mars, 09:00", page)
        self.assertIn("Bruno Adhérent", page)
        self.assertEqual(page.count("/swap/"), 2)
        self.assertLessEqual(min(counts), 30, counts)

    def test_balance_line_by_line(self):
        past = self._shift(start=datetime(2026, 2, 24, 8))
        self._register(past, self.member, state="absent")
        page = self.url_open(f"{URL}/points").text
        self.assertIn("−1", page)
        self.assertIn("24 février 2026", page)

    def test_home_card_and_its_time(self):
        page = self.url_open("/my/coop").text
        self.assertIn("mardi 10 mars, 09:00", page)
        self.assertNotIn("fa-qrcode", page)
        with freeze_time("2026-03-10 07:50:00"):
            self.authenticate("coop_member", "coop_member")
            self.assertIn("fa-qrcode", self.url_open("/my/coop").text)

    # ------------------------------------------------------------------
    # One's own shifts
    # ------------------------------------------------------------------

    def test_book_then_cancel(self):
        page = self.url_open(f"{URL}/free?week=1").text
        self.assertIn("Libre", page)
        response = self._post("/book", shift_id=self.free.id, role_id="")
        self.assertIn("alert-success", response.text)
        booked = self._registration(self.free)
        self.assertEqual(
            (booked.state, booked.came_from, booked.entered_by_id.id),
            ("booked", "member", False),
        )
        self.assertNotIn("Je viens", self.url_open(f"{URL}/free?week=1").text)
        self._post(f"/{booked.id}/cancel")
        self.assertEqual(booked.state, "cancelled")

    def test_consequence_before_cancelling(self):
        page = self.url_open(f"{URL}/{self.own.id}").text
        self.assertIn("-1", page)
        self._post(f"/{self.own.id}/cancel", reason="secret")
        self.assertEqual((self.own.state, self.own.reason), ("excused", "secret"))
        self.assertEqual(self._balances(), (-1.0, 0.0))

    def test_too_late_says_so(self):
        with freeze_time("2026-03-10 06:00:00"):
            self.authenticate("coop_member", "coop_member")
            response = self._post(f"/{self.own.id}/cancel")
            self.assertIn("alert-danger", response.text)
        self.assertEqual(self.own.state, "booked")

    def test_move_to_a_free_seat(self):
        self._post(f"/{self.own.id}/move", shift_id=self.free.id)
        self.assertEqual(self.own.state, "cancelled")
        moved = self._registration(self.free)
        self.assertEqual((moved.state, moved.kind), ("booked", "fixed"))
        self.assertEqual(self._balances(), (0.0, 0.0))

    def test_move_to_a_full_shift_keeps_the_seat(self):
        full = self._shift(start=datetime(2026, 3, 12, 8), seats=1)
        self._register(full, self.member_paper)
        response = self._post(f"/{self.own.id}/move", shift_id=full.id)
        self.assertIn("alert-danger", response.text)
        self.assertEqual(self.own.state, "booked")

    def test_waiting_list(self):
        full = self._shift(start=datetime(2026, 3, 12, 8), seats=1)
        taken = self._register(full, self.member_paper, "extra")
        self._post("/book", shift_id=full.id, wait=1)
        waiting = self._registration(full)
        self.assertEqual(waiting.state, "waiting")
        taken._cancel()
        self.assertIn(f"/{waiting.id}/take", self.url_open(URL).text)
        self._post(f"/{waiting.id}/take")
        self.assertEqual(waiting.state, "booked")

    def test_waiting_list_declined(self):
        full = self._shift(start=datetime(2026, 3, 12, 8), seats=1)
        taken = self._register(full, self.member_paper, "extra")
        waiting = full._book(self.member, wait=True)
        behind = full._book(self.member_2, wait=True)
        taken._cancel()
        self._post(f"/{waiting.id}/leave")
        self.assertEqual(waiting.state, "cancelled")
        self.assertTrue(behind.offered_until)

    # ------------------------------------------------------------------
    # Swaps
    # ------------------------------------------------------------------

    def _offered(self):
        theirs = self._register(self._shift(datetime(2026, 3, 20, 8)), self.member_2)
        return self.env["coop.shift.swap"]._offer(theirs)

    def test_offers_do_not_say_whose(self):
        self.other.state = "cancelled"
        swap = self._offered()
        page = self.url_open(URL).text
        self.assertIn("vendredi 20 mars", page)
        self.assertNotIn("Bruno", page)
        self._post(f"/swap/{swap.id}")
        self.assertEqual(swap.taker_id, self.member)
        self.assertEqual(self._registration(swap.shift_id).state, "booked")

    def test_exchange_needs_both(self):
        swap = self._offered()
        self._post(f"/swap/{swap.id}", against=str(self.own.id))
        self.assertEqual((swap.state, self.own.state), ("offered", "booked"))
        proposal = swap.proposal_ids
        self.assertEqual(proposal.registration_id, self.own)
        # Only the one who offered answers.
        self.assertEqual(self._post(f"/proposal/{proposal.id}/agree").status_code, 404)
        self.other.state = "cancelled"
        self.authenticate("coop_member_2", "coop_member_2")
        self.assertIn(f"/proposal/{proposal.id}/agree", self.url_open(URL).text)
        self._post(f"/proposal/{proposal.id}/agree")
        self.assertEqual((swap.state, self.own.state), ("accepted", "cancelled"))
        self.assertEqual(self._registration(swap.shift_id).kind, "fixed")
        self.assertEqual(self._registration(self.shift, self.member_2).state, "booked")

    def test_offer_and_withdraw(self):
        self._post(f"/{self.own.id}/offer")
        swap = self.env["coop.shift.swap"].search(
            [("registration_id", "=", self.own.id)]
        )
        self.assertEqual(swap.state, "offered")
        self._post(f"/{self.own.id}/withdraw")
        self.assertEqual(swap.state, "cancelled")

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    def test_leave_answered_at_once(self):
        kind = self.env.ref("coop_volunteers.coop_member_leave_type_parental")
        data = {"type_id": kind.id, "date_from": "2026-03-05"}
        page = self._post("/requests/leave", date_to="2026-06-05", **data).text
        self.assertIn("alert-success", page)
        self.assertEqual(self.own.state, "cancelled")
        page = self._post("/requests/leave", date_to="2029-06-05", **data).text
        self.assertIn("730", page)
        # Both stay readable.
        self.assertEqual(page.count("Congé parental du"), 2)
        leave = self.env["coop.member.leave"].search(
            [("member_id", "=", self.member.id), ("state", "=", "granted")]
        )
        self._post(f"/requests/leave/{leave.id}/end")
        self.assertEqual(leave.state, "cancelled")

    def test_leave_with_bad_days(self):
        kind = self.env.ref("coop_volunteers.coop_member_leave_type_temporary")
        for start, end in (("", ""), ("demain", "2026-04-01"), ("2026-04-02", "x")):
            response = self._post(
                "/requests/leave", type_id=kind.id, date_from=start, date_to=end
            )
            self.assertEqual(response.status_code, 200)
            self.assertIn("alert-danger", response.text)
        self.assertFalse(
            self.env["coop.member.leave"].search([("member_id", "=", self.member.id)])
        )

    def test_extension(self):
        self.assertIn("alert-danger", self._post("/requests/extension").text)
        past = self._shift(start=datetime(2026, 2, 24, 8))
        self._register(past, self.member, state="absent")
        self.assertIn("alert-success", self._post("/requests/extension").text)
        self.assertEqual(self._status(), "extension")

    def test_another_fixed_shift(self):
        fixed = self.env["coop.shift.template.fixed"]
        former = fixed.create(
            {
                "template_id": self.template.copy({"name": "Ancien"}).id,
                "member_id": self.member.id,
                "date_from": "2026-02-01",
            }
        )
        seat = f"{self.template.id}-0"
        page = self._post("/requests/fixed", seat=seat, date_from="2026-03-16").text
        self.assertIn("alert-success", page)
        self.assertEqual(str(former.date_to), "2026-03-15")
        self.assertEqual(self.template.fixed_ids.member_id, self.member)
        # Full: refused with the reason, and nothing has moved.
        full = self.template.copy({"name": "Complet"})
        fixed.create(
            [
                {"template_id": full.id, "member_id": member.id}
                for member in (self.member_2, self.member_paper)
            ]
        )
        page = self._post("/requests/fixed", seat=f"{full.id}-0").text
        self.assertIn("alert-danger", page)
        self.assertEqual(self.template.fixed_ids.member_id, self.member)
        self.assertFalse(self.template.fixed_ids.date_to)

    # ------------------------------------------------------------------
    # Others
    # ------------------------------------------------------------------

    def test_another_member_in_the_address(self):
        leave = self.env["coop.member.leave"].create(
            {
                "member_id": self.member_2.id,
                "type_id": self.env.ref(
                    "coop_volunteers.coop_member_leave_type_temporary"
                ).id,
                "date_from": "2026-04-01",
                "date_to": "2026-05-01",
                "state": "granted",
                "reason": "secret",
            }
        )
        other = self.other.id
        for path in (f"/{other}", f"/{other}.ics", f"/free?move={other}"):
            self.assertEqual(self.url_open(URL + path).status_code, 404, path)
        for verb in ("cancel", "move", "offer", "withdraw", "take", "leave", "badge"):
            response = self._post(f"/{other}/{verb}", shift_id=self.free.id)
            self.assertEqual(response.status_code, 404, verb)
        self.assertEqual(self._post(f"/requests/leave/{leave.id}/end").status_code, 404)
        self.assertEqual((self.other.state, leave.state), ("booked", "granted"))
        # Nor by acting for somebody.
        for path in ("", "/points", "/requests", "/keys", "/code.svg", "/free"):
            url = f"{URL}{path}?for={self.member_2.id}"
            self.assertEqual(self.url_open(url).status_code, 404, path)
        response = self._post(f"/book?for={self.member_2.id}", shift_id=self.free.id)
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self.free.registration_ids)

    def test_staff_do_not_act_for_members_without_the_role(self):
        url = f"{URL}?for={self.member.id}"
        for login in ("coop_referent", "coop_buyer", "coop_coordinator"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, 404, login)

    def test_nothing_changes_without_the_token_of_the_form(self):
        response = self.url_open(f"{URL}/{self.own.id}/cancel", data={"reason": "x"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.own.state, "booked")

    def test_desk_acts_on_behalf(self):
        self.authenticate("coop_volunteer", "coop_volunteer")
        query = f"?for={self.member.id}"
        page = self.url_open(f"{URL}{query}").text
        self.assertIn("Alice Adhérente", page)
        self._post(f"/book{query}", shift_id=self.free.id)
        booked = self._registration(self.free)
        self.assertEqual(booked.entered_by_id, self.user_volunteer)
        self._post(f"/{self.own.id}/cancel{query}")
        self.assertEqual(self.own.state, "excused")
        traces = self.env["coop.shift.trace"].search(
            [("member_id", "=", self.member.id)]
        )
        self.assertEqual(len(traces), 2)
        self.assertEqual(traces.user_id, self.user_volunteer)
        self.authenticate("coop_member", "coop_member")
        self.assertIn("Violette Bénévole", self.url_open(URL).text)

    # ------------------------------------------------------------------
    # Calendar
    # ------------------------------------------------------------------

    def test_calendar_of_a_shift(self):
        text = self.url_open(f"{URL}/{self.own.id}.ics").text
        self.assertIn("DTSTART:20260310T080000Z", text)
        self.assertIn("DESCRIPTION:Compter.", text)

    def test_code_of_the_phone(self):
        response = self.url_open(f"{URL}/code.svg")
        self.assertIn("<svg", response.text)
        self.assertEqual(response.headers["Content-Type"], "image/svg+xml")
        former = self.member.volunteer_badge_code
        self._post("/code/renew")
        self.assertNotEqual(self.member.volunteer_badge_code, former)
        self.assertNotEqual(self.url_open(f"{URL}/code.svg").text, response.text)

    def test_private_feed(self):
        self._post("/feed/new")
        address = f"/coop/shifts/feed/{self.member.volunteer_feed_token}.ics"
        self.logout()
        text = self.url_open(address).text
        self.assertEqual(text.count("BEGIN:VEVENT"), 1)
        self.assertIn("20260310T080000Z", text)
        self.assertNotIn("Bruno", text)
        for wrong in ("x", "False", "", "%25"):
            response = self.url_open(f"/coop/shifts/feed/{wrong}.ics")
            self.assertEqual(response.status_code, 404, wrong)
        self.authenticate("coop_member", "coop_member")
        self._post("/feed/stop")
        self.assertEqual(self.url_open(address).status_code, 404)

    def test_phone_badges_only_where_no_kiosk_stands(self):
        with freeze_time("2026-03-10 08:00:00"):
            self.authenticate("coop_member", "coop_member")
            kiosk = self.env["coop.shift.kiosk"].create({"name": "Entrée"})
            self._post(f"/{self.own.id}/badge")
            self.assertEqual(self.own.state, "booked")
            kiosk.active = False
            self._post(f"/{self.own.id}/badge")
            self.assertEqual(self.own.state, "present")
