# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models
from odoo.exceptions import UserError


class CoopPrivacyErase(models.TransientModel):
    _name = "coop.privacy.erase"
    _description = "Erase a Person's Data"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("preview", "Before"), ("done", "Done")], default="preview", required=True
    )
    understood = fields.Boolean(string="I have read the list; this cannot be undone")
    line_ids = fields.One2many("coop.privacy.erase.line", "wizard_id", readonly=True)

    def _preview(self):
        self.ensure_one()
        self.partner_id._coop_check_privacy_access()
        lines = self.partner_id._coop_preview_erasure()
        self.line_ids = [Command.clear()] + [Command.create(line) for line in lines]

    def action_erase(self):
        """Erase, and show what was done."""
        self.ensure_one()
        if not self.understood:
            raise UserError(
                self.env._("Read the list, then tick the box: this cannot be undone.")
            )
        self.partner_id._coop_check_privacy_access()
        lines = self.partner_id._coop_erase_person()
        self.write(
            {
                "state": "done",
                "line_ids": [Command.clear()]
                + [Command.create(line) for line in lines],
            }
        )
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase a person's data"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class CoopPrivacyEraseLine(models.TransientModel):
    _name = "coop.privacy.erase.line"
    _description = "What Happens to a Person's Data"

    wizard_id = fields.Many2one("coop.privacy.erase", required=True, ondelete="cascade")
    what = fields.Text(readonly=True)
    count = fields.Integer(readonly=True)
    outcome = fields.Selection(
        [
            ("delete", "Deleted"),
            ("anonymise", "Kept without the name"),
            ("keep", "Kept as it is"),
        ],
        readonly=True,
    )
    why = fields.Text(readonly=True)
