# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Numbers as people type them in a form."""

import math
import re

from odoo.exceptions import UserError

_SPACES = re.compile(r"[\s\u00a0\u202f]")
_NUMBER = re.compile(r"\d{1,9}([.,]\d{1,6})?")


def parse_number(text):
    """The number that was typed, or ``None`` where it is not one.

    A comma or a point, never a sign, an exponent or a thousands' separator other than
    a space: what is not plainly a quantity is refused rather than guessed.

    >>> parse_number("12")
    12.0
    >>> parse_number(" 1 250,5 ")
    1250.5
    >>> parse_number("0.75")
    0.75
    >>> [parse_number(text) for text in ("", "-1", "1e3", "1,000.5", "nan", None, "٣")]
    [None, None, None, None, None, None, None]
    """
    cleaned = _SPACES.sub("", text or "")
    if not cleaned.isascii() or not _NUMBER.fullmatch(cleaned):
        return None
    number = float(cleaned.replace(",", "."))
    return number if math.isfinite(number) else None


def read_number(env, value, what):
    """A number from a screen: typed text, or what JSON has; nothing is 0.

    :param what: what the number is, in the user's words
    :raise UserError: a truth value, infinite, or no number at all
    """
    if value is None or value is False or value == "":
        return 0.0
    number = None
    if isinstance(value, str):
        number = parse_number(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if math.isfinite(value) else None
    if number is None:
        raise UserError(
            env._(
                "%(what)s: “%(value)s” is no number. Write it as 12.50.",
                what=what,
                value=str(value)[:20],
            )
        )
    return number
