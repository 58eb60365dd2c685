from odoo import api, fields, models

MAX_SKILLS = 500


class ResPartner(models.Model):
    """What members say they can do: listed for the others by those who chose to be."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

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
                    member.coop_skills_listed_on
                    or member.company_id._coop_volunteer_today()
                )
                if listed
                else False,
            }
        )
        return listed

    @api.model
    def _read_skills(self, company, search="", limit=200):
        """``[{name, skills, contact, group}]`` of those who chose to be listed."""
        domain = [
            ("is_coop_member", "=", True),
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
