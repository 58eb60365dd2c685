# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .test_round import RoundCase


@tagged("post_install", "-at_install")
class TestRoundTour(RoundCase, HttpCase):
    """The driver's page in a real browser, as narrow as a phone, in French."""

    browser_size = "390x844"
    touch_enabled = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order.coop_home_delivery = True
        cls.member.write({"street": "4 rue du Murot", "city": "Toul"})
        cls.member_2.lang = "fr_FR"

    def test_the_driver_s_day(self):
        record = self._plan()
        record.driver_id = self.member_2
        self.start_tour("/my/coop", "coop_round_drive", login="coop_member_2")
        self.env.invalidate_all()
        self.assertEqual((record.state, record.loaded_count), ("done", 3))
        stops = {stop.name: stop for stop in record.stop_ids}
        house, farm = stops["Maison des associations"], stops["Ferme de la Colline"]
        self.assertEqual((house.state, house.counted), ("done", 1))
        self.assertEqual(house.signed_by, "Renée")
        self.assertTrue(house.signature)
        self.assertEqual((farm.state, farm.signed_by), ("done", "Paul"))
        self.assertEqual(stops[self.member.name].state, "refused")
        self.assertIn("Volets fermés", " ".join(record.message_ids.mapped("body")))

    def test_less_is_loaded_and_why(self):
        record = self._plan()
        record.driver_id = self.member_2
        own = record.with_user(self.user_member_2)
        for counted in ("", "deux", "2"):
            with self.assertRaises(UserError):
                own._set_loaded(counted)
        with self.assertRaises(AccessError):
            record.with_user(self.user_internal)._set_loaded("3")
        self.assertEqual(record.state, "planned")
        own._set_loaded("2", "Un panier reste au froid")
        self.assertEqual((record.state, record.loaded_count), ("loaded", 2))
        self.assertIn("reste au froid", record.message_ids[0].body)
