# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who drives what, and in which order: few trips first, then few kilometres.

The solver is PyVRP (https://pyvrp.org, MIT). Vehicles may go several times; a load is
weight, volume and number of stops. The plan of :mod:`trips` (first fit, in the order of
post codes) is where it starts from, what it is measured against
(``benchmarks/bench_trips.py``), and what is taken where it finds nothing better. The
same stops give the same plan: the number of iterations is what ends the search, a clock
only keeps a very large one short.
"""

import warnings
from collections import namedtuple
from math import asin, cos, radians, sin, sqrt

from pyvrp import Model, Route, Solution
from pyvrp.PenaltyManager import PenaltyBoundWarning
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

from .trips import (
    Trip,
    Vehicle,
    fewest_trips,
    fits,
    propose_trips,
    to_smallest,
)

#: ``latitude`` and ``longitude`` in degrees, both 0 where nobody knows; ``zip`` text.
Place = namedtuple("Place", "latitude longitude zip")

# A road is that much longer than the line, in the country.
ROAD = 1.3
EARTH = 6371.0
ITERATIONS = 1000
SECONDS = 2.0
# Loads and distances are integers there: of 10 g, of a litre and of a metre.
PER_KG, LITRES, METRES = 100, 1000, 1000


def estimate_km(start, end):
    """Kilometres by road from one place to another, about.

    From coordinates where both are known; else from post codes, which say little: near
    where their numbers are, far in another department. The same at any time, in both
    ways.

    >>> round(estimate_km(Place(48.675, 5.891, ""), Place(48.693, 6.184, "")))
    28
    >>> place = Place(0, 0, "54200")
    >>> [estimate_km(place, Place(0, 0, z)) for z in ("54200", "54201", "57000", "")]
    [2.0, 5.05, 60.0, 30.0]
    """
    if start == end:
        return 0.0 if start.latitude or start.longitude else 2.0
    if all(place.latitude or place.longitude for place in (start, end)):
        phi_1, phi_2 = radians(start.latitude), radians(end.latitude)
        turn = radians(end.longitude - start.longitude)
        chord = sqrt(
            sin((phi_2 - phi_1) / 2) ** 2 + cos(phi_1) * cos(phi_2) * sin(turn / 2) ** 2
        )
        return ROAD * 2 * EARTH * asin(min(1.0, chord))
    if not (start.zip and end.zip):
        return 30.0
    if start.zip == end.zip:
        return 2.0
    if start.zip[:2] != end.zip[:2]:
        return 60.0
    try:
        gap = abs(int(start.zip) - int(end.zip))
    except ValueError:
        return 30.0
    return 5.0 + min(gap / 20, 35.0)


def get_km(places, depot, keys):
    """Kilometres of one trip: from the depot, stop by stop, and back.

    :param places: dict key → :class:`Place`
    """
    way = [depot, *(places[key] for key in keys), depot]
    return sum(estimate_km(*pair) for pair in zip(way, way[1:], strict=False))


def plan_trips(stops, vehicles, places, depot, most_stops=0, most_km=0):
    """Trips that take all the stops, in the order in which they are driven.

    :param stops: :class:`trips.Stop` each, neighbours next to each other
    :param vehicles: :class:`trips.Vehicle` each, that may go several times
    :param places: dict key of a stop → :class:`Place`
    :param depot: :class:`Place` where all trips start and end
    :param most_stops: of a trip, 0 for no limit
    :param most_km: of a trip, 0 for no limit
    :return: ``(trips, too_large, too_far)``: trips, the stops that no vehicle takes
        whole, and those that are too far for a trip of their own
    :raise ValueError: no vehicle
    """
    too_far = [
        stop
        for stop in stops
        if most_km and get_km(places, depot, [stop.key]) > most_km
    ]
    near = [stop for stop in stops if stop not in too_far]
    first, too_large = propose_trips(near, vehicles, most_stops)
    first = _cut(first, vehicles, places, depot, most_km)
    todo = [stop for stop in near if stop not in too_large]
    best = first
    if len(todo) < 2:
        return best, too_large, too_far
    # With as few trips as may be possible, then with one more.
    fewest = min(fewest_trips(todo, vehicles, most_stops), len(first))
    for count in range(fewest, len(first) + 1):
        known = first if count == len(first) else None
        found = _solve(todo, vehicles, places, depot, most_stops, most_km, count, known)
        if found and rate(found, places, depot) < rate(best, places, depot):
            best = found
            break
    return best, too_large, too_far


def rate(trips, places, depot):
    """What a plan costs: ``(trips, metres)``; the least is the best."""
    metres = sum(
        round(METRES * get_km(places, depot, [stop.key for stop in trip.stops]))
        for trip in trips
    )
    return len(trips), metres


def _cut(trips, vehicles, places, depot, most_km):
    """Trips that are too long go in several."""
    if not most_km:
        return trips
    loads = []
    for trip in trips:
        load = []
        for stop in trip.stops:
            keys = [other.key for other in (*load, stop)]
            if load and get_km(places, depot, keys) > most_km:
                loads.append(load)
                load = []
            load = [*load, stop]
        loads.append(load)
    return [Trip(to_smallest(load, vehicles), tuple(load)) for load in loads]


def _solve(stops, vehicles, places, depot, most_stops, most_km, count, known):
    """The best plan of at most ``count`` trips that the solver finds, or None.

    :param known: a plan to start from, or None
    """
    model = Model()
    points = [depot, *(places[stop.key] for stop in stops)]
    metres = [[round(METRES * estimate_km(a, b)) for b in points] for a in points]
    # Loads are rounded up and capacities down: never a gram too much.
    locations = [model.add_location(0, number) for number in range(len(points))]
    start = model.add_depot(locations[0])
    loads = [
        [_up(PER_KG * stop.weight), _up(LITRES * stop.volume), 1] for stop in stops
    ]
    for load, location in zip(loads, locations[1:], strict=True):
        model.add_client(location, delivery=load)
    totals = [sum(column) for column in zip(*loads, strict=True)]
    sizes = _get_largest(vehicles)
    for weight, volume in sizes:
        limits = [weight * PER_KG, volume * LITRES, most_stops]
        options = {"max_distance": int(METRES * most_km)} if most_km else {}
        model.add_vehicle_type(
            num_available=count,
            capacity=[
                int(limit) or total for limit, total in zip(limits, totals, strict=True)
            ],
            start_depot=start,
            end_depot=start,
            # Among several kinds of vehicles: no trip that can be spared.
            fixed_cost=max(metres[0]) if len(sizes) > 1 else 0,
            **options,
        )
    for number, row in enumerate(metres):
        for other, distance in enumerate(row):
            if number != other:
                model.add_edge(locations[number], locations[other], distance=distance)
    until = MultipleCriteria([MaxIterations(ITERATIONS), MaxRuntime(SECONDS)])
    options = {}
    if known:
        options["initial_solution"] = _write(model.data(), known, stops, sizes)
    with warnings.catch_warnings():
        # That no plan of so few trips was found is an answer.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = model.solve(
            until, seed=1, collect_stats=False, display=False, **options
        )
    return _read(result.best, stops, vehicles) if result.is_feasible() else None


def _get_largest(vehicles):
    """``(weight, volume)`` of the vehicles that no other one could replace."""
    sizes = {(v.weight, v.volume) for v in vehicles}

    def covers(one, other):
        return all(not a or (b and a >= b) for a, b in zip(one, other, strict=True))

    return sorted(
        size
        for size in sizes
        if not any(other != size and covers(other, size) for other in sizes)
    )


def _write(data, trips, stops, sizes):
    numbers = {stop.key: number for number, stop in enumerate(stops)}
    routes = []
    for trip in trips:
        kind = next(
            index
            for index, (weight, volume) in enumerate(sizes)
            if fits(Vehicle(None, weight, volume), trip.stops)
        )
        routes.append(Route(data, [numbers[s.key] for s in trip.stops], kind))
    return Solution(data, routes)


def _read(solution, stops, vehicles):
    plan = []
    for route in solution.routes():
        load = tuple(stops[visit.idx] for visit in route if visit.is_client())
        plan.append(Trip(to_smallest(load, vehicles), load))
    return plan


def _up(number):
    """The integer above, but for what a float adds to a whole number."""
    return -int(-(number - 1e-6) // 1)
