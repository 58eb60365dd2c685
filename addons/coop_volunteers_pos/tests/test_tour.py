# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon


@tagged("post_install", "-at_install")
class TestTillTour(TestPointOfSaleHttpCommon):
    """At the till, in a real browser."""

    def test_chosen_customer(self):
        env = self.env(su=True)
        company = env.company
        rules = env.ref("coop_volunteers.coop_volunteer_policy_la_cagette")
        company.coop_volunteer_policy_id = rules.copy({"alert_days": 0})
        values = {
            "is_coop_member": True,
            "company_id": company.id,
            "volunteer_kind": "fixed",
            "volunteer_since": fields.Date.today() - timedelta(days=1),
        }
        late, _fine = env["res.partner"].create(
            [{"name": "Zoé Retard", **values}, {"name": "Zoé Ajour", **values}]
        )
        env["coop.shift.ledger"].create(
            {
                "member_id": late.id,
                "company_id": company.id,
                "points": -1,
                "note": "Trois absences",
            }
        )
        # Who holds the till reads members by a role of theirs.
        self.pos_user.group_ids += env.ref("account.group_account_invoice")
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("coop_volunteers_pos_till")
