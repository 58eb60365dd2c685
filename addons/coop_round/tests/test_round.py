# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

from PIL import Image

from odoo import Command, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.coop_logistics.tests.test_reports import ReportCase


class RoundCase(ReportCase):
    """Two points and a home: 2 × 4.0 + 0.8 + … kg; a car that takes 500 kg, a van."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.van, cls.car = cls._coop_setup_vehicles()
        cls.plan = (
            cls.env["coop.round.plan"]
            .with_user(cls.user_coordinator)
            .with_context(default_window_id=cls.window.id)
        )

    @classmethod
    def _coop_setup_vehicles(cls):
        cls.env["fleet.vehicle"].search([]).active = False
        brand = cls.env["fleet.vehicle.model.brand"].create({"name": "Renault"})
        vehicles = cls.env["fleet.vehicle"]
        for name, weight in (("Master", 1100.0), ("Kangoo", 5.0)):
            category = cls.env["fleet.vehicle.model.category"].create(
                {"name": name, "weight_capacity": weight}
            )
            model = cls.env["fleet.vehicle.model"].create(
                {"name": name, "brand_id": brand.id, "category_id": category.id}
            )
            vehicles += cls.env["fleet.vehicle"].create(
                {
                    "model_id": model.id,
                    "license_plate": f"{name.upper()}-54",
                    "company_id": cls.company.id,
                }
            )
        return vehicles

    def _plan(self, **values):
        wizard = self.plan.create(
            {
                "start_at": self.distribution.date_start,
                "vehicle_ids": [Command.set((self.van + self.car).ids)],
                **values,
            }
        )
        action = wizard.action_plan()
        return self.env["coop.round"].search(action["domain"], order="id")


@tagged("post_install", "-at_install")
class TestRound(RoundCase):
    def test_all_points_in_one_van(self):
        record = self._plan()
        self.assertEqual(len(record), 1)
        self.assertEqual(record.vehicle_id, self.van)
        self.assertEqual(record.stop_ids.distribution_id, self.window.distribution_ids)
        # 2 kg of carrots (4 came for 3 members), 6 boxes of 0.4 kg, 2 × 0.4 kg
        by_point = record.stop_ids.grouped("distribution_id")
        self.assertAlmostEqual(by_point[self.distribution].weight, 2.0 + 2.4 + 0.8)
        self.assertFalse(record.is_overloaded)
        self.assertEqual(by_point[self.distribution].basket_count, 2)

    def test_small_vehicles_go_more_often(self):
        rounds = self._plan(vehicle_ids=[Command.set(self.car.ids)])
        # 5.2 kg do not fit into 5 kg: a round without vehicle says so.
        self.assertEqual(len(rounds), 2)
        self.assertEqual(len(rounds.filtered("vehicle_id")), 1)
        left = rounds.filtered(lambda r: not r.vehicle_id)
        self.assertIn("one go", left.note)

    def test_stops_follow_the_way(self):
        """Three homes around: driven one after the other, and the way on a map."""
        depot = self.company._coop_get_depot()
        depot.write({"partner_latitude": 48.675, "partner_longitude": 5.9})
        self.distribution.order_ids.state = "cancel"
        (self.window.distribution_ids - self.distribution).order_ids.state = "cancel"
        west, east, north = (48.8, 5.7), (48.8, 6.1), (48.95, 5.9)
        orders = self.window.order_ids.browse()
        for latitude, longitude in (west, east, north):
            home = self.env["res.partner"].create(
                {
                    "name": f"Chez {latitude}",
                    "partner_latitude": latitude,
                    "partner_longitude": longitude,
                }
            )
            order = self.order.copy(
                {
                    "order_window_id": self.window.id,
                    "distribution_id": self.distribution.id,
                    "partner_id": home.id,
                    "partner_shipping_id": home.id,
                }
            )
            order.write({"coop_home_delivery": True, "state": "sale"})
            orders += order
        record = self._plan()
        way = [
            (partner.partner_latitude, partner.partner_longitude)
            for partner in record.stop_ids.partner_id
        ]
        self.assertIn(way, ([west, north, east], [east, north, west]))
        self.assertAlmostEqual(record.distance, 108, delta=2)
        self.assertIn("loc=48.675000%2C5.900000&loc=48.8", record.route_url)
        self.assertIn("mlat=48.8", record.stop_ids[0].map_url)
        self.assertIn("100 kg", record.load_text)

    def test_too_far(self):
        with self.assertRaises(UserError):
            self._plan(most_km=-1)
        record = self._plan(most_km=1)
        self.assertFalse(record.vehicle_id)
        self.assertIn("1 km", record[0].note)

    def test_the_wizard_knows_the_day_and_the_vehicles(self):
        wizard = Form(self.plan).save()
        self.assertEqual(wizard.window_id, self.window)
        self.assertEqual(wizard.start_at, self.distribution.date_start)
        self.assertEqual(wizard.vehicle_ids, self.van + self.car)

    def test_planned_once(self):
        self._plan()
        with self.assertRaises(UserError):
            self._plan()

    def test_odoo_s_loadings_have_the_vehicle(self):
        record = self._plan()
        self.assertEqual(self.distribution.batch_id.vehicle_id, self.van)
        record.with_user(self.user_coordinator).vehicle_id = self.car
        self.assertEqual(self.distribution.batch_id.vehicle_id, self.car)

    def test_overloaded_does_not_leave(self):
        record = self._plan().with_user(self.user_coordinator)
        record.vehicle_id = self.car
        self.assertTrue(record.is_overloaded)
        with self.assertRaises(UserError):
            record.action_loaded()
        record.vehicle_id = self.van
        record.action_loaded()
        self.assertEqual(record.state, "loaded")

    def test_a_home_is_a_stop_of_its_own(self):
        self.order.coop_home_delivery = True
        self.order.coop_delivery_wish = "Après 17 h"
        self.member.write({"street": "4 rue du Murot", "city": "Toul"})
        record = self._plan()
        home = record.stop_ids.filtered(lambda s: s.kind == "home")
        self.assertEqual(home.order_id, self.order)
        self.assertEqual(home.wish, "Après 17 h")
        self.assertIn("4+rue+du+Murot", home.map_url)
        point = record.stop_ids.filtered(
            lambda s: s.distribution_id == self.distribution
        )
        self.assertEqual(point.basket_count, 1)
        self.assertAlmostEqual(
            home.weight + point.weight, 5.2, msg="Nothing is carried twice"
        )

    def test_the_driver_says_what_happened(self):
        self.order.coop_home_delivery = True
        record = self._plan()
        record.driver_id = self.member_2
        home = record.stop_ids.filtered("order_id").with_user(self.user_member_2)
        home._set_done({"state": "absent", "note": "Volets fermés"})
        self.assertEqual(home.state, "absent")
        self.assertIn("Volets fermés", record.message_ids[0].body)
        # Absent: it goes on another round.
        again = self._plan()
        self.assertEqual(again.stop_ids.order_id, self.order)

    def test_counted_and_signed(self):
        record = self._plan()
        record.driver_id = self.member_2
        stops = record.stop_ids.with_user(self.user_member_2)
        for values in (
            {"state": "done", "signed_by": "Renée"},
            {"state": "done", "counted": "deux", "signed_by": "Renée"},
            {"state": "done", "counted": "2"},
            {"state": "lost"},
        ):
            with self.assertRaises(UserError):
                stops[0]._set_done(values)
        for stop in stops:
            stop._set_done({"state": "done", "counted": "2", "signed_by": "Renée"})
        self.assertEqual(record.state, "done")
        self.assertEqual(record.stop_ids.mapped("done_by_id"), self.user_member_2)

    def test_rounds_of_others(self):
        record = self._plan()
        record.driver_id = self.member_2
        Round = self.env["coop.round"]
        self.assertFalse(Round.with_user(self.user_member).search([]))
        self.assertEqual(Round.with_user(self.user_member_2).search([]), record)
        self.assertEqual(Round.with_user(self.user_referent).search([]), record)
        with self.assertRaises(AccessError):
            record.stop_ids[0].with_user(self.user_referent)._set_done(
                {"state": "refused"}
            )
        with self.assertRaises(AccessError):
            record.with_user(self.user_member_2).write({"note": "x"})

    def test_fetched_at_the_producer_s(self):
        self.window.purchase_order_ids.order_line[0].product_qty += 3.0
        with self.assertRaises(UserError):
            self._plan(kind="pickup")
        self.producer.coop_is_fetched = True
        record = self._plan(kind="pickup")
        self.assertEqual(record.stop_ids.purchase_id, self.window.purchase_order_ids)
        self.assertGreater(record.weight, 0.0)
        self.assertEqual(record.stop_ids.name, self.producer.name)

    def test_equipment_is_brought_once_loaded(self):
        self.distribution.equipment_needed = "Gants"
        self.distribution.date_start = "2020-01-01 10:00:00"
        window = self._coop_make_window("Commande de juillet", days=30)
        following = window.distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point_1
        )
        record = self.env["coop.round"].create(
            {
                "vehicle_id": self.van.id,
                "stop_ids": [Command.create({"distribution_id": following.id})],
            }
        )
        self.assertEqual(record.stop_ids._get_equipment(), "Gants")
        record.with_user(self.user_coordinator).action_loaded()
        self.assertTrue(self.distribution.equipment_brought_at)

    def test_paper(self):
        record = self._plan()
        text = self._render("coop_round.report_round", record, self.user_coordinator)
        for word in ("Maison des associations", "Carottes", "MASTER-54", "signature"):
            self.assertIn(word, text)


@tagged("post_install", "-at_install")
class TestRoundRoute(RoundCase, HttpCase):
    def _png(self):
        buffer = io.BytesIO()
        Image.new("RGB", (4, 4)).save(buffer, "PNG")
        return base64.b64encode(buffer.getvalue()).decode()

    def _post(self, stop, **values):
        return self.url_open(
            f"/my/coop/rounds/{stop.round_id.id}/stop/{stop.id}",
            data={"csrf_token": http.Request.csrf_token(self), **values},
        )

    def test_the_driver_s_page(self):
        record = self._plan()
        record.driver_id = self.member_2
        stop = record.stop_ids[0]
        self.authenticate("coop_member_2", "coop_member_2")
        page = self.url_open(f"/my/coop/rounds/{record.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Maison des associations", page.text)
        self.assertIn(f"/my/coop/rounds/{record.id}", self.url_open("/my/coop").text)
        page = self._post(stop, state="done", counted="2")
        self.assertIn('role="alert"', page.text)
        self.assertEqual(stop.state, "to_do")
        self._post(
            stop,
            state="done",
            counted="2",
            signed_by="Renée",
            signature="data:image/png;base64," + self._png(),
        )
        self.assertEqual((stop.state, stop.counted), ("done", 2))
        self.assertTrue(stop.signature)
        self._post(stop, state="to_do")
        self.assertEqual(stop.state, "to_do")

    def test_addresses_are_not_kept_by_who_drove(self):
        """Once the round is over, whoever drove it reads it no more."""
        record = self._plan()
        record.driver_id = self.member_2
        record.action_done()
        self.authenticate("coop_member_2", "coop_member_2")
        url = f"/my/coop/rounds/{record.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        with self.assertRaises(AccessError):
            record.with_user(self.user_member_2).stop_ids.read(["name"])

    def test_not_somebody_else_s(self):
        record = self._plan()
        record.driver_id = self.member_2
        stop = record.stop_ids[0]
        for login in ("coop_member", "coop_referent", "coop_internal"):
            self.authenticate(login, login)
            url = f"/my/coop/rounds/{record.id}"
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertEqual(self._post(stop, state="refused").status_code, 404)
        self.assertEqual(stop.state, "to_do")
