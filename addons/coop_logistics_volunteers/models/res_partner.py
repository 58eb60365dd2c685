# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResPartner(models.Model):
    """What is held of a member's answers to calls."""

    _inherit = "res.partner"

    def _coop_get_call_answers(self):
        # sudo: called with it; who exports or erases reads no call.
        return (
            self.env["coop.distribution.call.answer"]
            .sudo()
            .search([("member_id", "in", self.ids)])
        )

    def _coop_privacy_export(self):
        section = self._coop_section(
            "appels",
            self.env._("Calls answered: not this time"),
            self._coop_get_call_answers(),
            ["call_id", "create_date"],
        )
        return [*super()._coop_privacy_export(), section]

    def _coop_privacy_erase(self, dry_run=False):
        answers, lines = self._coop_get_call_answers(), []
        if answers:
            what = self.env._("Calls answered: not this time")
            lines = [self._coop_erase_line(what, len(answers), "delete")]
            if not dry_run:
                answers.unlink()
        return lines + super()._coop_privacy_erase(dry_run)
