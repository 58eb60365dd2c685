# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command

from odoo.addons.coop_logistics.tests.common import LogisticsCommon


class CallCommon(LogisticsCommon):
    """A call for the distribution at point 1: reception, till, a driver.

    The till is for those who have learnt it (Alice), the driver for those who have a
    licence (Paulette). Reception comes two hours before the doors open.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.coop_volunteer_policy_id = cls.env.ref(
            "coop_volunteers.coop_volunteer_policy_oca"
        ).copy({"company_id": cls.company.id})
        cls.reception, cls.till, cls.driver = cls.env["coop.shift.role"].create(
            [
                {"name": "Réception"},
                {"name": "Caisse", "needs_skill": True},
                {"name": "Conducteur", "needs_driving": "licence"},
            ]
        )
        cls.receive = cls.env.ref("coop_logistics.preparation_step_receive")
        cls.receive.role_id = cls.reception
        cls.member.shift_role_ids = cls.till
        cls.member_paper.coop_drives = "vehicle"
        cls.member_paper.email = "paulette@coop.example.com"
        cls.member_2.collection_point_id = cls.point_1
        (cls.member | cls.member_2 | cls.member_paper).write(
            {"volunteer_kind": "flying", "volunteer_since": "2020-01-01"}
        )
        cls.start = cls.distribution.date_start
        cls.trip = cls.env["coop.round"].create(
            {"start_at": cls.start - timedelta(hours=3)}
        )
        cls.call = cls.env["coop.distribution.call"].browse(
            cls.distribution.with_user(cls.user_referent).action_call()["res_id"]
        )
        cls.call.line_ids.unlink()
        cls.call.write(
            {
                "message": "Deux palettes ce jour-là.",
                "line_ids": [
                    Command.create(
                        {
                            "role_id": cls.reception.id,
                            "seats_min": 2,
                            "seats_max": 3,
                            "start_at": cls.start - timedelta(hours=2),
                            "end_at": cls.start,
                        }
                    ),
                    Command.create(
                        {
                            "role_id": cls.till.id,
                            "seats_max": 1,
                            "start_at": cls.start,
                            "end_at": cls.start + timedelta(hours=2),
                        }
                    ),
                    Command.create(
                        {
                            "role_id": cls.driver.id,
                            "seats_max": 2,
                            "start_at": cls.start - timedelta(hours=5),
                            "end_at": cls.start - timedelta(hours=2),
                            "round_id": cls.trip.id,
                        }
                    ),
                ],
            }
        )
        cls.line_reception, cls.line_till, cls.line_driver = cls.call.line_ids.sorted(
            "id"
        )

    def _told(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "coop_volunteers.coop_shift_notice_cron"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["coop.shift.notice"].search([("kind", "=", "day")]).partner_id

    def _open(self):
        self.call.with_user(self.user_referent).action_open()
        self.env.invalidate_all()
