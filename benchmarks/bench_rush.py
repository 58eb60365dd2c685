"""Many members at once on the last ten units, then tapping as fast as they can.

Two hundred members, two worker processes on loopback. Ours: the route of the member's
page. The peer: `website_sale`'s cart, in the same run, the same members, the same
products.
"""

import collections
import http.client
import json
import random
import statistics
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

from benchmarks.harness import (
    Result,
    Server,
    install,
    run,
    scratch_database,
    shell,
    size,
    tell,
)
from devtools.console import CoopError
from devtools.progress import Progress

SECONDS = {"full": 240, "quick": 65}
MEMBERS = size(full=200, quick=60)
LAST_UNITS = 10
WORKERS = 2
# Taps of each member on products without a limit, after the rush.
TAPS = size(full=5, quick=3)
TIMEOUT = 60

# A password costs more than the tap it allows: sessions are opened beforehand, as they
# are on members' phones.
PREPARE = """
from odoo import http
from odoo.fields import Command
from odoo.service import security

env = env(context=dict(env.context, no_reset_password=True, tracking_disable=True))
point = env["coop.collection.point"].create({"name": "Rush"})
farm = env["res.partner"].create({"name": "Rush farm", "is_company": True})
products = env["product.product"].create([
    {
        "name": f"Rush {index}",
        "list_price": 2 + index,
        "is_storable": False,
        "seller_ids": [Command.create({"partner_id": farm.id, "price": 1})],
    }
    for index in range(30)
])
if "website_published" in products.product_tmpl_id._fields:
    products.product_tmpl_id.website_published = True
window = env["coop.order.window"].create({
    "name": "Rush",
    "closes_at": "2199-01-01 00:00:00",
    "offer_ids": [Command.create({"product_id": p.id}) for p in products],
    "distribution_ids": [Command.create({
        "collection_point_id": point.id,
        "date_start": "2199-01-02 08:00:00",
        "date_end": "2199-01-02 10:00:00",
    })],
})
window.action_open()
window.offer_ids[0].quantity_max = UNITS
phase(f"making {MEMBERS} members")
users = env["res.users"].create([
    {
        "name": f"Rush {index}",
        "login": f"rush{index}",
        "group_ids": [Command.set(env.ref("base.group_portal").ids)],
    }
    for index in range(MEMBERS)
])
users.partner_id.write({"is_coop_member": True, "collection_point_id": point.id})
env.cr.commit()
sessions = []
for user in users:
    session = http.root.session_store.new()
    session.update(http.get_default_session(), db=env.cr.dbname, _trace_disable=True)
    session.uid, session.login = user.id, user.login
    session.context = dict(user.with_user(user).context_get())
    session.session_token = security.compute_session_token(session, env)
    http.root.session_store.save(session)
    sessions.append(session.sid)
answer({
    "sessions": sessions,
    "window": window.id,
    "offers": window.offer_ids.ids,
    "products": [[p.product_tmpl_id.id, p.id] for p in products],
})
"""


@dataclass
class Answers:
    """What came back: milliseconds of each answer, and what was not an answer."""

    seconds: float = 0.0
    times: list = field(default_factory=list)
    tried_again: int = 0
    errors: collections.Counter = field(default_factory=collections.Counter)
    results: list = field(default_factory=list)

    @property
    def rate(self):
        return len(self.times) / self.seconds

    @property
    def p95(self):
        return statistics.quantiles(self.times, n=20)[-1]

    def say(self, name):
        errors = dict(self.errors) or "none"
        tell(
            f"{name}: {len(self.times)} answers in {self.seconds:.1f} s,"
            f" {self.rate:.0f} a second, median {statistics.median(self.times):.2f} s,"
            f" p95 {self.p95:.2f} s, errors: {errors}"
            f" ({self.tried_again} connections tried again)"
        )


