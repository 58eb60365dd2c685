# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.coop_base.tests.common import calm

from ..tools import routing
from ..tools.routing import Place, estimate_km, get_km, plan_trips, rate
from ..tools.trips import Stop, Vehicle, fits, propose_trips

VAN, CAR = Vehicle("van", 1100, 6.0), Vehicle("car", 500, 1.5)
TOUL = Place(48.675, 5.891, "54200")

places = st.builds(
    Place,
    st.floats(48.2, 49.0),
    st.floats(5.5, 6.6),
    st.sampled_from(["54200", "54201", "54170", "57000", ""]),
) | st.builds(Place, st.just(0.0), st.just(0.0), st.sampled_from(["54200", "88000"]))
loads = st.lists(
    st.tuples(st.integers(0, 1300), st.integers(0, 70), places), max_size=14
)


def read(rows):
    """``(stops, places)`` of drawn rows, neighbours next to each other."""
    rows = sorted(rows, key=lambda row: row[2].zip)
    stops = [Stop(i, float(w), v / 10) for i, (w, v, _p) in enumerate(rows)]
    return stops, {i: place for i, (_w, _v, place) in enumerate(rows)}


@tagged("post_install", "-at_install")
class TestRouting(BaseCase):
    def test_documentation(self):
        self.assertFalse(doctest.testmod(routing).failed)

    @calm
    @given(loads, st.sampled_from([0, 3, 10]), st.sampled_from([0, 80, 150]))
    def test_each_stop_once_and_no_limit_passed(self, rows, most_stops, most_km):
        stops, where = read(rows)
        found, too_large, too_far = plan_trips(
            stops, [VAN, CAR], where, TOUL, most_stops, most_km
        )
        carried = [stop for trip in found for stop in trip.stops]
        self.assertEqual(sorted([*carried, *too_large, *too_far]), sorted(stops))
        for trip in found:
            self.assertTrue(fits(trip.vehicle, trip.stops))
            self.assertLessEqual(len(trip.stops), most_stops or 99)
            way = get_km(where, TOUL, [stop.key for stop in trip.stops])
            # Distances are whole metres for the solver.
            self.assertLessEqual(way, (most_km or 9999) + 0.001 * (len(trip.stops) + 1))
        for stop in too_large:
            self.assertFalse(fits(VAN, [stop]) or fits(CAR, [stop]))
        for stop in too_far:
            self.assertGreater(get_km(where, TOUL, [stop.key]), most_km)

    @calm
    @given(loads, st.sampled_from([0, 4]))
    def test_never_worse_than_first_fit(self, rows, most_stops):
        stops, where = read(rows)
        found, too_large, _far = plan_trips(stops, [VAN, CAR], where, TOUL, most_stops)
        first, too_large_first = propose_trips(stops, [VAN, CAR], most_stops)
        self.assertEqual(too_large, too_large_first)
        self.assertLessEqual(rate(found, where, TOUL), rate(first, where, TOUL))

    @calm
    @given(places, places)
    def test_distances_are_the_same_both_ways(self, start, end):
        self.assertAlmostEqual(estimate_km(start, end), estimate_km(end, start))
        self.assertGreaterEqual(estimate_km(start, end), 0.0)

    def test_the_same_stops_give_the_same_plan(self):
        stops = [Stop(i, 100.0 + 37 * i % 211, 0.3) for i in range(20)]
        where = {i: Place(48.4 + i * 7 % 11 / 20, 5.6 + i / 30, "") for i in range(20)}
        plans = [plan_trips(stops, [VAN, CAR], where, TOUL, 8)[0] for _i in range(2)]
        self.assertEqual(*plans)

    def test_neighbours_are_driven_one_after_the_other(self):
        """Two valleys, entered in turn: first fit crosses from one to the other."""
        where = {
            i: Place(48.9 if i % 2 else 48.4, 5.8 + i / 100, "54200") for i in range(8)
        }
        stops = [Stop(i, 100.0, 0.5) for i in range(8)]
        found, _large, _far = plan_trips(stops, [VAN], where, TOUL, most_stops=4)
        sides = [{stop.key % 2 for stop in trip.stops} for trip in found]
        self.assertEqual(sorted(map(sorted, sides)), [[0], [1]])
        first, _large = propose_trips(stops, [VAN], most_stops=4)
        self.assertLess(rate(found, where, TOUL)[1], 0.7 * rate(first, where, TOUL)[1])

    def test_a_long_trip_goes_in_two(self):
        where = {0: Place(48.9, 5.891, ""), 1: Place(48.45, 5.891, "")}
        stops = [Stop(0, 10, 0), Stop(1, 10, 0)]
        self.assertEqual(len(plan_trips(stops, [VAN], where, TOUL)[0]), 1)
        found, _large, far = plan_trips(stops, [VAN], where, TOUL, most_km=90)
        self.assertEqual((len(found), far), (2, []))
        found, _large, far = plan_trips(stops, [VAN], where, TOUL, most_km=60)
        self.assertEqual((len(found), far), (0, stops))

    def test_no_vehicle(self):
        with self.assertRaises(ValueError):
            plan_trips([Stop(0, 1, 0)], [], {0: TOUL}, TOUL)
