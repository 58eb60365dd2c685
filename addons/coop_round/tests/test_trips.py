# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.coop_base.tests.common import calm

from ..tools import trips
from ..tools.trips import Stop, Vehicle, fewest_trips, fits, propose_trips

VAN, CAR = Vehicle("van", 1100, 6.0), Vehicle("car", 500, 1.5)

loads = st.lists(
    st.tuples(st.integers(0, 1300), st.integers(0, 70)).map(
        lambda pair: (float(pair[0]), pair[1] / 10)
    ),
    max_size=30,
)


@tagged("post_install", "-at_install")
class TestTrips(BaseCase):
    def test_documentation(self):
        self.assertFalse(doctest.testmod(trips).failed)

    @calm
    @given(loads)
    def test_each_stop_once_and_no_vehicle_overloaded(self, pairs):
        stops = [Stop(number, *pair) for number, pair in enumerate(pairs)]
        proposed, too_large = propose_trips(stops, [VAN, CAR])
        carried = [stop for trip in proposed for stop in trip.stops]
        self.assertEqual(sorted(carried + too_large), sorted(stops))
        for trip in proposed:
            self.assertTrue(fits(trip.vehicle, trip.stops))
        for stop in too_large:
            self.assertFalse(fits(VAN, [stop]) or fits(CAR, [stop]))

    @calm
    @given(loads)
    def test_never_twice_as_many_trips_by_weight_alone(self, pairs):
        stops = [
            Stop(number, min(w, 1100), 0.0) for number, (w, _v) in enumerate(pairs)
        ]
        vehicles = [Vehicle("van", 1100, 0)]
        proposed, _too_large = propose_trips(stops, vehicles)
        least = fewest_trips(stops, vehicles)
        self.assertGreaterEqual(len(proposed), least)
        self.assertLessEqual(len(proposed), 2 * max(least, 1))

    def test_the_small_vehicle_takes_what_is_light(self):
        proposed, _too_large = propose_trips([Stop("Foug", 200, 1.0)], [VAN, CAR])
        self.assertEqual([trip.vehicle for trip in proposed], [CAR])

    def test_a_vehicle_without_limit_takes_all(self):
        truck = Vehicle("truck", 0, 0)
        stops = [Stop(number, 900, 5) for number in range(9)]
        proposed, too_large = propose_trips(stops, [VAN, truck])
        self.assertEqual(len(proposed), 1)
        self.assertFalse(too_large)

    def test_nobody_drives_all_day(self):
        stops = [Stop(number, 1.0, 0.0) for number in range(11)]
        proposed, _too_large = propose_trips(stops, [VAN], most_stops=5)
        self.assertEqual(sorted(len(trip.stops) for trip in proposed), [1, 5, 5])
        self.assertEqual(fewest_trips(stops, [VAN], most_stops=5), 3)

    def test_neighbours_stay_together_where_it_costs_nothing(self):
        stops = [Stop(number, 100.0 + number, 0.0) for number in range(8)]
        proposed, _too_large = propose_trips(stops, [VAN], most_stops=4)
        self.assertEqual(
            [[stop.key for stop in trip.stops] for trip in proposed],
            [[0, 1, 2, 3], [4, 5, 6, 7]],
        )

    def test_no_vehicle(self):
        with self.assertRaises(ValueError):
            propose_trips([Stop("Toul", 1, 0)], [])
