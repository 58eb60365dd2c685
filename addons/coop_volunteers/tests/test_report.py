# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import ShiftCommon


@tagged("post_install", "-at_install")
@freeze_time(ShiftCommon.NOW)
class TestShiftReport(ShiftCommon):
    def test_presence_no_shows_fill_rate_and_missing(self):
        shift = self._shift(seats=4)
        self._register(shift, self.member, state="present")
        self._register(shift, self.member_2, state="absent")
        self._register(shift, self.member_paper, state="cancelled")
        empty = self._shift()
        off = self._shift()
        off.state = "cancelled"
        self.env.flush_all()
        Report = self.env["coop.shift.report"].with_user(self.user_volunteer)
        rows = Report.search([("shift_id", "in", (shift | empty | off).ids)])
        self.assertRecordValues(
            rows.sorted("id"),
            [
                {
                    "shift_id": shift.id,
                    "needed": 1,
                    "expected": 2,
                    "present": 1,
                    "absent": 1,
                    "missing": 0,
                    "fill_rate": 25.0,
                },
                {
                    "shift_id": empty.id,
                    "needed": 1,
                    "expected": 0,
                    "present": 0,
                    "absent": 0,
                    "missing": 1,
                    "fill_rate": 0.0,
                },
            ],
        )
        # One of the six seats of both, not the mean of a quarter and nothing.
        [(rate,)] = Report._read_group([("id", "in", rows.ids)], [], ["fill_rate:avg"])
        self.assertAlmostEqual(rate, 100 / 6, 4)
        with self.assertRaises(AccessError):
            rows.with_user(self.user_referent).read(["present"])
