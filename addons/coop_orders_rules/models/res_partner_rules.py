# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    """What an order looks at in its member, and whom members may ask."""

    # One file a subject, see coop_base.
    _name = "res.partner"
    _inherit = [
        "coop.res.partner.waiting.notice",
        "res.partner",
    ]

    coop_order_blocked = fields.Boolean(
        string="Orders Suspended",
        copy=False,
        tracking=True,
        help="This member cannot order before somebody takes this away.",
    )
    coop_order_blocked_reason = fields.Char(
        string="Why Suspended",
        copy=False,
        help="The member reads it.",
    )
    coop_contact_shared = fields.Boolean(
        string="Shares Phone and E-mail",
        copy=False,
        help="This person agreed that members read the phone number and e-mail address"
        " where they are told whom to ask.",
    )
    coop_order_lock_count = fields.Integer(
        readonly=True,
        copy=False,
        help="Touched by each order where the orders under way are limited, so that two"
        " tabs never both use the same credit.",
    )

    def _coop_get_contact_text(self):
        """Whom a member may ask, as "Camille Roy (06 12 34 56 78), Lou Petit"."""
        texts = []
        for partner in self:
            ways = [partner.phone, partner.email] if partner.coop_contact_shared else []
            ways = ", ".join(way for way in ways if way)
            texts.append(f"{partner.name} ({ways})" if ways else partner.name)
        return ", ".join(texts)

    def _coop_get_due_amounts(self, company):
        """``{member: what is due today and not paid}``, in one query.

        Payments not yet lettered count: who paid does not owe.
        """
        # sudo: one total a member, for whoever lets them order.
        members = self.sudo()
        rows = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", members.commercial_partner_id.ids),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("date_maturity", "<=", fields.Date.context_today(self)),
                    ("company_id", "=", company.id),
                ],
                ["partner_id"],
                ["amount_residual:sum"],
            )
        )
        due = {partner.id: amount for partner, amount in rows}
        # sudo: an amount; members read no accounts
        return {
            member: due.get(member.sudo().commercial_partner_id.id, 0.0)
            for member in self
        }
