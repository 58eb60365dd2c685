# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Shifts on a Tuesday morning, members of both kinds."""

from datetime import datetime, timedelta

from odoo import Command

from odoo.addons.coop_base.tests.common import CoopCommon


class ShiftCommon(CoopCommon):
    """Run under ``freeze_time(NOW)``: Monday 2 March 2026, noon in Paris."""

    NOW = "2026-03-02 11:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._preset("oca")
        cls.company.coop_volunteer_policy_id = cls.policy
        (cls.member | cls.member_2 | cls.member_paper).write(
            {"volunteer_kind": "fixed", "volunteer_since": "2026-01-01"}
        )
        cls.till = cls.env["coop.shift.role"].create(
            {"name": "Caisse", "needs_skill": True}
        )
        cls.template = cls.env["coop.shift.template"].create(
            {
                "name": "Réception",
                "weekday": "1",
                "start_hour": 9.0,
                "duration": 3.0,
                "date_from": "2026-03-02",
                "collection_point_id": cls.point_1.id,
                "seat_ids": [Command.create({"seats_min": 1, "seats_max": 2})],
            }
        )

    @classmethod
    def _preset(cls, name, **values):
        preset = cls.env.ref(f"coop_volunteers.coop_volunteer_policy_{name}")
        return preset.copy({"company_id": cls.company.id, **values})

    @classmethod
    def _shift(cls, start=datetime(2026, 3, 3, 8), hours=3, seats=2, **values):
        """A shift of its own; ``start`` in UTC."""
        return cls.env["coop.shift"].create(
            {
                "name": "Vente",
                "start_at": start,
                "end_at": start + timedelta(hours=hours),
                "seat_ids": [Command.create({"seats_min": 1, "seats_max": seats})],
                **values,
            }
        )

    @classmethod
    def _register(cls, shift, member, kind="fixed", state="booked"):
        return cls.env["coop.shift.registration"].create(
            {
                "shift_id": shift.id,
                "member_id": member.id,
                "kind": kind,
                "state": state,
            }
        )

    def _balances(self, member=None):
        return (member or self.member)._get_volunteer_balances()

    def _status(self, member=None):
        member = member or self.member
        member.invalidate_recordset(["volunteer_status"])
        return member.volunteer_status

    def _run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"coop_volunteers.{name}").method_direct_trigger()
        self.env.invalidate_all()
