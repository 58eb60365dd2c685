# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestHomeDelivery(LogisticsCommon, HttpCase):
    """A member who cannot come asks for the basket to be brought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.coop_home_delivery = True
        cls.member.write({"street": "4 rue du Murot", "zip": "54200", "city": "Toul"})

    def _post(self, order, **values):
        return self.url_open(
            f"/my/coop/orders/{order.id}/home",
            data={"csrf_token": http.Request.csrf_token(self), **values},
        )

    def test_asked_and_no_longer(self):
        self.authenticate("coop_member", "coop_member")
        page = self.url_open(f"/my/coop/orders/{self.order.id}")
        self.assertIn("4 rue du Murot", page.text)
        self._post(self.order, home="1", wish="Après 17 h")
        self.assertTrue(self.order.coop_home_delivery)
        self.assertEqual(self.order.coop_delivery_wish, "Après 17 h")
        self._post(self.order, home="0")
        self.assertFalse(self.order.coop_home_delivery)

    def test_not_for_somebody_else(self):
        self.authenticate("coop_member_2", "coop_member_2")
        self._post(self.order, home="1")
        self.assertFalse(self.order.coop_home_delivery)

    def test_an_address_is_needed(self):
        self.member.street = False
        with self.assertRaises(UserError):
            self.order._coop_set_home_delivery(True)

    def test_where_it_is_offered_and_before_closing(self):
        self.company.coop_home_delivery = False
        with self.assertRaises(UserError):
            self.order._coop_set_home_delivery(True)
        self.company.coop_home_delivery = True
        self._coop_close()
        with self.assertRaises(UserError):
            self.order._coop_set_home_delivery(True)
