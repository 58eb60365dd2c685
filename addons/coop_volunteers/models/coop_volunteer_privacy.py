# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

# Whose it is, where it is not called a member.
OWNERS = {"coop.shift.message": "author_id"}


class CoopVolunteerPrivacy(models.AbstractModel):
    """What is held of a volunteer, and what goes with them."""

    _name = "coop.volunteer.privacy"
    _description = "Volunteer: Personal Data"

    # What lets somebody in, or names them to others.
    _COOP_VOLUNTEER_KEYS = (
        "volunteer_birthday",
        "volunteer_badge_code",
        "volunteer_feed_token",
        "coop_drives",
    )

    def _coop_volunteer_records(self):
        """``{model: (their records, what they are)}``, beyond points and shifts."""
        searches = {
            "coop.member.leave": self.env._("Leaves"),
            "coop.shift.extension": self.env._("Extensions"),
            "coop.shift.message": self.env._("Messages to the people of shifts"),
        }
        return {
            model: (
                self.env[model].search(
                    [(OWNERS.get(model, "member_id"), "=", self.id)]
                ),
                what,
            )
            for model, what in searches.items()
        }

    def _get_volunteer_privacy_sections(self):
        """What is held of a volunteer, see ``_coop_privacy_export``."""
        records = self._coop_volunteer_records()
        columns = {
            "coop.member.leave": ["type_id", "date_from", "date_to", "state", "reason"],
            "coop.shift.extension": ["date_from", "date_to", "state"],
            "coop.shift.message": ["shift_id", "create_date", "body"],
        }
        sections = [
            self._coop_section(
                "benevolat",
                self.env._("Volunteering"),
                self,
                [
                    "volunteer_kind",
                    "volunteer_since",
                    "volunteer_birthday",
                    "volunteer_status",
                    "volunteer_balance",
                    "shift_role_ids",
                    "coop_tell_reminder",
                    "coop_tell_call",
                    "coop_tell_cycle",
                    "coop_tell_message",
                    "coop_drives",
                ],
            ),
            self._coop_section(
                "creneaux",
                self.env._("Shifts"),
                self.shift_registration_ids,
                ["shift_id", "start_at", "kind", "state", "badged_at", "reason"],
            ),
            self._coop_section(
                "points",
                self.env._("Volunteering Points"),
                self.volunteer_ledger_ids,
                ["date", "counter", "points", "explanation"],
            ),
            self._coop_section(
                "messages_benevolat",
                self.env._("Messages about shifts"),
                self.shift_notice_ids,
                ["kind", "channel", "told_at", "called_at"],
            ),
        ]
        for model, (found, what) in records.items():
            key = model.removeprefix("coop.").replace(".", "_")
            sections.append(self._coop_section(key, what, found, columns[model]))
        return sections

    def _erase_volunteer_data(self, dry_run):
        """Reasons and messages go; counts of points stay, of nobody known.

        What was written in the open stays, without its author: others rely on it.
        """
        # sudo: called with it; who erases reads no list of volunteers.
        person = self.sudo()
        lines = []
        notices = person.shift_notice_ids
        if notices:
            what = self.env._("Messages about shifts")
            lines.append(self._coop_erase_line(what, len(notices), "delete"))
            if not dry_run:
                notices.unlink()
        records = person._coop_volunteer_records()
        leaves = records["coop.member.leave"][0]
        written = (
            (
                self.env._("Reasons of leaves"),
                leaves,
                {"reason": False, "decision_note": False},
            ),
            (
                self.env._("Reasons of absences"),
                person.shift_registration_ids.filtered("reason"),
                {"reason": False},
            ),
            (
                self.env._("Messages to the people of shifts"),
                records["coop.shift.message"][0],
                {"author_id": False, "body": False},
            ),
            (
                self.env._("Volunteering"),
                person.filtered("volunteer_since"),
                {"shift_role_ids": [(5,)], "volunteer_kind": "none"},
            ),
            (
                self.env._("Badge and calendar"),
                person.filtered(
                    lambda p: any(p[name] for name in self._COOP_VOLUNTEER_KEYS)
                ),
                dict.fromkeys(self._COOP_VOLUNTEER_KEYS, False),
            ),
        )
        for what, found, values in written:
            if found:
                lines.append(self._coop_erase_line(what, len(found), "anonymise"))
                if not dry_run:
                    found.write(values)
        upcoming = person.shift_registration_ids.filtered(
            lambda r: r.state in ("booked", "waiting") and r.shift_id.state == "planned"
        )
        if upcoming and not dry_run:
            upcoming.write({"state": "cancelled"})
        if person.volunteer_ledger_ids:
            lines.append(
                self._coop_erase_line(
                    self.env._("Shifts and volunteering points"),
                    len(person.volunteer_ledger_ids),
                    "keep",
                    self.env._(
                        "Numbers without a name, for the figures of the cooperative."
                    ),
                )
            )
        return lines
