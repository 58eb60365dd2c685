# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.matcher import normalise

WAITING_KINDS = {"no_receipt"}
POST_BATCH = 50
CURSOR = "coop_reconciliation.match_cursor"
CURSOR_ORDER = "commercial_partner_id.id, id"


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "account.move",
        "coop.bill.dashboard",
        "coop.bill.proposable",
        "coop.bill.work",
    ]

    bill_match_ids = fields.One2many("coop.bill.match", "bill_id", string="Matches")
    bill_exception_ids = fields.One2many(
        "coop.bill.exception", "bill_id", string="Differences"
    )
    match_date = fields.Datetime(string="Matched On", readonly=True, copy=False)
    match_wait = fields.Boolean(
        string="Set Aside", copy=False, help="Someone decided to wait."
    )
    match_state = fields.Selection(
        [
            ("none", "Not Matched"),
            ("waiting", "Waiting"),
            ("matched", "Matched"),
            ("exception", "To Check"),
            ("accepted", "Accepted"),
        ],
        string="Matching",
        compute="_compute_match_state",
        store=True,
        index=True,
        default="none",
    )
    match_summary = fields.Char(
        string="What Is Wrong", compute="_compute_match_summary"
    )
    match_amount = fields.Monetary(
        string="Amount in Question",
        compute="_compute_match_amount",
        store=True,
        help="Sum of the open differences, without VAT.",
    )
    match_table = fields.Html(
        string="Order, Delivery Note, Bill", compute="_compute_match_table"
    )
    normalised_ref = fields.Char(
        compute="_compute_normalised_ref", store=True, index="btree_not_null"
    )
    claim_ids = fields.One2many("coop.supplier.claim", "bill_id", string="Claims")
    claim_count = fields.Integer(compute="_compute_claim_count")
    credited_claim_ids = fields.Many2many(
        "coop.supplier.claim",
        relation="coop_supplier_claim_credit_note_rel",
        column1="move_id",
        column2="claim_id",
        string="Claims Credited",
        copy=False,
    )
    possible_claim_ids = fields.Many2many(
        "coop.supplier.claim",
        string="Claims It May Answer",
        compute="_compute_possible_claim_ids",
        help="Several claims have this amount: choose the one that it settles.",
    )
    keyed_total = fields.Monetary(
        string="Total of the Paper Bill",
        copy=False,
        help="With VAT. Key in the number, the date and this total: the lines are "
        "proposed from what was received.",
    )
    matched_picking_ids = fields.Many2many(
        "stock.picking", compute="_compute_matched_picking_ids", string="Receipts"
    )
    matched_picking_count = fields.Integer(compute="_compute_matched_picking_ids")

    # -------------------------------------------------------------------------
    # Computes
    # -------------------------------------------------------------------------

    @api.depends(
        "match_date",
        "match_wait",
        "bill_exception_ids.state",
        "bill_exception_ids.kind",
        "bill_exception_ids.by_policy",
    )
    def _compute_match_state(self):
        for move in self:
            exceptions = move.bill_exception_ids
            open_ones = exceptions.filtered(lambda e: e.state == "open")
            if not move.match_date:
                move.match_state = "none"
            elif open_ones:
                waiting = set(open_ones.mapped("kind")) <= WAITING_KINDS
                is_waiting = move.match_wait or waiting
                move.match_state = "waiting" if is_waiting else "exception"
            elif any(e.state != "resolved" and not e.by_policy for e in exceptions):
                move.match_state = "accepted"
            else:
                move.match_state = "matched"

    @api.depends("bill_exception_ids.state", "bill_exception_ids.amount")
    def _compute_match_amount(self):
        for move in self:
            move.match_amount = sum(
                abs(e.amount) for e in move.bill_exception_ids if e.state == "open"
            )

    @api.depends("bill_exception_ids.state", "bill_exception_ids.description")
    @api.depends_context("lang")
    def _compute_match_summary(self):
        for move in self:
            open_ones = move.bill_exception_ids.filtered(lambda e: e.state == "open")
            move.match_summary = " ; ".join(
                filter(None, open_ones.mapped("description"))
            )

    @api.depends("bill_match_ids", "bill_exception_ids.state")
    @api.depends_context("lang")
    def _compute_match_table(self):
        for move in self:
            move.match_table = (
                self.env["ir.qweb"]._render(
                    "coop_reconciliation.account_move_match_table",
                    {
                        "move": move,
                        "rows": move._get_match_rows(),
                        "quantity": self.env["coop.bill.exception"]._format_quantity,
                    },
                )
                if move.is_purchase_document()
                else False
            )

    @api.depends("ref")
    def _compute_normalised_ref(self):
        for move in self:
            is_bill = move.move_type in ("in_invoice", "in_refund")
            move.normalised_ref = normalise(move.ref) if is_bill else False

    @api.depends("claim_ids", "credited_claim_ids")
    def _compute_claim_count(self):
        for move in self:
            move.claim_count = len(move.claim_ids | move.credited_claim_ids)

    @api.depends("bill_match_ids.stock_move_id", "bill_match_ids.state")
    def _compute_matched_picking_ids(self):
        for move in self:
            matches = move.bill_match_ids.filtered(
                lambda m: m.state in ("auto", "confirmed")
            )
            # sudo: the number of receipts, for accountants without stock rights.
            pickings = matches.sudo().stock_move_id.picking_id
            move.matched_picking_ids = pickings
            move.matched_picking_count = len(pickings)

    @api.depends(
        "credited_claim_ids", "amount_total", "commercial_partner_id", "move_type"
    )
    def _compute_possible_claim_ids(self):
        matcher = self.env["coop.credit.matcher"]
        claims = self.env["coop.supplier.claim"]
        for move in self:
            move.possible_claim_ids = claims
            if (
                move.move_type == "in_refund"
                and move.state != "cancel"
                and move.commercial_partner_id
                and not move.credited_claim_ids
            ):
                bills = matcher._cited_bills(move)
                move.possible_claim_ids = matcher._find_claims(move, bills)[1]

    def _get_match_rows(self):
        """Rows of the three columns, one per bill line, with what differs."""
        self.ensure_one()
        # sudo: accountants see what was received without stock rights.
        matches = self.sudo().bill_match_ids.filtered(lambda m: m.state != "rejected")
        by_line = defaultdict(matches.browse)
        for match in matches:
            by_line[match.bill_line_id.id] |= match
        issues = defaultdict(self.bill_exception_ids.browse)
        for issue in self.bill_exception_ids:
            issues[issue.bill_line_id.id] |= issue
        rows = []
        # sudo: as for the matches.
        lines = self.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        for line in lines:
            line_matches = by_line[line.id]
            rows.append(
                {
                    "line": line,
                    "matches": line_matches,
                    "orders": line_matches.purchase_line_id or line.purchase_line_id,
                    "exceptions": issues[line.id],
                }
            )
        if issues[False]:
            rows.append(
                {
                    "line": False,
                    "matches": matches.browse(),
                    "orders": self.env["purchase.order.line"],
                    "exceptions": issues[False],
                }
            )
        return rows

    # -------------------------------------------------------------------------
    # Core's own matching, taken over where the company says so: it rewrites bills
    # -------------------------------------------------------------------------

    def _match_purchase_orders(
        self, po_references, partner_id, amount_total, from_ocr, timeout
    ):
        """Core links by total and rewrites the lines; ours is `action_coop_match`."""
        if not self.company_id.coop_match_bills:
            return super()._match_purchase_orders(
                po_references, partner_id, amount_total, from_ocr, timeout
            )
        return "no_match", self.env["purchase.order.line"], None

    def _find_and_set_purchase_orders(
        self, po_references, partner_id, amount_total, from_ocr=False, timeout=10
    ):
        """Called at import. Keeps the order number, which core would erase."""
        self.ensure_one()
        if not self.company_id.coop_match_bills:
            return super()._find_and_set_purchase_orders(
                po_references, partner_id, amount_total, from_ocr, timeout
            )
        self._coop_match()
        return None

    def _post(self, soft=True):
        bills = self.filtered(lambda m: m.move_type in ("in_invoice", "in_refund"))
        bills.filtered("company_id.coop_refuse_duplicates")._coop_check_duplicates()
        posted = super()._post(soft)
        credit_notes = posted.filtered(lambda m: m.move_type == "in_refund")
        # sudo: closing the claim is a consequence, not an act of the accountant.
        credit_notes.sudo().credited_claim_ids._close_if_credit_posted()
        return posted

    def _coop_check_duplicates(self):
        """Refuse a number that is known already, but for spaces, dots and case."""
        duplicates = self._coop_find_duplicates()
        for bill, others in duplicates.items():
            accepted = bill.bill_exception_ids.filtered(
                lambda e: e.kind == "duplicate" and e.state == "accepted"
            )
            if others and not accepted:
                raise UserError(
                    self.env._(
                        "The bill %(number)s of %(supplier)s looks like %(other)s, "
                        "entered already: cancel one of them, or accept the difference "
                        "“Duplicate” if both are due.",
                        number=bill.ref,
                        supplier=bill.commercial_partner_id.display_name,
                        other=others[0].display_name,
                    )
                )

    def _coop_find_duplicates(self):
        """``{bill: other bills}`` of the same supplier, year and normalised number."""
        bills = self.filtered("normalised_ref")
        if not bills:
            return {}
        # sudo: a duplicate is one even where the user cannot see the first.
        others = self.sudo().search(
            [
                ("normalised_ref", "in", bills.mapped("normalised_ref")),
                ("commercial_partner_id", "in", bills.commercial_partner_id.ids),
                ("company_id", "in", bills.company_id.ids),
                ("move_type", "in", ("in_invoice", "in_refund")),
                ("state", "!=", "cancel"),
            ],
            order="id",
        )

        def key(bill):
            day = bill.invoice_date or bill.date or fields.Date.context_today(bill)
            return (
                bill.company_id,
                bill.commercial_partner_id,
                bill.move_type,
                bill.normalised_ref,
                day.year,
            )

        grouped = others.grouped(key)
        # The first one entered is the original: only the later ones are duplicates,
        # unless the later one is posted already.
        found = {}
        for bill in bills:
            same = grouped.get(key(bill), others.browse())
            found[bill] = same.filtered(
                lambda o, b=bill: o.id != b.id and (o.id < b.id or o.state == "posted")
            )
        return found

    def _coop_suspense_account(self):
        """The policy's account, where it has one."""
        # sudo: whoever imports a bill need not read the policy.
        policy = self.env["coop.match.policy"].sudo()
        policy = policy._get_policy(self.company_id, self.commercial_partner_id)
        return policy.suspense_account_id or super()._coop_suspense_account()

    # -------------------------------------------------------------------------
    # Matching
    # -------------------------------------------------------------------------

    def _coop_match(self):
        """Match these bills; posts those that the policy lets pass. Idempotent."""
        bills = self.filtered(
            lambda m: (
                m.move_type in ("in_invoice", "in_refund")
                and m.state in ("draft", "posted")
                and m.commercial_partner_id
            )
        )
        if bills:
            self.env["coop.bill.matcher"]._match_bills(bills)
            bills._coop_autopost()
        return bills

    def action_coop_match(self):
        """Match now, as at import and at reception."""
        self.check_access("write")
        self._coop_match()
        return True

    def action_coop_accept(self):
        """Key A: every open difference of the bill is taken as it is."""
        return self.bill_exception_ids.filtered(
            lambda e: e.state == "open"
        ).action_accept()

    def action_coop_claim(self):
        """Key R: claim what can be claimed; opens the claim."""
        exceptions = self.bill_exception_ids.filtered(lambda e: e.state == "open")
        claimable = exceptions.filtered(lambda e: e.kind in e._claimable_kinds())
        if not claimable:
            raise UserError(
                self.env._(
                    "Nothing on this bill can be claimed: accept the differences, or "
                    "ask the supplier for a corrected bill."
                )
            )
        return claimable.action_claim()

    def action_coop_wait(self):
        """Key W: set aside; it comes back when something is received."""
        self.match_wait = True
        return True

    def action_coop_unwait(self):
        self.match_wait = False
        return True

    def action_coop_open_match(self):
        """The three columns of this bill."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_reconciliation.account_move_match_action"
        )
        form = self.env.ref("coop_reconciliation.account_move_match_view_form")
        action.update(
            {"res_id": self.id, "views": [(form.id, "form")], "view_mode": "form"}
        )
        return action

    def action_view_claims(self):
        claims = self.claim_ids | self.credited_claim_ids
        return claims._get_records_action(name=self.env._("Claims"))

    def action_view_matched_pickings(self):
        return self.matched_picking_ids._get_records_action(name=self.env._("Receipts"))

    def _coop_after_decision(self):
        """Someone decided about a difference: the bill may pass now."""
        self._coop_autopost()
        return True

    def _coop_autopost(self):
        """Post the drafts that nothing holds back, where the policy says so."""
        ready = self.filtered(
            lambda m: (
                m.state == "draft"
                and m.match_state in ("matched", "accepted")
                and m.invoice_date
                and (m.bill_match_ids or m.credited_claim_ids)
            )
        )
        for company, bills in ready.grouped("company_id").items():
            # sudo: whoever receives goods need not read the policy.
            policies = self.env["coop.match.policy"].sudo()
            by_partner = policies._get_policies(company, bills.commercial_partner_id)
            passing = bills.filtered(
                lambda m, by=by_partner: by[m.commercial_partner_id.id].auto_post
            )
            for start in range(0, len(passing), POST_BATCH):
                passing[start : start + POST_BATCH]._coop_try_post()

    def _coop_try_post(self):
        """Post by itself; what Odoo refuses is told on the bill, which waits."""
        try:
            with self.env.cr.savepoint():
                self._post(soft=True)
        except UserError as error:
            if len(self) > 1:
                # Together first, one by one to find which is refused.
                self.invalidate_recordset()
                for bill in self:
                    bill._coop_try_post()
                return
            self.invalidate_recordset()
            self.message_post(
                body=self.env._("The bill could not post itself: %s", str(error))
            )

    @api.model
    def _cron_coop_match(self, limit=200):
        """Match what waits: new bills, and those whose goods may have come since.

        Supplier by supplier, from where the last run stopped: bills that still differ
        stay in the domain, and a supplier's receipts are read once.
        """
        domain = Domain("move_type", "in", ("in_invoice", "in_refund")) & Domain(
            "state", "=", "draft"
        )
        domain &= Domain("match_state", "in", ("none", "waiting", "exception"))
        domain &= Domain("company_id.coop_match_bills", "=", True)
        domain &= Domain("commercial_partner_id", "!=", False)
        # sudo: a technical cursor.
        done = self.env["ir.config_parameter"].sudo()
        last = done.get_param(CURSOR, "0,0")
        bills = self.search(domain & self._after(last), limit=limit, order=CURSOR_ORDER)
        remaining = 0
        cursor = "0,0"
        if bills:
            following = f"{bills[-1:].commercial_partner_id.id},{bills[-1:].id}"
            bills = bills.try_lock_for_update()
            bills._coop_match()
            remaining = self.search_count(domain & self._after(following))
            cursor = following if remaining else cursor
        if cursor != last:
            done.set_param(CURSOR, cursor)
        self.env["ir.cron"]._commit_progress(len(bills), remaining=remaining)

    @api.model
    def _after(self, cursor):
        """Bills after ``"partner,bill"`` in the order of the cron."""
        partner, bill = map(int, f"0,{cursor}".split(",")[-2:])
        return Domain("commercial_partner_id.id", ">", partner) | (
            Domain("commercial_partner_id", "=", partner) & Domain("id", ">", bill)
        )
