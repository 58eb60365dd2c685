"""Volunteers: a year of shifts, a night, a page, three kiosks.

Ten thousand of them. Made: 13 cycles of 280 weekly shifts (four teams, weeks A to D)
and a fixed registration a member and cycle. The peer makes the same number of events
and registrations with Odoo core's `event`, one cycle of the thirteen, its time taken
thirteen times.

Then, in the same database: the night after a year of points (cycles counted, statuses
of all members), the member's page, and 300 badges at three kiosks at once, on
two worker processes; each member badges once, one in ten at two kiosks.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from benchmarks.bench_rush import call_once
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
from devtools.progress import Progress

SECONDS = {"full": 600, "quick": 40}
MEMBERS = size(full=10_000, quick=500)
CYCLES = size(full=13, quick=3)
SHIFTS_A_WEEK = size(full=280, quick=28)
KIOSKS = 3
BADGES = size(full=300, quick=60)

SCRIPT = """
import time
from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tools import SQL
from odoo.fields import Command

env = env(context=dict(
    env.context, tracking_disable=True, no_reset_password=True, lang="en_US"))
company = env.company
point = env["coop.collection.point"].create({"name": "Bench"})
today = company._coop_get_today()
monday = today - timedelta(days=today.weekday())
# Each member's cycles, the last of which starts tonight: summaries are due.
company.coop_volunteer_policy_id = env.ref(
    "coop_volunteers.coop_volunteer_policy_la_cagette").copy({"cycle_kind": "member"})
phase(f"making {MEMBERS} members")
members = env["res.partner"]
for start in range(0, MEMBERS, 1000):
    members |= env["res.partner"].create([
        {
            "name": f"Bench {index}",
            "email": f"bench{index}@example.com",
            "is_coop_member": True,
            "company_id": company.id,
            "collection_point_id": point.id,
            "volunteer_kind": "fixed" if index % 10 else "flying",
            "volunteer_since": today - timedelta(days=392),
        }
        for index in range(start, min(start + 1000, MEMBERS))
    ])
