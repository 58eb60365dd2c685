# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestPages(ReconciliationCommon, HttpCase):
    """The pages with charts, in a browser, by those for whom they are."""

    browser_size = "1300x850"

    def setUp(self):
        super().setUp()
        self.flour = self._product("Farine", 2.0)
        self.policy.auto_claim = False
        order = self._order([(self.flour, 10, 2.0)])
        # Due: the day before, whatever the hour and the time zone.
        order.order_line.date_planned = fields.Datetime.now() - timedelta(days=1)
        self._receive(order, {self.flour: 8}, note="BL-P1")
        today = fields.Date.today()
        bill = self._bill(
            [(self.flour, 10, 2.0)], ref="P-1", order=order, invoice_date=today
        )
        bill.action_coop_match()

    def test_dashboard(self):
        self.accountant.password = "reco_accountant"
        self.start_tour(
            "/odoo/matching-dashboard",
            "coop_reconciliation_match_dashboard",
            login="reco_accountant",
        )