def call(port, session, path, params, answers):
    """The answer of a route, asked again when the connection is refused.

    Two workers keep 16 connections waiting; a proxy, or the member's page by itself,
    asks again. The time of an answer counts from the first try.
    """
    give_up = time.monotonic() + TIMEOUT
    while True:
        try:
            return call_once(port, session, path, params)
        except (ConnectionError, http.client.RemoteDisconnected):
            if time.monotonic() > give_up:
                raise
            answers.tried_again += 1
            time.sleep(random.uniform(0.05, 0.25))


def call_once(port, session, path, params):
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        body.encode(),
        {"Content-Type": "application/json", "Cookie": f"session_id={session}"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return json.load(answer)


def rush(port, sessions, taps):
    """Each session does its taps, all start together; `taps(index)` gives the calls."""
    answers, start_line = Answers(), Barrier(len(sessions) + 1)

    def member(index):
        start_line.wait(TIMEOUT)
        for path, params in taps(index):
            start = time.perf_counter()
            try:
                answer = call(port, sessions[index], path, params, answers)
            except (OSError, urllib.error.HTTPError) as error:
                answers.errors[type(error).__name__] += 1
                continue
            answers.times.append(time.perf_counter() - start)
            if "error" in answer:
                answers.errors[answer["error"]["data"]["name"]] += 1
            answers.results.append(answer.get("result"))

    with ThreadPoolExecutor(len(sessions)) as pool:
        running = [pool.submit(member, index) for index in range(len(sessions))]
        start_line.wait(TIMEOUT)
        start = time.perf_counter()
        for future in running:
            future.result()
        answers.seconds = time.perf_counter() - start
    return answers


def last_units(port, data):
    """Everybody asks one of the last units; returns the answers and the units sold."""
    path = f"/my/coop/window/{data['window']}/change"
    change = {"offer_id": data["offers"][0], "quantity": 1, "device": "bench", "seq": 1}
    answers = rush(port, data["sessions"], lambda _i: [(path, {"changes": [change]})])
    sold = sum(
        not result["rejected"] for result in answers.results if "rejected" in result
    )
    return answers, sold


def our_taps(data):
    path = f"/my/coop/window/{data['window']}/change"

    def taps(index):
        offer = data["offers"][1 + index % 29]
        for number in range(1, TAPS + 1):
            change = {"offer_id": offer, "quantity": number}
            change.update(device="bench", seq=number)
            yield path, {"changes": [change]}

    return taps


def their_taps(data):
    def taps(index):
        template, product = data["products"][1 + index % 29]
        params = {"product_template_id": template, "product_id": product}
        for _number in range(TAPS):
            yield "/shop/cart/add", {**params, "quantity": 1}

    return taps


def main():
    with scratch_database("rush") as name:
        install(name, ["coop_orders", "website_sale"])
        values = {"MEMBERS": MEMBERS, "UNITS": LAST_UNITS}
        data = shell(name, PREPARE, "the rush", **values)
        with Server(name, f"--workers={WORKERS}", "--log-level=warn") as web:
            with Progress("both workers load what a first page loads"):
                warm = {**data, "sessions": data["sessions"][:4]}
                rush(web.port, warm["sessions"], their_taps(data))
                rush(web.port, warm["sessions"], our_taps(data))
            with Progress(f"{MEMBERS} members on the last {LAST_UNITS} units"):
                first, sold = last_units(web.port, data)
            with Progress(f"{TAPS} taps of each, ours"):
                ours = rush(web.port, data["sessions"], our_taps(data))
            with Progress(f"{TAPS} taps of each, website_sale's cart"):
                theirs = rush(web.port, data["sessions"], their_taps(data))
    first.say(f"last {LAST_UNITS} units, {sold} sold")
    ours.say("ours")
    theirs.say("website_sale's cart")
    if sold != LAST_UNITS or first.errors or ours.errors:
        raise CoopError("the rush did not hold: see above.")
    updates = MEMBERS * TAPS
    Result(
        name="rush",
        n=updates,
        ours_s=updates / ours.rate,
        peer=(
            f"website_sale's cart, {WORKERS} workers, {MEMBERS} members at once"
            f" (time of {updates:,} taps)"
        ),
        peer_s=updates / theirs.rate,
        queries=0,
    ).write()


if __name__ == "__main__":
    run(main)
