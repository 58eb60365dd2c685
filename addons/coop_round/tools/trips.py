# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who drives what: stops loaded into vehicles, in as few trips as possible.

Plain Python, no database. A stop goes whole into one trip. The problem is vector bin
packing (weight and volume): first fit decreasing with the stops sorted in four ways,
then in some hundred other orders while one trip fewer may be possible; each trip goes
into the smallest vehicle that takes it.

Stops come in the order of their post codes, and follow each other in a trip wherever
that costs no further trip. Roads are not looked at: :mod:`routing` does.
"""

from collections import namedtuple
from random import Random

#: ``key``: anything; ``weight`` in kg, ``volume`` in m³ (0 where nobody knows).
Stop = namedtuple("Stop", "key weight volume")
#: ``key``: anything; capacities, 0 for no limit.
Vehicle = namedtuple("Vehicle", "key weight volume")
#: ``vehicle``: a :class:`Vehicle`; ``stops``: tuple of :class:`Stop`.
Trip = namedtuple("Trip", "vehicle stops")

# Kilograms and litres come from floats.
SLACK = 1e-6
# Other orders tried, 1 ms each for 18 stops; fewer where there are many.
TRIES = 400
TRIES_BY_SQUARE = 200_000


def fits(vehicle, stops):
    """Whether a vehicle takes these stops in one go.

    >>> fits(Vehicle("van", 1100, 0), [Stop("Toul", 700, 3), Stop("Foug", 400, 2)])
    True
    """
    return not (
        vehicle.weight and sum(s.weight for s in stops) > vehicle.weight + SLACK
    ) and not (vehicle.volume and sum(s.volume for s in stops) > vehicle.volume + SLACK)


def fewest_trips(stops, vehicles, most_stops=0):
    """No plan needs fewer trips than this, whatever the vehicles are used for.

    >>> fewest_trips([Stop("a", 900, 0), Stop("b", 900, 0)], [Vehicle("van", 1100, 0)])
    2
    """
    if not stops or not vehicles:
        return 0
    bounds = [1]
    if most_stops:
        bounds.append(-(-len(stops) // most_stops))
    for get in (lambda row: row.weight, lambda row: row.volume):
        capacities = [get(vehicle) for vehicle in vehicles]
        if not all(capacities):
            continue
        largest = max(capacities)
        total = sum(get(stop) for stop in stops)
        bounds.append(-int(-(total - SLACK) // largest))
        # No two of these share a trip.
        bounds.append(sum(1 for stop in stops if 2 * get(stop) > largest + SLACK))
    return max(bounds)


def propose_trips(stops, vehicles, most_stops=0):
    """Trips that take all the stops.

    :param stops: :class:`Stop` each; neighbours next to each other stay together where
        that costs no trip
    :param vehicles: :class:`Vehicle` each, that may go several times; not empty
    :param most_stops: of a trip, 0 for no limit
    :return: ``(trips, too_large)``: trips, and the stops that no vehicle takes whole
    :raise ValueError: no vehicle

    >>> van, car = Vehicle("van", 1100, 0), Vehicle("car", 500, 0)
    >>> stops = [Stop("Toul", 600, 0), Stop("Foug", 500, 0), Stop("Allain", 300, 0)]
    >>> for trip in propose_trips(stops, [van, car])[0]:
    ...     print(trip.vehicle.key, [stop.key for stop in trip.stops])
    van ['Toul', 'Foug']
    car ['Allain']
    """
    if not vehicles:
        raise ValueError("At least one vehicle.")
    too_large = [stop for stop in stops if not any(fits(v, [stop]) for v in vehicles)]
    todo = [stop for stop in stops if stop not in too_large]
    keys = _sort_keys(todo, vehicles)
    plans = [_fill(todo, vehicles, key, most_stops) for key in keys]
    best = min(plans, key=lambda plan: (len(plan), _capacity(plan)))
    # Other orders, while one trip fewer may be possible; the same ones each time.
    chance, least = Random(0), fewest_trips(todo, vehicles, most_stops)
    tries = min(TRIES, TRIES_BY_SQUARE // max(len(todo), 1) ** 2)
    for number in range(tries if len(best) > least else 0):
        shuffled = {stop: chance.uniform(0.6, 1.4) for stop in todo}
        size = keys[number % len(keys)]
        plan = _fill(
            todo,
            vehicles,
            lambda stop, s=size, c=shuffled: s(stop) * c[stop],
            most_stops,
        )
        best = min(best, plan, key=lambda plan: (len(plan), _capacity(plan)))
        if len(best) <= least:
            break
    together = _follow(todo, vehicles, most_stops)
    if len(together) <= len(best):
        return together, too_large
    best.sort(key=lambda trip: -sum(stop.weight for stop in trip.stops))
    return best, too_large


def _sort_keys(stops, vehicles):
    """Ways to say which stop is the largest."""
    weight = max((v.weight for v in vehicles), default=0) or 1
    volume = max((v.volume for v in vehicles), default=0) or 1
    return (
        lambda stop: stop.weight,
        lambda stop: stop.volume,
        lambda stop: max(stop.weight / weight, stop.volume / volume),
        lambda stop: stop.weight / weight + stop.volume / volume,
    )


def _fill(stops, vehicles, size, most_stops):
    """First fit decreasing, then each load into its smallest vehicle."""
    loads = []
    for stop in sorted(stops, key=lambda stop: -size(stop)):
        for load in loads:
            if most_stops and len(load) >= most_stops:
                continue
            if any(fits(vehicle, [*load, stop]) for vehicle in vehicles):
                load.append(stop)
                break
        else:
            loads.append([stop])
    return _to_trips(loads, vehicles)


def _follow(stops, vehicles, most_stops):
    """Each trip takes the stops that follow each other, as many as fit."""
    loads = []
    for stop in stops:
        if (
            loads
            and not (most_stops and len(loads[-1]) >= most_stops)
            and any(fits(vehicle, [*loads[-1], stop]) for vehicle in vehicles)
        ):
            loads[-1].append(stop)
        else:
            loads.append([stop])
    return _to_trips(loads, vehicles)


def _to_trips(loads, vehicles):
    """Each load in the smallest vehicle that takes it."""
    return [Trip(to_smallest(load, vehicles), tuple(load)) for load in loads]


def to_smallest(load, vehicles):
    """The smallest vehicle that takes these stops in one go."""
    return next(v for v in sorted(vehicles, key=_size) if fits(v, load))


def _size(vehicle):
    # 0 is no limit: the largest there is.
    return (vehicle.weight or float("inf"), vehicle.volume or float("inf"))


def _capacity(plan):
    return sum(trip.vehicle.weight for trip in plan)
