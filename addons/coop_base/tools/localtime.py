# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one place where UTC, as stored, meets the cooperative's wall clock.

Odoo stores naive UTC datetimes. A deadline such as "Tuesday 20:00" is meant in
the cooperative's time zone (``res.company.coop_tz``), also for a user, a cron or
a server that lives in another one, and through changes to summer time.
"""

from datetime import datetime  # noqa: F401 (doctests)

import pytz

from odoo.tools.misc import format_datetime

DEFAULT_TZ = "Europe/Paris"


def _zone(tz):
    return pytz.timezone(tz or DEFAULT_TZ)


def to_local(dt, tz=DEFAULT_TZ):
    """Aware local datetime of a naive UTC one.

    >>> to_local(datetime(2026, 6, 1, 18, 0), "Europe/Paris").isoformat()
    '2026-06-01T20:00:00+02:00'
    >>> to_local(datetime(2026, 1, 1, 18, 0), "Europe/Paris").isoformat()
    '2026-01-01T19:00:00+01:00'
    """
    if dt.tzinfo is None:
        dt = pytz.utc.localize(dt)
    return dt.astimezone(_zone(tz))


def to_utc(naive_local, tz=DEFAULT_TZ):
    """Naive UTC datetime, as Odoo stores it, of a wall-clock time.

    An hour that occurs twice (end of summer time) is the first one; an hour that
    does not exist (start of summer time) moves forward by the gap.

    >>> to_utc(datetime(2026, 6, 1, 20, 0), "Europe/Paris")
    datetime.datetime(2026, 6, 1, 18, 0)
    >>> to_utc(datetime(2026, 10, 25, 2, 30), "Europe/Paris")
    datetime.datetime(2026, 10, 25, 0, 30)
    >>> to_utc(datetime(2026, 3, 29, 2, 30), "Europe/Paris")
    datetime.datetime(2026, 3, 29, 1, 30)
    """
    zone = _zone(tz)
    try:
        aware = zone.localize(naive_local, is_dst=None)
    except pytz.AmbiguousTimeError:
        aware = zone.localize(naive_local, is_dst=True)
    except pytz.NonExistentTimeError:
        aware = zone.localize(naive_local, is_dst=False)
    return aware.astimezone(pytz.utc).replace(tzinfo=None)


def format_local(env, dt, company=None, dt_format="EEEE d MMMM, HH:mm"):
    """Text of a stored datetime in the cooperative's time and the reader's language.

    :param dt: naive UTC datetime, or False (gives an empty text)
    :param company: ``res.company``; the current one by default
    :param dt_format: a Babel/CLDR pattern
    """
    if not dt:
        return ""
    company = company or env.company
    return format_datetime(env, dt, tz=company.coop_tz, dt_format=dt_format)
