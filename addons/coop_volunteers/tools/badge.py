# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""When a badge counts: the window around the start of a shift."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class BadgeAnswer:
    """``state``: ``too_early|present|late|refused``; ``back_at`` if too early."""

    state: str
    back_at: datetime | None = None


def badge_answer(start, now, before=15, after=15, late=60):
    """Whether a badge at ``now`` is on time for a shift that starts at ``start``.

    Whole minutes count, limits included, as on the wall clock (La Cagette: −15/+15
    minutes, late until +60):

    >>> start = datetime(2026, 11, 22, 9, 0)
    >>> at = lambda minutes: badge_answer(start, start + timedelta(minutes=minutes))
    >>> at(-16).state, at(-16).back_at.strftime("%H:%M")
    ('too_early', '08:45')
    >>> [at(minutes).state for minutes in (-15, 15, 16, 60, 61)]
    ['present', 'present', 'late', 'late', 'refused']

    :param before: minutes before the start from which a badge counts
    :param after: minutes after the start until which one is on time
    :param late: minutes after the start until which one is late; then refused
    """
    minutes = int((now - start).total_seconds() // 60)
    if minutes < -before:
        return BadgeAnswer("too_early", start - timedelta(minutes=before))
    if minutes <= after:
        return BadgeAnswer("present")
    if minutes <= late:
        return BadgeAnswer("late")
    return BadgeAnswer("refused")
