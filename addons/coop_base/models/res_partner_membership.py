from odoo import api, fields, models


class ResPartner(models.Model):
    """Membership fees, kept by OCA membership; see ``coop_state``."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def check_membership_expiry(self):
        """Also start the memberships that were paid ahead, on their first day."""
        res = super().check_membership_expiry()
        today = fields.Date.context_today(self)
        lines = self.env["membership.membership_line"].search(
            [
                ("date_from", "<=", today),
                ("date_to", ">=", today),
                ("state", "in", self._membership_member_states()),
                ("partner_id.membership_state", "in", ("none", "old")),
            ]
        )
        lines.partner_id._compute_membership_state()
        return res

    def action_coop_register_fee(self):
        """Register or renew the fee of these members."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register a membership fee"),
            "res_model": "coop.membership.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }

    def action_coop_leave(self):
        """These members leave today; their past is kept."""
        self.coop_left_on = fields.Date.context_today(self)

    def action_coop_return(self):
        """They are back: their status is again what their fee says."""
        self.coop_left_on = False
