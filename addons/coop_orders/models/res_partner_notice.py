# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopResPartnerNotice(models.AbstractModel):
    """What members want to be told of, and the traces of it."""

    _name = "coop.res.partner.notice"
    _description = "Contact: Messages"

    coop_tell_opening = fields.Boolean(
        string="Told When an Order Opens",
        default=True,
        help="The member wants an e-mail when an order opens.",
    )
    coop_remind_closing = fields.Boolean(
        string="Reminded before an Order Closes",
        help="The member asked to be reminded before an order closes.",
    )
    coop_notice_ids = fields.One2many(
        "coop.order.notice", "partner_id", groups="coop_base.coop_base_group_referent"
    )

    def _coop_get_told_window(self):
        """The window that a mail to these members is about; any one for a preview."""
        return self._coop_get_told_about("coop.order.window")

    def _coop_format_told_deadline(self):
        """Its deadline, in the cooperative's time and the reader's words."""
        window = self._coop_get_told_window()
        return format_local(self.env, window.closes_at, window.company_id)

    def _coop_export_notices(self):
        """What the person was told, and wants to be told, for the export."""
        return [
            self._coop_section(
                "avertissements",
                self.env._("Messages about orders"),
                self.coop_notice_ids,
                ["window_id", "kind", "channel", "told_at", "called_at"],
            ),
            self._coop_section(
                "preferences",
                self.env._("What I want to be told of"),
                self,
                ["coop_tell_opening", "coop_remind_closing"],
            ),
        ]

    def _coop_erase_notices(self, dry_run):
        """Lines of the erasing of what the person was told."""
        # sudo: called with it; who erases reads no list of messages.
        notices = self.sudo().coop_notice_ids
        line = self._coop_erase_line(
            self.env._("Messages about orders"), len(notices), "delete"
        )
        if not dry_run:
            notices.unlink()
        return [line] if line["count"] else []
