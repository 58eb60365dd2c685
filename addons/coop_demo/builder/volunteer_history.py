# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime

WEEKS = 12


def build_volunteer_history(env, calendar):
    """Where members stood week after week, reckoned from the dated facts.

    What the night's job would have counted, had it run then.
    """
    company = env.company
    members = env["res.partner"].search(
        [("is_coop_member", "=", True), ("company_id", "=", company.id)]
    )
    for weeks in range(WEEKS, 0, -1):
        day = calendar.today - datetime.timedelta(weeks=weeks)
        members._update_volunteer_status(day)
        env["coop.volunteer.day"]._count(company, day)
    members._update_volunteer_status()
    env["coop.volunteer.day"]._count(company, calendar.today)
