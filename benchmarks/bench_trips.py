"""Rounds proposed by the solver beside first fit in the order of post codes.

A van of 1.1 t and a car of 0.5 t from Toul, points and homes within 45 km; instances
drawn from a seed. What counts is what drivers do: trips, then kilometres, as estimated
by `tools/routing.py` for both.
"""

import random
import sys
import time
from dataclasses import dataclass

from benchmarks.harness import Result, run, size, tell
from devtools import settings
from devtools.console import CoopError
from devtools.progress import Progress

sys.path.insert(0, str(settings.ADDONS / "coop_logistics"))

from tools.routing import Place, plan_trips, rate  # noqa: E402
from tools.trips import Stop, Vehicle, fewest_trips, propose_trips  # noqa: E402

SECONDS = {"full": 120, "quick": 10}
SIZES = size(full=(18, 40, 60, 120), quick=(18, 40, 60))
INSTANCES = size(full=20, quick=5)
MOST_STOPS = 10
# No plan may need more trips than first fit, nor more kilometres for as many.
GOAL_KM = 1.0
VEHICLES = [Vehicle("van", 1100, 6.0), Vehicle("car", 500, 1.5)]
DEPOT = Place(48.675, 5.891, "54200")
# Around Toul, with the post codes that are there.
TOWNS = [
    ("54200", 48.675, 5.891),
    ("54200", 48.74, 5.80),
    ("54113", 48.59, 5.84),
    ("54112", 48.54, 5.75),
    ("54170", 48.53, 5.98),
    ("54115", 48.44, 5.93),
    ("54330", 48.43, 6.08),
    ("54840", 48.72, 6.00),
    ("54460", 48.77, 6.02),
    ("54380", 48.83, 5.99),
    ("54470", 48.94, 5.83),
    ("54700", 48.90, 6.05),
    ("54850", 48.62, 6.10),
    ("54160", 48.55, 6.13),
    ("55140", 48.57, 5.66),
    ("55190", 48.69, 5.62),
]


def draw(count, seed):
    """``(stops, places)``: loads and addresses of one window."""
    chance = random.Random(count * 1000 + seed)
    rows = []
    for _number in range(count):
        code, latitude, longitude = chance.choice(TOWNS)
        place = Place(
            latitude + chance.uniform(-0.05, 0.05),
            longitude + chance.uniform(-0.07, 0.07),
            code,
        )
        weight = chance.choice((chance.uniform(4, 30), chance.uniform(60, 350)))
        rows.append((place, round(weight, 1), round(weight * 0.004, 3)))
    rows.sort(key=lambda row: row[0].zip)
    stops = [Stop(i, weight, volume) for i, (_p, weight, volume) in enumerate(rows)]
    return stops, {i: row[0] for i, row in enumerate(rows)}


def compare(count):
    """Both ways on all instances of a size."""
    ours, peer, fewest, seconds, longest = [0, 0], [0, 0], 0, 0.0, 0.0
    for seed in range(INSTANCES):
        stops, places = draw(count, seed)
        start = time.perf_counter()
        trips, too_large, _far = plan_trips(stops, VEHICLES, places, DEPOT, MOST_STOPS)
        took = time.perf_counter() - start
        seconds, longest = seconds + took, max(longest, took)
        first, _large = propose_trips(stops, VEHICLES, MOST_STOPS)
        rates = rate(trips, places, DEPOT), rate(first, places, DEPOT)
        if rates[0] > rates[1]:
            raise CoopError(f"{count} stops, seed {seed}: worse than first fit.")
        for total, (number, metres) in zip((ours, peer), rates, strict=True):
            total[0] += number
            total[1] += metres / 1000
        fewest += fewest_trips(
            [stop for stop in stops if stop not in too_large], VEHICLES, MOST_STOPS
        )
    return {
        "stops": count,
        "instances": INSTANCES,
        "trips": ours[0],
        "trips_first_fit": peer[0],
        "trips_at_least": fewest,
        "km": round(ours[1]),
        "km_first_fit": round(peer[1]),
        "seconds_each": round(seconds / INSTANCES, 2),
        "seconds_most": round(longest, 2),
    }


@dataclass
class TripsResult(Result):
    """Trips and kilometres by size; `ours_s` and `peer_s` are kilometres here too."""

    unit: str
    sizes: list


def main():
    rows = []
    for count in SIZES:
        with Progress(f"{INSTANCES} windows of {count} stops"):
            row = compare(count)
        tell(
            f"{count} stops, {INSTANCES} instances: {row['trips']} trips"
            f" ({row['trips_first_fit']} by first fit, {row['trips_at_least']} at"
            f" least), {row['km']} km ({row['km_first_fit']}),"
            f" {row['seconds_each']} s each"
        )
        rows.append(row)
    ours = sum(row["km"] for row in rows)
    peer = sum(row["km_first_fit"] for row in rows)
    share = ours / peer
    verdict = "reached" if share <= GOAL_KM else "missed"
    tell(
        f"{share:.2f} times the kilometres of first fit;"
        f" the goal of at most {GOAL_KM} is {verdict}"
    )
    TripsResult(
        name="trips",
        n=sum(row["stops"] * row["instances"] for row in rows),
        ours_s=ours,
        peer="first fit in the order of post codes",
        peer_s=peer,
        queries=0,
        unit="km in the columns ours_s and peer_s",
        sizes=rows,
    ).write()


if __name__ == "__main__":
    run(main)
