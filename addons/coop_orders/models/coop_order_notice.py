from datetime import timedelta

from odoo import api, fields, models

# Long after a window is over, who was told of it is nobody's business.
KEEP_DAYS = 365


class CoopOrderNotice(models.Model):
    """A member was told of something in a window: what makes each mail go out once.

    Written in the transaction that queues the mail: both are stored, or none. Members
    without an e-mail are here too, to be called.
    """

    _name = "coop.order.notice"
    _description = "Message to a Member about an Order Window"
    _order = "window_id desc, kind, id"
    _rec_name = "partner_id"

    window_id = fields.Many2one(
        "coop.order.window", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="window_id.company_id")
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="cascade"
    )
    phone = fields.Char(related="partner_id.phone")
    coop_group_id = fields.Many2one(related="partner_id.coop_group_id")
    kind = fields.Selection(
        [
            ("opening", "It opens"),
            ("reminder", "It closes soon"),
            ("closing", "The order is confirmed"),
            ("collection", "Collection tomorrow"),
        ],
        string="About",
        required=True,
    )
    channel = fields.Selection(
        [("mail", "By e-mail"), ("call", "To call")], required=True
    )
    told_at = fields.Datetime(
        string="Since", required=True, default=fields.Datetime.now, index=True
    )
    called_at = fields.Datetime(readonly=True)
    called_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    _once = models.Constraint(
        "UNIQUE (window_id, partner_id, kind)",
        "This member was already told.",
    )
    _to_call_index = models.Index("(window_id) WHERE channel = 'call'")

    def action_called(self):
        """Somebody called: out of the list."""
        self.check_access("write")
        # The first call counts.
        self.filtered(lambda notice: not notice.called_at).write(
            {"called_at": fields.Datetime.now(), "called_by_id": self.env.uid}
        )
        return True

    @api.autovacuum
    def _gc_old_notices(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("told_at", "<", limit)], limit=10000).unlink()
