# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    claim_ids = fields.One2many(
        "coop.supplier.claim", "purchase_order_id", string="Claims"
    )
    claim_count = fields.Integer(compute="_compute_claim_count")
    draft_claim_count = fields.Integer(compute="_compute_claim_count")
    claim_amount = fields.Monetary(
        string="Credit Expected", compute="_compute_claim_count"
    )
    claim_send_words = fields.Char(
        string="Sending of the Claim", compute="_compute_claim_send_words"
    )

    @api.depends("claim_ids.state", "claim_ids.expected_credit")
    def _compute_claim_count(self):
        for order in self:
            claims = order.claim_ids
            drafts = claims.filtered(lambda c: c.state == "draft")
            pending = claims.filtered(
                lambda c: c.state in ("draft", "sent", "acknowledged")
            )
            order.claim_count = len(claims)
            order.draft_claim_count = len(drafts)
            order.claim_amount = sum(pending.mapped("expected_credit"))

    @api.depends("claim_ids.send_at", "claim_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_claim_send_words(self):
        for order in self:
            words = (claim.send_words for claim in order.claim_ids)
            order.claim_send_words = next(filter(None, words), False)

    def _compute_invoice(self):
        # The bills of all of them at once: set one by one, each order reads its own.
        # Saved ones only: those of an order in a form are in its cache.
        if saved := self.filtered(lambda order: order == order._origin):
            self._fields["invoice_ids"].read(saved)
        return super()._compute_invoice()

    def action_stop_claims(self):
        """The claims of these orders wait for a person."""
        return self.claim_ids.action_stop_sending()

    def action_send_claims(self):
        """Send the claims drafted for these orders, by e-mail with their PDF."""
        drafts = self.claim_ids.filtered(lambda c: c.state == "draft")
        if not drafts:
            raise UserError(
                self.env._("There is no claim to send for %s.", self[:1].name or "")
            )
        drafts.action_send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Claim sent to %s",
                    ", ".join(set(drafts.mapped("partner_id.display_name"))),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_view_claims(self):
        return self.claim_ids._get_records_action(name=self.env._("Claims"))
