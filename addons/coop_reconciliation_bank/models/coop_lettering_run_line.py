# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Command


class CoopLetteringRunLine(models.Model):
    _inherit = "coop.lettering.run.line"

    def action_undo(self):
        result = super().action_undo()
        # What the screen of the bank had prepared was for another state of the books.
        self.statement_line_ids._coop_forget_proposal(touched=True)
        return result

    def action_dismiss(self):
        result = super().action_dismiss()
        dismissed = self.filtered(lambda x: x.state == "dismissed")
        dismissed.statement_line_ids._coop_forget_proposal(touched=True)
        return result

    def _coop_answer(self, transaction, chosen):
        """A person reconciled this transaction on the bank's screen.

        :param chosen: ids of the items that it settles
        """
        self.ensure_one()
        if chosen != set(self.move_line_ids.ids):
            self.state = "dismissed"
            return
        __, __, items = transaction._seek_for_lines()
        lines = self.move_line_ids | items
        self.write(
            {
                "state": "confirmed",
                "message": False,
                "move_line_ids": [Command.set(lines.ids)],
                "code": ", ".join(
                    sorted(set(lines.mapped("lettering_code")) - {False})
                ),
            }
        )
