# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The days of the week, as a selection field has them: Python's numbers, as text."""

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
