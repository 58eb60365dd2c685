"""Who drives what, and in which order: few trips first, then few kilometres.

The solver is PyVRP (https://pyvrp.org, MIT). Vehicles may go several times; a load is
weight, volume and number of stops. The plan of :mod:`trips` (first fit, in the order of
post codes) is where it starts from, what it is measured against
(``benchmarks/bench_trips.py``), and what is taken where it finds nothing better. The
same stops give the same plan: the number of iterations is what ends the search, a clock
only keeps a very large one short.
"""

from collections import namedtuple
from math import asin, cos, radians, sin, sqrt

from pyvrp import Model, Route, Solution
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

from .trips import Trip, propose_trips, to_smallest

#: ``latitude`` and ``longitude`` in degrees, both 0 where nobody knows; ``zip`` text.
Place = namedtuple("Place", "latitude longitude zip")

# A road is that much longer than the line, in the country.
ROAD = 1.3
EARTH = 6371.0
ITERATIONS = 1000
SECONDS = 2.0
# Loads and distances are integers there.
GRAMS, LITRES, METRES = 1000, 1000, 1000


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
    if len(todo) > 1:
        found = _solve(todo, vehicles, places, depot, most_stops, most_km, first)
        if found and rate(found, places, depot) < rate(first, places, depot):
            best = found
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


def _solve(stops, vehicles, places, depot, most_stops, most_km, first):
    """The best plan that the solver finds from ``first``, or None."""
    model = Model()
    points = [depot, *(places[stop.key] for stop in stops)]
    metres = [[round(METRES * estimate_km(a, b)) for b in points] for a in points]
    # Loads are rounded up and capacities down: never one gram too much.
    locations = [model.add_location(0, number) for number in range(len(points))]
    start = model.add_depot(locations[0])
    for stop, location in zip(stops, locations[1:], strict=True):
        load = [_up(GRAMS * stop.weight), _up(LITRES * stop.volume), 1]
        model.add_client(location, delivery=load)
    totals = [_up(sum(GRAMS * s.weight for s in stops)) + len(stops)]
    totals += [_up(sum(LITRES * s.volume for s in stops)) + len(stops), len(stops)]
    # One trip fewer is worth more than all the kilometres there can be.
    worth = 1 + len(stops) * max(metres[0]) + sum(max(row) for row in metres[1:])
    sizes = sorted({(v.weight, v.volume) for v in vehicles})
    for weight, volume in sizes:
        limits = [weight * GRAMS, volume * LITRES, most_stops]
        options = {"max_distance": int(METRES * most_km)} if most_km else {}
        model.add_vehicle_type(
            num_available=len(stops),
            capacity=[
                int(limit) or total for limit, total in zip(limits, totals, strict=True)
            ],
            start_depot=start,
            end_depot=start,
            fixed_cost=worth,
            **options,
        )
    for number, row in enumerate(metres):
        for other, distance in enumerate(row):
            if number != other:
                model.add_edge(locations[number], locations[other], distance=distance)
    until = MultipleCriteria([MaxIterations(ITERATIONS), MaxRuntime(SECONDS)])
    numbers = {stop.key: number for number, stop in enumerate(stops)}
    data = model.data()
    known = [
        Route(
            data,
            [numbers[stop.key] for stop in trip.stops],
            sizes.index((trip.vehicle.weight, trip.vehicle.volume)),
        )
        for trip in first
    ]
    result = model.solve(
        until,
        seed=1,
        collect_stats=False,
        display=False,
        initial_solution=Solution(data, known),
    )
    if not result.is_feasible():
        return None
    return _read(result.best, stops, vehicles)


def _read(solution, stops, vehicles):
    plan = []
    for route in solution.routes():
        load = tuple(stops[visit.idx] for visit in route if visit.is_client())
        plan.append(Trip(to_smallest(load, vehicles), load))
    return plan


def _up(number):
    """The integer above, but for what a float adds to a whole number."""
    return -int(-(number - 1e-6) // 1)
