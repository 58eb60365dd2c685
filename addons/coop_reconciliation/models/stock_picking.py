# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..tools.matcher import normalise


class StockPicking(models.Model):
    _inherit = "stock.picking"

    delivery_note_ref = fields.Char(
        string="Delivery Note",
        copy=False,
        index="btree_not_null",
        help="Number of the supplier's delivery note, as written on it.",
    )
    delivery_note_date = fields.Date(copy=False)
    delivery_note_state = fields.Selection(
        [
            ("expected", "Expected"),
            ("announced", "Announced"),
            ("checked", "Checked"),
            ("disputed", "In Dispute"),
        ],
        compute="_compute_delivery_note_state",
        store=True,
    )
    # Counted for all who open the picking; read by those who may read them.
    matched_bill_ids = fields.Many2many(
        "account.move",
        compute="_compute_matched_bill_ids",
        compute_sudo=True,
        string="Bills",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "purchase.group_purchase_user",
    )
    matched_bill_count = fields.Integer(
        compute="_compute_matched_bill_ids", compute_sudo=True
    )
    claim_ids = fields.One2many(
        "coop.supplier.claim",
        "picking_id",
        string="Claims",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "purchase.group_purchase_user,stock.group_stock_user,base.group_portal",
    )
    claim_count = fields.Integer(compute="_compute_claim_count", compute_sudo=True)

    @api.depends(
        "state",
        "picking_type_code",
        "delivery_note_ref",
        "move_ids.discrepancy_quantity",
        "move_ids.discrepancy_reason_id.is_claimable",
        "claim_ids.state",
    )
    def _compute_delivery_note_state(self):
        for picking in self:
            if picking.picking_type_code != "incoming":
                picking.delivery_note_state = False
            elif picking.state == "done":
                open_claims = picking.claim_ids.filtered(
                    lambda c: c.state in ("draft", "sent", "acknowledged")
                )
                settled = picking.claim_ids and not open_claims
                differs = any(
                    # Damaged goods are counted as all the others.
                    move.discrepancy_quantity or move.discrepancy_reason_id.is_claimable
                    for move in picking.move_ids
                )
                disputed = open_claims or (differs and not settled)
                picking.delivery_note_state = "disputed" if disputed else "checked"
            elif picking.delivery_note_ref:
                picking.delivery_note_state = "announced"
            else:
                picking.delivery_note_state = "expected"

    @api.depends("move_ids.bill_match_ids.state")
    def _compute_matched_bill_ids(self):
        for picking in self:
            matches = picking.move_ids.bill_match_ids
            bills = matches.filtered(lambda m: m.state in ("auto", "confirmed")).bill_id
            picking.matched_bill_ids = bills
            picking.matched_bill_count = len(bills)

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        for picking in self:
            picking.claim_count = len(picking.claim_ids)

    # -------------------------------------------------------------------------
    # CRUD
    # -------------------------------------------------------------------------

    def write(self, vals):
        moves = self.env["stock.move"]
        if vals.get("delivery_note_ref"):
            # Announced as not coming: a corrected number does not change that.
            moves = self.filtered("delivery_note_ref").move_ids.filtered(
                lambda m: not m.quantity_announced
            )
        res = super().write(vals)
        if vals.get("delivery_note_ref"):
            # Now, before the reception splits the moves: announced is what was asked.
            self.move_ids.mapped("quantity_announced")
            moves.write({"quantity_announced": 0.0})
        return res

    # -------------------------------------------------------------------------
    # Reception
    # -------------------------------------------------------------------------

    def _action_done(self):
        res = super()._action_done()
        receipts = self.filtered(
            lambda p: p.picking_type_code == "incoming" and p.state == "done"
        )
        if receipts:
            receipts._coop_draft_claims()
            receipts._coop_match_waiting_bills()
        # sudo: the warehouse has no right on bills; only their links are written. What
        # is sent back after its bill is to be credited.
        done = self.sudo().filtered(lambda p: p.state == "done")
        matches = done.move_ids.origin_returned_move_id.bill_match_ids
        bills = matches.filtered(lambda m: m.state == "auto").bill_id
        bills.filtered("company_id.coop_match_bills")._coop_match()
        return res

    def _coop_draft_claims(self):
        """What was found damaged or wrong: the bill will not show it."""
        # sudo: the warehouse says what is wrong; the policy decides what follows.
        policies = self.env["coop.match.policy"].sudo()
        for picking in self.sudo():
            partner = picking.purchase_id.partner_id.commercial_partner_id
            if (
                partner
                and any(picking.move_ids.mapped("discrepancy_reason_id.is_claimable"))
                and policies._get_policy(picking.company_id, partner).auto_claim
            ):
                picking.action_draft_claim()

    def _coop_match_waiting_bills(self):
        """Bills that came before their goods, or that cite this delivery note."""
        # sudo: the warehouse has no right on bills; only their links are written.
        moves = self.sudo().move_ids
        orders = moves.purchase_line_id.order_id
        if not orders:
            return
        partners = orders.partner_id.commercial_partner_id
        names = [normalise(n) for n in orders.mapped("name") if n]
        names += [normalise(n) for n in self.mapped("delivery_note_ref") if n]
        cited = Domain("bill_reference_ids.normalised", "in", names) | Domain(
            "invoice_line_ids.purchase_line_id.order_id", "in", orders.ids
        )
        # sudo: as above, the warehouse has no right on bills.
        bills = (
            self.env["account.move"]
            .sudo()
            .search(
                Domain("move_type", "=", "in_invoice")
                & Domain("commercial_partner_id", "in", partners.ids)
                & Domain("company_id", "in", self.company_id.ids)
                & Domain("company_id.coop_match_bills", "=", True)
                & Domain("state", "in", ("draft", "posted"))
                & Domain("match_state", "in", ("waiting", "exception"))
                & cited
            )
        )
        if bills:
            bills.match_wait = False
            bills._coop_match()

    def action_announce_as_ordered(self):
        """The delivery note says what was ordered."""
        for move in self.move_ids:
            move.quantity_announced = move.product_uom_qty

    def action_draft_claim(self):
        """Claim what is missing or damaged on these receipts; opens the claims."""
        claims = self.env["coop.supplier.claim"]
        for picking in self:
            order = picking.purchase_id
            moves = picking.move_ids.filtered(
                lambda m: (
                    m.discrepancy_reason_id.is_claimable
                    if m.discrepancy_reason_id
                    else m.discrepancy_quantity < 0
                )
            )
            reasons = moves.discrepancy_reason_id.sorted("sequence")
            known = picking.claim_ids.line_ids.stock_move_id
            lines = [
                Command.create(move._prepare_claim_line())
                for move in moves - known
                if move.purchase_line_id
            ]
            draft = picking.claim_ids.filtered(lambda c: c.state == "draft")[:1]
            if draft and lines:
                draft.write({"line_ids": lines})
                draft._plan_sending()
            elif lines or not picking.claim_ids:
                draft = claims.create(
                    {
                        "partner_id": (order or picking).partner_id.id,
                        "company_id": picking.company_id.id,
                        "currency_id": (order or picking.company_id).currency_id.id,
                        "purchase_order_id": order.id,
                        "picking_id": picking.id,
                        "user_id": (order.user_id or self.env.user).id,
                        "reason": reasons[:1]._get_claim_reason(),
                        "line_ids": lines,
                    }
                )
                if lines:
                    draft._plan_sending()
            claims |= draft or picking.claim_ids
        return claims._get_records_action(name=self.env._("Claims"))

    def action_view_matched_bills(self):
        return self.matched_bill_ids._get_records_action(name=self.env._("Bills"))

    def action_view_claims(self):
        return self.claim_ids._get_records_action(name=self.env._("Claims"))

    # -------------------------------------------------------------------------
    # What was announced against what was ordered, before the goods come
    # -------------------------------------------------------------------------

    def action_import_delivery_note(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a Delivery Note"),
            "res_model": "coop.delivery.note.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id},
        }

    def _get_announced_gaps(self):
        """Lines of which less or more is announced than ordered."""
        self.ensure_one()
        return self.move_ids.filtered(
            lambda m: (
                m.state != "cancel"
                and m.product_uom.compare(m.quantity_announced, m.product_uom_qty)
            )
        )

    def _post_announced(self, unknown, filename):
        """A note in the thread: what was announced otherwise than ordered."""
        self.ensure_one()
        quantity = self.env["coop.bill.exception"]._format_quantity
        items = [
            self.env._(
                "%(name)s: %(announced)s announced, %(ordered)s ordered",
                name=move.product_id.display_name,
                announced=quantity(move.quantity_announced),
                ordered=quantity(move.product_uom_qty),
            )
            for move in self._get_announced_gaps()
        ]
        items += [
            self.env._("%s: on the delivery note, not ordered", name)
            for name in unknown
        ]
        body = Markup("<p>%s</p>") % self.env._(
            "Delivery note %(number)s read from %(file)s.",
            number=self.delivery_note_ref,
            file=filename or "",
        )
        if items:
            rows = Markup("").join(Markup("<li>%s</li>") % item for item in items)
            body += Markup("<ul>%s</ul>") % rows
        self.message_post(body=body)
