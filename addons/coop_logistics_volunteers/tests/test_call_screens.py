# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import CallCommon


@tagged("post_install", "-at_install")
class TestCallScreens(CallCommon):
    """Each role opens, fills in and opens a call by the form."""

    def _fill(self, user, distribution):
        Call = self.env["coop.distribution.call"].with_user(user)
        with Form(Call) as form:
            form.distribution_id = distribution
            with form.line_ids.new() as line:
                line.role_id = self.till
                line.seats_max = 2
        call = form.save()
        self.assertEqual(
            call.line_ids.start_at, distribution.date_start - timedelta(hours=1)
        )
        call.action_open()
        self.assertEqual(call.shift_ids.seat_ids.seats_max, 2)
        with Form(call) as form:
            self.assertEqual(form.missing_text, "1 Caisse")
        return call

    def _following(self, days=28):
        window = self._coop_make_window("Commande de juillet", days=days)
        return window.distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point_1
        )

    def test_referent(self):
        self._fill(self.user_referent, self._following())
        with self.assertRaises(AccessError):
            self._fill(self.user_referent, self.distribution_2)

    def test_coordinator(self):
        call = self._fill(self.user_coordinator, self._following())
        self.assertEqual(call.action_view_answers()["domain"][0][2], call.id)

    def test_volunteer_coordinator(self):
        call = self._fill(self.user_volunteer, self._following())
        call.action_close()
        self.assertEqual(call.state, "closed")
        with self.assertRaises(AccessError):
            call.distribution_id.date_start = fields.Datetime.now()

    def test_title_for_who_reads_no_window(self):
        """As a browser opens the form: nothing is in the cache yet."""
        call = self._fill(self.user_volunteer, self._following())
        user = new_test_user(
            self.env, "calls", "coop_base.coop_base_group_volunteer_coordinator"
        )
        self.env.invalidate_all()
        shown = call.with_user(user).web_read({"display_name": {}})
        self.assertIn("Commande de juillet", str(shown))

    def test_not_buyers_nor_members(self):
        for user in (self.user_buyer, self.user_member):
            with self.assertRaises(AccessError):
                self.call.with_user(user).action_open()


@tagged("post_install", "-at_install")
class TestCallTour(CallCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_member_answers_then_ticks(self):
        self.company.partner_id.lang = "fr_FR"
        # Today, so that the check-list is open.
        day = self.distribution.date_start - fields.Datetime.now()
        shift = day - timedelta(hours=2, minutes=5)
        for line in self.call.line_ids:
            line.write({"start_at": line.start_at - shift})
            line.write({"end_at": line.end_at - shift})
        self.call.action_open()
        self.env["coop.shift.notice"]._tell(
            "day", self.member, self.call, f"call:{self.call.id}"
        ).call_id = self.call
        self.start_tour(
            "/my/coop", "coop_logistics_volunteers_call", login="coop_member"
        )
        self.env.invalidate_all()
        row = self.line_reception._get_registrations()
        self.assertEqual(row.member_id, self.member)
        self.assertEqual(row._get_steps().done_by_id, self.user_member)
