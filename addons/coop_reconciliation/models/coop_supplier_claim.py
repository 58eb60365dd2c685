# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

REASON_BY_KIND = {
    "price": "price",
    "quantity_over": "shortage",
    "no_receipt": "shortage",
}


class CoopSupplierClaim(models.Model):
    """What the supplier owes: written, sent, answered, closed by its credit note."""

    _name = "coop.supplier.claim"
    _description = "Supplier Claim"
    _inherit = [
        "portal.mixin",
        "coop.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "coop.supplier.claim.send",
        "coop.supplier.claim.remind",
        "coop.supplier.claim.answer",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
        index=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    purchase_order_id = fields.Many2one(
        "purchase.order", check_company=True, ondelete="restrict", index=True
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Receipt",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    bill_id = fields.Many2one(
        "account.move",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    date = fields.Date(default=fields.Date.context_today, required=True)
    reason = fields.Selection(
        [
            ("shortage", "Missing goods"),
            ("damaged", "Damaged goods"),
            ("wrong_item", "Wrong article"),
            ("quality", "Quality"),
            ("price", "Price"),
            ("other", "Other"),
        ],
        required=True,
        default="shortage",
        tracking=True,
    )
    note = fields.Text(string="Message to the Supplier")
    line_ids = fields.One2many("coop.supplier.claim.line", "claim_id", copy=True)
    expected_credit = fields.Monetary(
        compute="_compute_expected_credit",
        store=True,
        tracking=True,
        help="Credit expected, without VAT.",
    )
    expected_credit_total = fields.Monetary(
        string="Expected Credit with VAT",
        compute="_compute_expected_credit",
        store=True,
    )
    credit_note_ids = fields.Many2many(
        "account.move",
        relation="coop_supplier_claim_credit_note_rel",
        column1="claim_id",
        column2="move_id",
        string="Credit Notes",
        copy=False,
        domain="[('move_type', '=', 'in_refund')]",
    )
    credited_amount = fields.Monetary(
        compute="_compute_credited_amount", help="Credit received, without VAT."
    )
    sent_on = fields.Datetime(readonly=True, copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
            ("credited", "Credited"),
            ("replaced", "Replaced"),
            ("rejected", "Rejected"),
            ("closed", "Closed"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )

    _name_company_unique = models.Constraint(
        "UNIQUE(name, company_id)", "Another claim already has this number."
    )

    # -------------------------------------------------------------------------
    # Computes
    # -------------------------------------------------------------------------

    @api.depends("line_ids.amount", "line_ids.amount_total")
    def _compute_expected_credit(self):
        for claim in self:
            claim.expected_credit = sum(claim.line_ids.mapped("amount"))
            claim.expected_credit_total = sum(claim.line_ids.mapped("amount_total"))

    @api.depends("credit_note_ids.amount_untaxed", "credit_note_ids.state")
    def _compute_credited_amount(self):
        for claim in self:
            notes = claim.credit_note_ids.filtered(lambda m: m.state != "cancel")
            claim.credited_amount = sum(notes.mapped("amount_untaxed"))

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for claim in self:
            claim.access_url = f"/my/claims/{claim.id}"
        return res

    # -------------------------------------------------------------------------
    # CRUD
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if not vals.get("name"):
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = sequence.with_company(company).next_by_code(self._name)
        return super().create(vals_list)

    @api.model
    def _coop_get_frozen_fields(self, state):
        if state == "draft":
            return super()._coop_get_frozen_fields(state)
        return (
            "partner_id",
            "reason",
            "date",
            "purchase_order_id",
            "picking_id",
            "bill_id",
        )

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            self._plan_reminder()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if self.filtered(lambda claim: claim.state != "draft"):
            raise UserError(
                self.env._(
                    "A claim that was sent is kept: close it instead of deleting it."
                )
            )

    # -------------------------------------------------------------------------
    # Drafting
    # -------------------------------------------------------------------------

    @api.model
    def _draft_from_exceptions(self, exceptions):
        """Draft one claim per purchase order; a draft of that order is completed.

        An exception is claimed once: its line is updated while the claim is a draft and
        left alone afterwards. Returns every claim that speaks of these exceptions.
        """
        claims = exceptions.claim_line_ids.claim_id
        at_reception = self._claimed_at_reception(exceptions)
        # Read for all of them: claim lines are prepared one by one.
        exceptions.bill_line_id.fetch(["tax_ids"])
        exceptions.bill_line_id.product_id.mapped("display_name")
        changed = self.browse()
        grouped = defaultdict(self.env["coop.bill.exception"].browse)
        for exception in exceptions:
            line = exception.claim_line_ids[:1]
            if line:
                claim = line.claim_id
                if claim.state == "draft" and line._update_from_exception(exception):
                    changed |= claim
            elif claim := self._join_reception(
                exception, at_reception.get(exception.stock_move_id)
            ):
                claims |= claim
            else:
                order = exception.purchase_line_id.order_id
                grouped[exception.bill_id, order] |= exception
        if not grouped:
            changed._plan_sending()
            return claims
        orders = self.env["purchase.order"].browse(
            [order.id for __, order in grouped if order]
        )
        drafts = {
            claim.purchase_order_id: claim
            for claim in self.search(
                [("state", "=", "draft"), ("purchase_order_id", "in", orders.ids)]
            )
        }
        to_create = []
        for (bill, order), group in grouped.items():
            values = [exception._prepare_claim_line() for exception in group]
            draft = drafts.get(order)
            # A shortage already claimed at reception is not claimed twice.
            known = draft and {
                line.stock_move_id: line
                for line in draft.line_ids
                if line.stock_move_id and not line.exception_id
            }
            if draft:
                commands = []
                for exception, vals in zip(group, values, strict=True):
                    line = known.get(exception.stock_move_id)
                    commands.append(
                        Command.update(line.id, vals) if line else Command.create(vals)
                    )
                draft.write(
                    {"bill_id": draft.bill_id.id or bill.id, "line_ids": commands}
                )
                changed |= draft
            else:
                to_create.append(
                    {
                        "partner_id": (order.partner_id or bill.partner_id).id,
                        "company_id": bill.company_id.id,
                        "currency_id": bill.currency_id.id,
                        "purchase_order_id": order.id,
                        "picking_id": group.stock_move_id.picking_id[:1].id,
                        "bill_id": bill.id,
                        "user_id": (order.user_id or self.env.user).id,
                        "reason": REASON_BY_KIND[group[0].kind],
                        "line_ids": [Command.create(vals) for vals in values],
                    }
                )
        changed |= self.create(to_create)
        changed._plan_sending()
        return claims | changed

    @api.model
    def _claimed_at_reception(self, exceptions):
        """Lines of claims sent before their bill came: ``{receipt move: line}``."""
        moves = exceptions.filtered(lambda e: not e.claim_line_ids).stock_move_id
        if not moves:
            return {}
        lines = self.env["coop.supplier.claim.line"].search(
            [
                ("stock_move_id", "in", moves.ids),
                ("exception_id", "=", False),
                ("claim_id.state", "in", ("sent", "acknowledged")),
            ]
        )
        # The first of a move, as the model orders them.
        return {line.stock_move_id: line for line in reversed(lines)}

    @api.model
    def _join_reception(self, exception, line):
        """The claim that was sent about this shortage before its bill came, if any.

        It bears the bill from then on: the same goods are not claimed twice.
        """
        if (
            not line
            or line.exception_id
            or exception.kind == "price"
            or line.uom_id.compare(line.quantity, exception.quantity) < 0
        ):
            return self.browse()
        line.exception_id = exception
        claim = line.claim_id
        if not claim.bill_id:
            claim._coop_enter_state({"bill_id": exception.bill_id.id})
        # sudo: as in _mark_sent.
        exception.sudo().write({"state": "claimed"})
        return claim

    # -------------------------------------------------------------------------
    # Actions
    # -------------------------------------------------------------------------

    def action_mark_sent(self):
        """Sent otherwise: on paper, by telephone."""
        self.filtered(lambda c: c.state == "draft")._mark_sent()

    def _mark_sent(self):
        self._coop_enter_state(
            {"state": "sent", "sent_on": fields.Datetime.now(), "send_at": False}
        )
        # sudo: the buyer decides about the claim; the bill's difference follows.
        exceptions = self.line_ids.sudo().exception_id.filtered(
            lambda e: e.state == "open"
        )
        exceptions.write({"state": "claimed"})
        exceptions.bill_id._coop_after_decision()

    def action_close(self):
        self.filtered(lambda c: c.state != "draft")._coop_enter_state(
            {"state": "closed"}
        )
        self._resolve()

    def action_print(self):
        return self.env.ref(
            "coop_reconciliation.coop_supplier_claim_report"
        ).report_action(self)

    def action_view_bill(self):
        self.ensure_one()
        return self.bill_id._get_records_action()

    def action_view_purchase_order(self):
        self.ensure_one()
        return self.purchase_order_id._get_records_action()

    def action_view_picking(self):
        self.ensure_one()
        return self.picking_id._get_records_action()

    def action_view_credit_notes(self):
        return self.credit_note_ids._get_records_action(name=self.env._("Credit Notes"))

    # -------------------------------------------------------------------------
    # Credit notes
    # -------------------------------------------------------------------------

    def _is_credit_missing(self):
        """Whether something is still to be credited."""
        self.ensure_one()
        missing = self.expected_credit - self.credited_amount
        return (
            not self.credit_note_ids or self.currency_id.compare_amounts(missing, 0) > 0
        )

    def action_credited_by(self):
        """A person says which claim the credit note of the context answers."""
        self.ensure_one()
        refund = self.env["account.move"].browse(self.env.context["credit_note_id"])
        refund.check_access("write")
        if refund.move_type != "in_refund" or refund not in self._possible_refunds():
            raise UserError(
                self.env._(
                    "This credit note does not answer %s: supplier or currency differ.",
                    self.name,
                )
            )
        self._register_credit(refund)
        refund._coop_match()
        return True

    def _possible_refunds(self):
        """Credit notes that may answer this claim: same supplier, company, currency."""
        return self.env["account.move"].search(
            [
                ("move_type", "=", "in_refund"),
                ("state", "!=", "cancel"),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                (
                    "commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
            ]
        )

    def _register_credit(self, credit_note):
        """The credit note answers these claims; they close when it is posted."""
        claims = self.filtered(lambda c: credit_note not in c.credit_note_ids)
        claims.write({"credit_note_ids": [Command.link(credit_note.id)]})
        for claim in claims:
            claim.message_post(
                body=self.env._("Credit note received: %s", credit_note.ref or ""),
            )
        credited = self.filtered(
            lambda c: (
                c.currency_id.compare_amounts(c.credited_amount, c.expected_credit) >= 0
                and c.state in ("draft", "sent", "acknowledged", "rejected")
            )
        )
        credited._coop_enter_state({"state": "credited"})
        credited._resolve()
        self._close_if_credit_posted()

    def _close_if_credit_posted(self):
        self.filtered(
            lambda c: (
                c.state == "credited"
                and c.credit_note_ids
                and all(note.state == "posted" for note in c.credit_note_ids)
            )
        )._coop_enter_state({"state": "closed"})

    def _resolve(self):
        # sudo: as in _mark_sent.
        exceptions = self.line_ids.sudo().exception_id.filtered(
            lambda e: e.state in ("open", "claimed")
        )
        exceptions.write({"state": "resolved"})
        exceptions.bill_id._coop_after_decision()
