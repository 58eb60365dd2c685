# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""References as people write them. Plain Python."""

import re


def normalise(reference):
    """A reference without spaces, dots, case: what people change when they retype it.

    >>> normalise("FA 2026-001"), normalise("fa2026001"), normalise(None)
    ('FA2026001', 'FA2026001', '')
    """
    return re.sub(r"[\W_]+", "", reference or "").upper()
