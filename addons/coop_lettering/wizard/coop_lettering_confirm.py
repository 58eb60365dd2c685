# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CoopLetteringConfirm(models.TransientModel):
    """Asked before all suggestions of a run are lettered: how many, and are the guesses
    among them?"""

    _name = "coop.lettering.confirm"
    _description = "Confirm All Suggestions"

    run_ids = fields.Many2many("coop.lettering.run", required=True, readonly=True)
    proven_count = fields.Integer(
        compute="_compute_counts", string="Suggestions with a Reason"
    )
    guess_count = fields.Integer(
        compute="_compute_counts", string="Guesses: First In, First Out"
    )
    with_guesses = fields.Boolean(string="Letter the Guesses Too")

    @api.depends("run_ids")
    def _compute_counts(self):
        for wizard in self:
            waiting = wizard._get_waiting()
            guesses = waiting.filtered("is_guess")
            wizard.guess_count = len(guesses)
            wizard.proven_count = len(waiting) - len(guesses)

    def _get_waiting(self):
        """Not those of which a part was lettered elsewhere meanwhile."""
        lines = self.run_ids.suggestion_ids
        return lines.filtered_domain(lines._coop_work_domain())

    def action_confirm(self):
        """Letter what was asked; the guesses stay where they are unless chosen."""
        waiting = self._get_waiting()
        if not self.with_guesses:
            waiting = waiting.filtered(lambda line: not line.is_guess)
        return waiting.action_confirm()
