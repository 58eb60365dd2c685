# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopOrderTrial(models.TransientModel):
    """As whom a coordinator tries a window."""

    _name = "coop.order.trial"
    _description = "Try an Order Window"

    window_id = fields.Many2one(
        "coop.order.window", required=True, ondelete="cascade", readonly=True
    )
    member_id = fields.Many2one(
        "res.partner",
        string="As the Member",
        compute="_compute_member_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
        domain="[('coop_is_active', '=', True)]",
        help="You see the pages as this member will.",
    )

    @api.depends("window_id")
    def _compute_member_id(self):
        """Oneself where one may order there, else the first member who may."""
        for trial in self:
            own = self.env.user.partner_id
            window = trial.window_id
            if not window or window._accepts_member(own):
                trial.member_id = own if own.coop_is_active else False
                continue
            domain = [("coop_is_active", "=", True)]
            if window.group_ids:
                domain.append(("coop_group_id", "in", window.group_ids.ids))
            trial.member_id = self.env["res.partner"].search(domain, limit=1)

    def action_start(self):
        self.ensure_one()
        self.window_id._check_trial()
        if not self.member_id:
            raise UserError(self.env._("Choose as which member you try it."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/coop/window/{self.window_id.id}/try/{self.member_id.id}",
            "target": "new",
        }
