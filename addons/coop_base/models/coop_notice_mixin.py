# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

# Long after, who was told of something is nobody's business.
KEEP_DAYS = 365


class CoopNoticeMixin(models.AbstractModel):
    """A member was told of something: what makes each mail go out once.

    Written in the transaction that queues the mail: both are stored, or none. Members
    without an e-mail are here too, to be called or written to. A model that inherits
    this says of what (``kind``, and what else makes it unique).
    """

    _name = "coop.notice.mixin"
    _description = "Message to a Member"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="cascade"
    )
    phone = fields.Char(related="partner_id.phone")
    coop_group_id = fields.Many2one(related="partner_id.coop_group_id")
    channel = fields.Selection(
        [("mail", "By e-mail"), ("call", "To call")], required=True
    )
    told_at = fields.Datetime(
        string="Since", required=True, default=fields.Datetime.now, index=True
    )
    called_at = fields.Datetime(readonly=True)
    called_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    def action_called(self):
        """Somebody called: out of the list."""
        self.check_access("write")
        # The first call counts.
        self.filtered(lambda notice: not notice.called_at).write(
            {"called_at": fields.Datetime.now(), "called_by_id": self.env.uid}
        )
        return True

    @api.model
    def _log_told(self, mailed, to_call, **values):
        """Note who was told of the same thing; see ``_log_rows``."""
        return self._log_rows(
            [
                {**values, "partner_id": partner.id, "channel": channel}
                for channel, partners in (("mail", mailed), ("call", to_call))
                for partner in partners
            ]
        )

    @api.model
    def _log_rows(self, rows):
        """Note who was told, in one create, and wake up the mail queue."""
        # sudo: only this method writes that somebody was told.
        notices = self.sudo().create(rows)
        if any(row["channel"] == "mail" for row in rows):
            # sudo: only wakes up the cron that sends what was queued.
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return notices

    @api.autovacuum
    def _gc_old_notices(self):
        if self._abstract:
            return
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("told_at", "<", limit)], limit=10000).unlink()

    def _coop_merge_twin(self, twin):
        """Both cards of a person were told: once is enough."""
        self.unlink()
