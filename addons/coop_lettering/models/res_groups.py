# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import api, models
from odoo.fields import Command

# What Odoo's groups were before they were offered; absent: they are as Odoo has them.
BEFORE = "coop_lettering.accounting_groups_before"
SEQUENCES = {"account.group_account_readonly": 10, "account.group_account_user": 40}


class ResGroups(models.Model):
    """Odoo Community has the accounting menus, for groups that nobody is given.
    Offered, they are choices of a user's form, and an accounting administrator has
    them.

    This changes Odoo's own groups for everybody: only where a setting asks for it.
    """

    _inherit = "res.groups"

    @api.model
    def _offers_accounting(self):
        # sudo: a technical parameter, of which only its being there is told.
        return bool(self.env["ir.config_parameter"].sudo().get_param(BEFORE))

    @api.model
    def _offer_accounting(self, wanted):
        """Offer the accounting groups, or put them back as they were before."""
        if wanted == self._offers_accounting():
            return
        # sudo: the setting decides, and not a right on groups.
        parameters = self.env["ir.config_parameter"].sudo()
        groups = {name: self.env.ref(name).sudo() for name in SEQUENCES}
        user = groups["account.group_account_user"]
        # sudo: as for the two others.
        manager = self.env.ref("account.group_account_manager").sudo()
        if wanted:
            before = {
                name: {
                    "privilege_id": group.privilege_id.id,
                    "sequence": group.sequence,
                }
                for name, group in groups.items()
            }
            before["implied"] = user in manager.implied_ids
            parameters.set_param(BEFORE, json.dumps(before))
            privilege = self.env.ref("account.res_groups_privilege_accounting")
            for name, group in groups.items():
                group.write({"privilege_id": privilege.id, "sequence": SEQUENCES[name]})
            manager.implied_ids = [Command.link(user.id)]
            return
        before = json.loads(parameters.get_param(BEFORE))
        for name, group in groups.items():
            group.write(before[name])
        if not before["implied"]:
            manager.implied_ids = [Command.unlink(user.id)]
        parameters.set_param(BEFORE, False)
