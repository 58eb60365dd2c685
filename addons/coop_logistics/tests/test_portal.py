# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestPortal(LogisticsCommon, HttpCase):
    def _open_home(self, login="coop_member"):
        self.authenticate(login, login)
        response = self.url_open("/my/coop")
        self.assertEqual(response.status_code, 200)
        return response.text

    def test_next_collection_says_where_when_and_how_much(self):
        self._coop_receive(counted={self.carrots: 0.0})
        self.distribution.action_prepare()
        page = self._open_home()
        self.assertIn("Ma prochaine collecte", page)
        self.assertIn("Maison des associations", page)
        self.assertIn("3 rue de la République", page)
        self.assertIn("11,70", page)
        distribution = self.distribution.with_context(lang="fr_FR")
        self.assertIn(distribution._format_day(), page)

    def test_nothing_to_collect_no_card(self):
        self.order.action_cancel()
        self.assertNotIn("Ma prochaine collecte", self._open_home())

    def test_transfer_still_to_pay_shows_the_reference(self):
        self._coop_receive()
        self.order.action_coop_serve()
        self.order._coop_pay({self.order: {"kind": "transfer"}})
        page = self._open_home()
        self.assertIn("Reste à payer", page)
        self.assertIn(self.order.name, page)
        self.order._coop_pay({self.order: {"kind": "cash"}})
        self.assertNotIn("Reste à payer", self._open_home())

    def test_card_shows_nothing_of_others(self):
        self._coop_receive()
        self.order_2.action_coop_serve()
        page = self._open_home()
        self.assertNotIn(self.order_2.name, page)
        self.assertNotIn("Bruno", page)
