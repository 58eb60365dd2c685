# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Words and groups that several models share."""

COORDINATOR = "coop_base.coop_base_group_volunteer_coordinator"
# A registration in one of these states takes a seat.
TAKING = ("booked", "present", "late")
STATUSES = [
    ("up_to_date", "Up to date"),
    ("alert", "Alert"),
    ("suspended", "Suspended"),
    ("extension", "Extension"),
    ("leave", "On leave"),
    ("exempted", "Exempted"),
    ("unsubscribed", "Unsubscribed"),
]
MAY_SHOP = ("up_to_date", "alert", "extension", "exempted", "leave")
DRIVES = [("licence", "A driving licence"), ("vehicle", "A licence and a vehicle")]
