from odoo import models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    """Buttons of the member's card for personal data."""

    # One file a subject; a thousand lines in one would not be read.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def _coop_check_privacy_access(self):
        """Only managers handle other people's data requests."""
        if not self.env.user.has_group("coop_base.coop_base_group_manager"):
            raise AccessError(
                self.env._("Only a manager of the cooperative can do this.")
            )
        self.check_access("write")

    def action_coop_privacy_export(self):
        """Download the person's data."""
        self.ensure_one()
        self._coop_check_privacy_access()
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/privacy/export/{self.id}",
            "target": "download",
        }

    def action_coop_privacy_erase(self):
        """Show what erasing this person deletes and keeps."""
        self.ensure_one()
        self._coop_check_privacy_access()
        self._coop_privacy_check()
        wizard = self.env["coop.privacy.erase"].create({"partner_id": self.id})
        wizard._preview()
        return wizard._reopen()
