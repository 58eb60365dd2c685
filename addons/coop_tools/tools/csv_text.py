# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Words of people in a CSV file, which a spreadsheet may take for formulas."""

import re

# What spreadsheets take for the start of a formula, after blanks of any kind.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NEGATIVE = re.compile(r"-\d+([.,]\d+)?")


def defuse(value):
    """The value as a cell that no spreadsheet computes; a negative number stays one.

    >>> [defuse(text) for text in ("=1+1", " @SUM(A1)", "+33 6", "-2+3", "\\tx")]
    ["'=1+1", "' @SUM(A1)", "'+33 6", "'-2+3", "'\\tx"]
    >>> [defuse(value) for value in ("-12,50", "a=b", "", -3)]
    ['-12,50', 'a=b', '', -3]
    """
    if not isinstance(value, str) or _NEGATIVE.fullmatch(value):
        return value
    return f"'{value}" if _FORMULA.match(value) else value