user = env["res.users"].create({
    "name": "Bench member", "login": "bench", "password": "bench-password",
    "group_ids": [Command.set(env.ref("base.group_portal").ids)],
    "partner_id": members[1].id,
})
teams = A_WEEK * 4
# Each weekly shift comes in the four weeks, each with a team of its own.
templates = env["coop.shift.template"].create([
    {
        "name": f"Bench {index}",
        "recurrence": "letters",
        "letters": "ABCD"[index % 4],
        "weekday": str(index // 4 % 7),
        "start_hour": 6 + index // 28 % 14,
        "date_from": monday,
        "collection_point_id": point.id,
        "seat_ids": [Command.create({
            "seats_min": 3, "seats_max": MEMBERS // teams + 3})],
    }
    for index in range(teams)
])
env.flush_all()
env.execute_query(SQL(
    '''
    INSERT INTO coop_shift_template_fixed (
        template_id, member_id, company_id, date_from, create_uid, create_date)
    SELECT (%s)[1 + n %% %s], member, %s, %s, 1, now() AT TIME ZONE 'UTC'
      FROM unnest(%s) WITH ORDINALITY AS m (member, n) RETURNING id
    ''', templates.ids, teams, company.id, today - timedelta(days=392), members.ids,
))
env.cr.commit()
env.cr.execute("ANALYZE")
env.invalidate_all()


def timed(work):
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    result = work()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries, result


found = {}
phase(f"making the shifts of {CYCLES} cycles")
until = monday + timedelta(weeks=4 * CYCLES) - timedelta(days=1)
seconds, queries, shifts = timed(
    lambda: templates._generate(until, start=monday, commit=True))
env.cr.commit()
env.cr.execute("SELECT count(*) FROM coop_shift_registration")
found.update(
    generate_s=seconds, generate_queries=queries, shifts=len(shifts),
    registrations=env.cr.fetchone()[0])

phase("the night after a year of points")
# A year of points: an entry every five weeks or so, one in six an absence.
env.cr.execute(
    '''
    INSERT INTO coop_shift_ledger (
        member_id, company_id, date, counter, points, reason, create_uid, create_date)
    SELECT p.id, %(company)s, %(today)s::date - ago * 33 - p.id %% 30, 'shift',
           CASE WHEN (p.id + ago) %% 6 = 0 THEN -1 ELSE (p.id + ago) %% 3 / 2 END,
           CASE WHEN (p.id + ago) %% 6 = 0 THEN 'absent' ELSE 'present_fixed' END,
           1, now() AT TIME ZONE 'UTC'
      FROM res_partner p, generate_series(1, 11) ago WHERE p.id = ANY(%(members)s)
    ''',
    {"company": company.id, "today": today, "members": members.ids},
)
env.cr.commit()
env.cr.execute("ANALYZE")
seconds, queries, _none = timed(env["coop.shift.ledger"]._cron_cycle)
found.update(cycle_s=seconds, cycle_queries=queries)
seconds, queries, _none = timed(env["res.partner"]._cron_volunteer_status)
found.update(first_status_s=seconds, first_status_queries=queries)
env.cr.execute(
    "UPDATE res_partner SET volunteer_status_on = volunteer_status_on - 1"
    " WHERE volunteer_status_on IS NOT NULL")
seconds, queries, _none = timed(env["res.partner"]._cron_volunteer_status)
found.update(status_s=seconds, status_queries=queries)
env.cr.execute(
    "SELECT count(*) FROM res_partner WHERE volunteer_status_on = %s", [today])
found["statuses"] = env.cr.fetchone()[0]

phase("tonight's messages")
# Tonight's messages, counted before they leave: who is told what. Half of the shifts
# of the next days have lost their people: those who could come are asked.
env["ir.mail_server"].search([]).active = False
hours = timedelta(hours=company._coop_volunteer_policy().call_hours)
now = fields.Datetime.now()
soon = env["coop.shift"].search([
    ("start_at", ">", now), ("start_at", "<=", now + hours)])
env.cr.execute(
    "UPDATE coop_shift_registration SET state = 'cancelled' WHERE shift_id = ANY(%s)",
    [soon[::2].ids])
env.cr.commit()
found["understaffed"] = len(soon[::2])
for kind in ("cycle", "call"):
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    told = sum(getattr(company, f"_coop_tell_volunteers_{kind}")())
    env.flush_all()
    found[f"tell_{kind}"] = told
    found[f"tell_{kind}_s"] = time.perf_counter() - start
    found[f"tell_{kind}_queries"] = env.cr.sql_log_count - queries
    found[f"tell_{kind}_mails"] = env["mail.mail"].search_count([])
    env.cr.rollback()

# A shift that starts now, and the tablets.
now = fields.Datetime.now()
badging = members[:BADGES]
shift = env["coop.shift"].create({
    "name": "Bench", "start_at": now, "end_at": now + timedelta(hours=3),
    "collection_point_id": point.id,
    "seat_ids": [Command.create({"seats_max": BADGES})],
})
env["coop.shift.registration"].search([
    ("member_id", "in", badging.ids), ("start_at", "<", now + timedelta(hours=12)),
    ("end_at", ">", now - timedelta(hours=12)),
]).write({"state": "cancelled"})
env["coop.shift.registration"].create([
    {"shift_id": shift.id, "member_id": member.id, "kind": "flying"}
    for member in badging
])
kiosks = env["coop.shift.kiosk"].create([
    {"name": f"Bench {index}"} for index in range(KIOSKS)])
env.cr.commit()
found.update(
    shift=shift.id, numbers=badging.mapped("coop_number"),
    tokens=kiosks.mapped("token"))

phase("Odoo's events")
events = env["event.event"]


def make_events():
    made = events.create([
        {
            "name": f"Bench {index}",
            "date_begin": datetime.combine(monday + timedelta(days=index % 28),
                                           datetime.min.time()),
            "date_end": datetime.combine(monday + timedelta(days=index % 28, hours=3),
                                         datetime.min.time()),
        }
        for index in range(teams)
    ])
    env["event.registration"].create([
        {"event_id": made[index % teams].id, "partner_id": member.id}
        for index, member in enumerate(members)
    ])
    return made


seconds, queries, made = timed(make_events)
found.update(peer_s=seconds, peer_queries=queries)
env.cr.rollback()
answer(found)
"""
CHECK = """
shift = env["coop.shift"].browse(SHIFT)
rows = shift.registration_ids
answer({
    "registrations": len(rows),
    "present": len(rows.filtered(lambda r: r.state == "present")),
    "entries": len(rows.ledger_ids),
})
"""


@dataclass
class ShiftResult(Result):
    """`ours_s` and `queries` are those of the generation."""

    shifts: int
    cycle_s: float
    cycle_queries: int
    first_status_s: float
    first_status_queries: int
    status_s: float
    status_queries: int
    summaries: int
    summary_s: float
    summary_queries: int
    understaffed: int
    calls: int
    call_mails: int
    call_s: float
    call_queries: int
    page_s: float
    page_queries: int
    badges: int
    badge_s: float
    badges_lost: int
    badges_double: int


def badge(port, found):
    """Seconds in which the kiosks had an answer to each badge; what they answered."""
    numbers, start_line = found["numbers"], Barrier(KIOSKS + 1)
    queues = [numbers[index::KIOSKS] for index in range(KIOSKS)]
    for index, number in enumerate(numbers[::10]):
        # Unsure, one in ten badges at the next kiosk, too.
        queues[(index * 10 + 1) % KIOSKS].append(number)

    def stand(token, queue):
        start_line.wait(60)
        path = f"/coop/kiosk/{token}/badge"
        return [
            call_once(port, "", path, {"code": number})["result"]["result"]
            for number in queue
        ]

    with ThreadPoolExecutor(KIOSKS) as pool:
        running = [
            pool.submit(stand, token, queue)
            for token, queue in zip(found["tokens"], queues, strict=True)
        ]
        start_line.wait(60)
        start = time.perf_counter()
        answers = [answer for future in running for answer in future.result()]
        return time.perf_counter() - start, answers


def main():
    values = {
        "MEMBERS": MEMBERS,
        "CYCLES": CYCLES,
        "A_WEEK": SHIFTS_A_WEEK,
        "KIOSKS": KIOSKS,
        "BADGES": BADGES,
    }
    with scratch_database("shifts") as name:
        install(name, ["coop_volunteers", "event"])
        found = shell(name, SCRIPT, "the shifts", **values)
        with Server(name) as web, Progress("the member's page"):
            web.login("bench", "bench-password")
            page_s, page_queries = web.time_page("/my/coop/shifts")
        with Server(name, "--workers=2") as web, Progress(f"{BADGES} badges"):
            badge_s, answers = badge(web.port, found)
        badged = shell(name, CHECK, "checking what was written", SHIFT=found["shift"])
    expected = len(found["numbers"])
    if not found["tell_call"] or answers.count("present") != expected:
        tell(f"answers of the kiosks: {answers}")
    ShiftResult(
        name="shifts",
        n=found["registrations"],
        ours_s=found["generate_s"],
        peer=(
            f"Odoo core: as many events and registrations of `event`, a cycle of"
            f" {CYCLES} measured, {found['peer_queries'] * CYCLES:,} queries in all"
        ),
        peer_s=found["peer_s"] * CYCLES,
        queries=found["generate_queries"],
        shifts=found["shifts"],
        cycle_s=round(found["cycle_s"], 2),
        cycle_queries=found["cycle_queries"],
        first_status_s=round(found["first_status_s"], 2),
        first_status_queries=found["first_status_queries"],
        status_s=round(found["status_s"], 2),
        status_queries=found["status_queries"],
        summaries=found["tell_cycle"],
        summary_s=round(found["tell_cycle_s"], 2),
        summary_queries=found["tell_cycle_queries"],
        understaffed=found["understaffed"],
        calls=found["tell_call"],
        call_mails=found["tell_call_mails"],
        call_s=round(found["tell_call_s"], 2),
        call_queries=found["tell_call_queries"],
        page_s=round(page_s, 3),
        page_queries=page_queries,
        badges=len(answers),
        badge_s=round(badge_s, 2),
        badges_lost=expected - badged["present"],
        badges_double=badged["registrations"] + badged["entries"] - 2 * expected,
    ).write()


if __name__ == "__main__":
    run(main)
