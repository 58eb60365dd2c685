# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

TILL_TOUR = "coop_till_day"


def play_till(plan):
    """JavaScript that plays ``[(action, values)]`` at a till: see till_day_tour.js."""
    options = json.dumps({"stepDelay": 0, "startUrl": "/odoo"})
    return (
        f"window.coopTillPlan = {json.dumps(plan)};"
        f"odoo.startTour({TILL_TOUR!r}, {options})"
    )
