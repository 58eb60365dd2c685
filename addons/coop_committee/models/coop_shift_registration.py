# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models


class CoopShiftRegistration(models.Model):
    _inherit = "coop.shift.registration"

    def _is_going_on(self):
        """From a quarter of an hour before until the end."""
        self.ensure_one()
        now = fields.Datetime.now()
        return self.start_at - timedelta(minutes=15) <= now <= self.end_at

    def _get_how_to(self):
        """What somebody of this shift may want to read, by their role there.

        :return: ``{text, url, pages}``; ``pages`` as sudo
        """
        self.ensure_one()
        # sudo: pages of knowledge and roles are read by all members.
        role = self.sudo().role_id
        url = (role.procedure_url or "").strip()
        return {
            "text": role.description or "",
            "url": url if url.startswith(("https://", "http://", "/")) else "",
            "pages": role.env["coop.knowledge.page"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("role_ids", "in", role.ids),
                ],
                limit=5,
            )
            if role
            else role.env["coop.knowledge.page"],
        }
