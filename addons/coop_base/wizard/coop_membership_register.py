# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopMembershipRegister(models.TransientModel):
    _name = "coop.membership.register"
    _description = "Register a Membership Fee"

    partner_ids = fields.Many2many("res.partner", string="Members", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Fee",
        required=True,
        domain="[('membership', '=', True)]",
        default=lambda self: self.env.company._coop_get_membership_product(),
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    paid = fields.Boolean(string="Paid now", default=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid by",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        default=lambda self: self._default_journal_id(),
    )
    date_from = fields.Date(string="From", compute="_compute_period")
    date_to = fields.Date(string="To", compute="_compute_period")

    @api.model
    def _default_journal_id(self):
        return self.env["account.journal"].search(
            [
                ("type", "in", ("cash", "bank")),
                ("company_id", "=", self.env.company.id),
            ],
            order="type desc, sequence, id",
            limit=1,
        )

    @api.depends("product_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.product_id.list_price

    @api.depends("product_id", "date", "partner_ids")
    def _compute_period(self):
        for wizard in self:
            wizard.date_from = wizard.date_to = False
            if len(wizard.partner_ids) == 1 and wizard.product_id and wizard.date:
                wizard.date_from, wizard.date_to = (
                    wizard.company_id._coop_membership_dates(
                        wizard.product_id,
                        wizard.date,
                        wizard.partner_ids.membership_stop,
                    )
                )

    def action_register(self):
        """Invoice the fee, post it and, if it is paid now, register the payment."""
        self.ensure_one()
        members = self.partner_ids
        self._check_members(members)
        due = self._due_invoices(members)
        newly = members - due.partner_id
        invoices = newly.with_company(self.company_id).create_membership_invoice(
            self.product_id, self.amount
        )
        invoices.invoice_date = self.date
        self._settle_periods(invoices)
        invoices.action_post()
        invoices |= due
        to_pay = invoices.filtered(lambda move: move.amount_residual)
        if self.paid and to_pay:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=to_pay.ids
            ).create(
                {
                    "journal_id": self.journal_id.id,
                    "payment_date": self.date,
                    "group_payment": False,
                }
            )._create_payments()
        members.filtered("coop_left_on").coop_left_on = False
        return {"type": "ir.actions.act_window_close"}

    def _check_members(self, members):
        if self.paid and not self.journal_id and self.amount:
            raise UserError(
                self.env._("Say how the fee was paid, or untick “Paid now”.")
            )
        if self.amount < 0:
            raise UserError(self.env._("A fee cannot be negative."))
        strangers = members.filtered(lambda partner: not partner.is_coop_member)
        if strangers:
            raise UserError(
                self.env._(
                    "Not members of the cooperative: %(names)s. Tick “Member of the"
                    " Cooperative” on their form first.",
                    names=", ".join(strangers.mapped("name")),
                )
            )
        asked = self._due_invoices(members).partner_id if not self.paid else False
        if asked:
            raise UserError(
                self.env._(
                    "Their fee is already invoiced: %(names)s. Tick “Paid now” when"
                    " they pay it.",
                    names=", ".join(asked.mapped("name")),
                )
            )
        free = members.filtered("free_member")
        if free:
            raise UserError(
                self.env._(
                    "These members pay no fee: %(names)s. Take them out of the list,"
                    " or untick “Free Member” on their form.",
                    names=", ".join(free.mapped("name")),
                )
            )

    def _due_invoices(self, members):
        """Fees already invoiced and not paid: they are paid, not asked for twice."""
        lines = members.member_line_ids.filtered(lambda line: line.state == "invoiced")
        return lines.account_invoice_id.filtered(
            lambda move: move.company_id == self.company_id and move.amount_residual
        )

    def _settle_periods(self, invoices):
        """The period runs from the date of the fee, set after the lines were made."""
        for line in invoices.invoice_line_ids.membership_line_ids:
            # No query: everything read here is in cache, writes are flushed together.
            line.date_from, line.date_to = self.company_id._coop_membership_dates(
                self.product_id, self.date, self._paid_until(line)
            )

    def _paid_until(self, line):
        earlier = line.partner_id.member_line_ids - line
        states = line.partner_id._membership_member_states()
        days = earlier.filtered(lambda l: l.state in states).mapped("date_to")  # noqa: E741
        return max(filter(None, days), default=None)
