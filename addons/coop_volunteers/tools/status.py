# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where a volunteer stands, from dated facts only.

Nothing is remembered between two calls: a correction in the ledger changes the past as
if it had always been so, and the status follows.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

KINDS = ("leave", "exempted", "extension", "booked", "left")


@dataclass(frozen=True)
class Entry:
    """Points on a day, on the ``shift`` or the ``make_up`` counter.

    ``absence`` and ``attended`` are counts; the entry that undoes another has −1.
    """

    date: date
    points: float
    counter: str = "shift"
    absence: int = 0
    attended: int = 0


@dataclass(frozen=True)
class Spell:
    """Days, both included; no end: for good.

    ``kind``: ``leave``, ``exempted``, ``extension``, ``left`` (unsubscribed), or
    ``booked``: until the day of a make-up that is booked.
    """

    kind: str
    start: date
    end: date | None = None

    def covers(self, day):
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Policy:
    """The numbers of the rules that a status depends on (OCA's by default).

    :param alert_days: days in which a debt may be made good before suspension
    :param extension_days: how long a booked make-up keeps off suspension, at most
    :param grace_days: days after an extension before suspension
    :param unsubscribe_at: both counters together; None: never by points
    :param unsubscribe_absences: unsubscribed after so many in a row; 0: never
    :param booking_counts: a booked make-up is an extension (La Cagette)
    """

    alert_days: int = 28
    extension_days: int = 28
    grace_days: int = 10
    unsubscribe_at: float | None = -4
    unsubscribe_absences: int = 0
    booking_counts: bool = False


class Status(str):
    """A status, equal to its plain text, with what is behind it.

    ``since``, ``until`` (last day, None: until something happens), ``balance`` and
    ``make_up`` (the two counters), ``explanation`` (a key that interfaces translate).
    """

    def __new__(cls, value, **details):
        self = super().__new__(cls, value)
        self.since = details.get("since")
        self.until = details.get("until")
        self.balance = details.get("balance", 0.0)
        self.make_up = details.get("make_up", 0.0)
        self.explanation = details.get("explanation", value)
        return self

    @property
    def next_change(self):
        """The first day on which the status may differ without a new fact."""
        return self.until and self.until + timedelta(days=1)


def member_status(entries, spells, policy, today):
    """A member's status on a day.

    Precedence (OCA): leave, exempted, extension, unsubscribed, suspended, alert, up to
    date; who has left is unsubscribed before all of it. Facts dated after ``today`` do
    not count yet.

    >>> day = date(2026, 3, 2)
    >>> absence = Entry(day, -1, absence=1)
    >>> status = member_status([absence], [], Policy(), day)
    >>> status, status.balance, status.until.isoformat()
    ('alert', -1.0, '2026-03-30')
    >>> member_status([absence, Entry(day, +1)], [], Policy(), day)
    'up_to_date'
    >>> both = [Entry(day, -2), Entry(day, -2, "make_up")]
    >>> member_status(both, [], Policy(), day)
    'unsubscribed'

    :param entries: iterable of `Entry`
    :param spells: iterable of `Spell`
    :return: `Status`, a ``str`` among ``up_to_date alert suspended unsubscribed
        extension leave exempted``
    """
    known = sorted((e for e in entries if e.date <= today), key=lambda e: e.date)
    spells = [spell for spell in spells if spell.start <= today]
    balances = {
        counter: round(sum((e.points for e in known if e.counter == counter), 0.0), 6)
        for counter in ("shift", "make_up")
    }
    counters = {"balance": balances["shift"], "make_up": balances["make_up"]}
    left = _longest(spells, "left", today)
    if left:
        return Status("unsubscribed", since=left.start, explanation="left", **counters)
    for kind in ("leave", "exempted", "extension"):
        spell = _longest(spells, kind, today)
        if spell:
            return Status(kind, since=spell.start, until=spell.end, **counters)
    found = _unsubscribed(known, sum(balances.values()), policy)
    if found:
        since, why = found
        return Status("unsubscribed", since=since, explanation=why, **counters)
    return _debt_status(known, spells, policy, today, counters)


def _debt_status(known, spells, policy, today, counters):
    """Alert, then suspended, from the day on which a counter went below zero."""
    if min(counters.values()) >= 0:
        return Status("up_to_date", since=_clear_since(known), **counters)
    debt_since = _debt_since(known)
    since = debt_since
    until = since + timedelta(days=policy.alert_days)
    if not policy.alert_days:
        # No alert at all: suspended on the very day.
        until = since - timedelta(days=1)
    for spell in sorted(spells, key=lambda s: s.start):
        if spell.end is None or spell.end < since or spell.end >= today:
            continue
        if spell.kind in ("leave", "exempted"):
            # The alert counts again from the end of the leave.
            since = spell.end
            until = since + timedelta(days=policy.alert_days or -1)
        elif spell.kind == "extension":
            until = max(until, spell.end + timedelta(days=policy.grace_days))
    if today <= until:
        return Status("alert", since=since, until=until, **counters)
    booked = policy.booking_counts and _longest(spells, "booked", today)
    if booked:
        # Days to make it good are counted from the absence, not from the booking.
        limit = debt_since + timedelta(days=policy.extension_days)
        if today <= limit:
            return Status(
                "extension",
                since=debt_since,
                until=min(limit, booked.end or limit),
                explanation="make_up_booked",
                **counters,
            )
    return Status("suspended", since=until + timedelta(days=1), **counters)


def _longest(spells, kind, day):
    """The spell of a kind that covers a day, of several the one that ends last."""
    covering = [s for s in spells if s.kind == kind and s.covers(day)]
    if not covering:
        return None
    return max(covering, key=lambda s: s.end or date.max)


def _running(known):
    """``(day, shift, make_up)`` at the end of each day that has entries."""
    totals = {"shift": 0.0, "make_up": 0.0}
    for day, entries in groupby(known, key=lambda e: e.date):  # pylint: disable=bad-builtin-groupby
        for entry in entries:
            totals[entry.counter] += entry.points
        yield day, round(totals["shift"], 6), round(totals["make_up"], 6)


def _debt_since(known):
    since = None
    for day, shift, make_up in _running(known):
        if min(shift, make_up) >= 0:
            since = None
        elif since is None:
            since = day
    return since


def _clear_since(known):
    """The day on which the last debt ended; None for who never had one."""
    since, in_debt = None, False
    for day, shift, make_up in _running(known):
        clear = min(shift, make_up) >= 0
        if clear and in_debt:
            since = day
        in_debt = not clear
    return since


def _unsubscribed(known, total, policy):
    """(since, why) if the points or the absences say so, else None."""
    limit = policy.unsubscribe_at
    if limit is not None and total <= limit:
        since = None
        for day, shift, make_up in _running(known):
            if shift + make_up > limit:
                since = None
            elif since is None:
                since = day
        return since, "points"
    if policy.unsubscribe_absences:
        in_a_row = 0
        for day, entries in groupby(known, key=lambda e: e.date):  # pylint: disable=bad-builtin-groupby
            entries = list(entries)
            if sum(e.attended for e in entries) > 0:
                in_a_row = 0
            in_a_row += max(sum(e.absence for e in entries), 0)
            if in_a_row >= policy.unsubscribe_absences:
                return day, "absences"
    return None
