# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

MAX_SKILLS = 500


class ResPartner(models.Model):
    """What members say they can do: listed for the others by those who chose to be."""

    _inherit = "res.partner"

    coop_skills = fields.Text(string="What I can do", copy=False)
    coop_skills_contact = fields.Char(
        string="How to reach me",
        copy=False,
        help="Written by the member, read by all members of the cooperative.",
    )
    coop_skills_listed_on = fields.Date(
        string="Listed since",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The day on which the member agreed to be listed; empty: is not.",
    )

    def _set_skills(self, listed, skills, contact):
        """A member's own choice; callers check that it is theirs.

        What is not listed any more is not kept.
        """
        self.ensure_one()
        skills = (skills or "").strip()[:MAX_SKILLS]
        listed = bool(listed and skills)
        # sudo: portal users may not write contacts; these fields only.
        member = self.sudo()
        member.write(
            {
                "coop_skills": skills if listed else False,
                "coop_skills_contact": (contact or "").strip()[:200] or False
                if listed
                else False,
                "coop_skills_listed_on": (
                    member.coop_skills_listed_on or member.company_id._coop_get_today()
                )
                if listed
                else False,
            }
        )
        return listed

    def _coop_end_membership(self):
        """A seat in a committee ends with its member's membership."""
        # sudo: whoever leaves, leaves the committees.
        seats = self.env["coop.committee.member"].sudo()
        for seat in seats.search(
            [("member_id", "in", self.ids), ("date_to", "=", False)]
        ):
            seat.date_to = seat.member_id._coop_get_today()
        return super()._coop_end_membership()

    @api.model
    def _read_skills(self, company, search="", limit=200):
        """``[{name, skills, contact, group}]`` of those who chose to be listed."""
        domain = [
            ("coop_is_active", "=", True),
            ("company_id", "=", company.id),
            ("coop_skills_listed_on", "!=", False),
        ]
        if search:
            domain += ["|", ("coop_skills", "ilike", search), ("name", "ilike", search)]
        # sudo: what these members chose to show to all the others, nothing else.
        members = self.sudo().search(domain, order="name, id", limit=limit)
        return [
            {
                "name": member.name,
                "skills": member.coop_skills,
                "contact": member.coop_skills_contact or "",
                "group": member.coop_group_id.name or "",
            }
            for member in members
        ]

    # ------------------------------------------------------------------
    # Privacy
    # ------------------------------------------------------------------

    _COOP_SKILLS = ("coop_skills", "coop_skills_contact", "coop_skills_listed_on")

    def _coop_get_committee_records(self, model):
        return self.env[model].search([("member_id", "=", self.id)])

    def _coop_privacy_export(self):
        sections = [
            self._coop_section(
                "savoir_faire", self.env._("Skills"), self, list(self._COOP_SKILLS)
            )
        ]
        for model, what, columns in (
            (
                "coop.committee.member",
                self.env._("Committees"),
                ["committee_id", "role", "date_from", "date_to"],
            ),
            (
                "coop.committee.hours",
                self.env._("Hours in committees"),
                ["committee_id", "date", "hours", "note"],
            ),
            (
                "coop.committee.request",
                self.env._("Requests to committees"),
                ["description", "committee_id", "state"],
            ),
            (
                "coop.committee.reply",
                self.env._("Answers to requests"),
                ["request_id", "body"],
            ),
        ):
            key = model.removeprefix("coop.").replace(".", "_")
            found = self._coop_get_committee_records(model)
            sections.append(self._coop_section(key, what, found, columns))
        return super()._coop_privacy_export() + sections

    def _coop_privacy_erase(self, dry_run=False):
        """What was written in the open stays, without its author: others rely on it."""
        # sudo: called with it; who erases reads no list of committees.
        person = self.sudo()
        lines = []
        seats = person._coop_get_committee_records("coop.committee.member")
        if seats:
            lines.append(
                self._coop_erase_line(self.env._("Committees"), len(seats), "delete")
            )
            if not dry_run:
                seats.unlink()
        for what, found, values in (
            (
                self.env._("Requests to committees"),
                person._coop_get_committee_records("coop.committee.request"),
                {"member_id": False},
            ),
            (
                self.env._("Answers to requests"),
                person._coop_get_committee_records("coop.committee.reply"),
                {"member_id": False},
            ),
            (
                self.env._("List of skills"),
                person.filtered(lambda p: any(p[name] for name in self._COOP_SKILLS)),
                dict.fromkeys(self._COOP_SKILLS, False),
            ),
        ):
            if found:
                lines.append(self._coop_erase_line(what, len(found), "anonymise"))
                if not dry_run:
                    found.write(values)
        return lines + super()._coop_privacy_erase(dry_run)
