# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_base.tools.localtime import format_local

# Smallest amount that is still a note.
NOTES_FROM = 5.0


class CoopCashSession(models.Model):
    """A till on the day of a distribution, from its float to the bank.

    Whoever opens it takes the money into it; the amounts expected are those of the
    payments, never keyed in. Counting and closing are in
    ``coop_cash_session_close.py``.
    """

    _name = "coop.cash.session"
    _description = "Cash Session"
    _inherit = [
        "coop.cash.session.close",
        "coop.cash.session.purse",
        "coop.cash.session.till",
        "mail.thread",
    ]
    _order = "opened_at desc, id desc"

    name = fields.Char(required=True, readonly=True, default="/")
    distribution_id = fields.Many2one(
        "coop.distribution",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="distribution_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    window_id = fields.Many2one(related="distribution_id.window_id")
    collection_point_id = fields.Many2one(
        related="distribution_id.collection_point_id", store=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Held by",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Counted"), ("checked", "Checked by the Office")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    opened_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )
    opening_float = fields.Monetary(string="Float", readonly=True)
    payment_ids = fields.One2many("account.payment", "cash_session_id", readonly=True)
    order_ids = fields.One2many("sale.order", "cash_session_id", readonly=True)
    count_ids = fields.One2many(
        "coop.cash.session.count", "session_id", string="Notes and Coins", readonly=True
    )

    served_count = fields.Integer(string="Members Served", compute="_compute_expected")
    amount_cash = fields.Monetary(string="Cash Taken", compute="_compute_expected")
    amount_cheque = fields.Monetary(string="Cheques Taken", compute="_compute_expected")
    amount_card = fields.Monetary(string="Cards Taken", compute="_compute_expected")
    cheque_count = fields.Integer(
        string="Number of Cheques", compute="_compute_expected"
    )
    amount_transfer = fields.Monetary(
        string="Transfers Promised", compute="_compute_expected"
    )
    amount_later = fields.Monetary(string="To Pay Later", compute="_compute_expected")
    amount_total = fields.Monetary(string="Collected", compute="_compute_expected")
    expected_cash = fields.Monetary(
        string="Cash Expected",
        compute="_compute_expected",
        help="The float and the cash taken.",
    )

    counted_cash = fields.Monetary(
        string="Cash Counted", readonly=True, copy=False, tracking=True
    )
    counted_cheque = fields.Monetary(
        string="Cheques Counted", readonly=True, copy=False
    )
    counted_card = fields.Monetary(
        string="Card Slips Counted", readonly=True, copy=False
    )
    float_left = fields.Monetary(
        string="Float Left in the Box",
        readonly=True,
        copy=False,
        help="What stays for the next distribution; the rest goes to the bank.",
    )
    difference_cash = fields.Monetary(compute="_compute_difference")
    difference_cheque = fields.Monetary(compute="_compute_difference")
    difference_card = fields.Monetary(compute="_compute_difference")
    has_difference = fields.Boolean(compute="_compute_difference")
    difference_text = fields.Char(string="In Words", compute="_compute_difference_text")
    difference_reason = fields.Char(
        string="Explanation", readonly=True, copy=False, tracking=True
    )
    deposit_cash = fields.Monetary(
        string="Cash in the Envelope", compute="_compute_difference"
    )
    envelope_number = fields.Char(
        string="Envelope No.", readonly=True, copy=False, tracking=True
    )
    handed_to = fields.Char(
        string="Handed to", readonly=True, copy=False, tracking=True
    )
    handed_at = fields.Datetime(readonly=True, copy=False)
    checked_at = fields.Datetime(readonly=True, copy=False)
    checked_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )
    move_ids = fields.One2many(
        "account.move",
        "cash_session_id",
        string="Entries",
        readonly=True,
        groups="account.group_account_invoice",
    )

    _one_per_holder = models.UniqueIndex(
        "(distribution_id, user_id) WHERE state = 'open'",
        "You already have a till open at this distribution.",
    )
    _float_positive = models.Constraint(
        "CHECK (opening_float >= 0 AND float_left >= 0)",
        "A float cannot be negative.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("payment_ids", "order_ids.serve_state", "opening_float")
    def _compute_expected(self):
        # sudo: totals of a till the user may read; referents have no accounting right.
        payments = (
            self.env["account.payment"]
            .sudo()
            ._read_group(
                self._get_payment_domain(),
                ["cash_session_id", "coop_payment_kind", "payment_type"],
                ["amount:sum", "__count"],
            )
        )
        taken = {}
        for session, kind, payment_type, total, count in payments:
            known = taken.get((session.id, kind), (0.0, 0))
            # Given back for what a member brought back
            sign = -1 if payment_type == "outbound" else 1
            taken[session.id, kind] = (known[0] + sign * total, known[1] + count)
        orders = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("cash_session_id", "in", self.ids)],
                ["cash_session_id", "coop_promised_kind"],
                ["coop_promised_amount:sum", "__count"],
            )
        )
        promised = {(s.id, kind): (total, n) for s, kind, total, n in orders}
        nothing = (0.0, 0)
        for session in self:
            cash, cheque, card = (
                taken.get((session.id, kind), nothing)
                for kind in ("cash", "cheque", "card")
            )
            session.amount_cash = cash[0]
            session.amount_cheque = cheque[0]
            session.cheque_count = cheque[1]
            session.amount_card = card[0]
            session.amount_total = cash[0] + cheque[0] + card[0]
            session.expected_cash = session.opening_float + cash[0]
            session.amount_transfer = promised.get((session.id, "transfer"), nothing)[0]
            session.amount_later = promised.get((session.id, "later"), nothing)[0]
            session.served_count = sum(
                n for (id_, _kind), (_total, n) in promised.items() if id_ == session.id
            )

    def _get_payment_domain(self):
        """What is in the till: posted, and not corrected since."""
        return [
            ("cash_session_id", "in", self.ids),
            ("state", "in", ("in_process", "paid")),
            ("coop_corrected_at", "=", False),
        ]

    @api.depends(
        *("counted_cash", "counted_cheque", "counted_card", "float_left", "state"),
        *("expected_cash", "amount_cheque", "amount_card"),
    )
    def _compute_difference(self):
        for session in self:
            if session.state == "open":
                differences = (0.0, 0.0, 0.0)
            else:
                differences = (
                    session.counted_cash - session.expected_cash,
                    session.counted_cheque - session.amount_cheque,
                    session.counted_card - session.amount_card,
                )
            session.difference_cash, session.difference_cheque = differences[:2]
            session.difference_card = differences[2]
            # As the fields have rounded them.
            session.has_difference = bool(
                session.difference_cash
                or session.difference_cheque
                or session.difference_card
            )
            session.deposit_cash = session.counted_cash - session.float_left

    @api.depends("difference_cash", "difference_cheque", "difference_card", "state")
    @api.depends_context("lang")
    def _compute_difference_text(self):
        for session in self:
            session.difference_text = (
                False
                if session.state == "open"
                else session._say_difference(
                    session.difference_cash,
                    session.difference_cheque,
                    session.difference_card,
                )
            )

    def _say_difference(self, cash, cheque, card):
        """Differences in words: "Cash: 5.00 € missing. Cheques: right."."""
        self.ensure_one()
        money = self.currency_id
        texts = []
        for label, value in (
            (self.env._("Cash"), cash),
            (self.env._("Cheques"), cheque),
            (self.env._("Cards"), card),
        ):
            sign = money.compare_amounts(value, 0.0)
            if sign < 0:
                texts.append(
                    self.env._(
                        "%(method)s: %(amount)s missing.",
                        method=label,
                        amount=money.format(-value),
                    )
                )
            elif sign > 0:
                texts.append(
                    self.env._(
                        "%(method)s: %(amount)s too much.",
                        method=label,
                        amount=money.format(value),
                    )
                )
        return " ".join(texts) or self.env._("Everything is there, to the cent.")

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    @api.model
    def _open(self, distribution, opening_float):
        """Open the till of the connected user, or give back the one already open.

        :raise AccessError: not the user's distribution
        :raise UserError: the day is over, or an absurd float
        """
        distribution._check_can_run()
        if distribution.state not in ("prepared", "open", "counted"):
            raise UserError(
                self.env._(
                    "%(distribution)s is not open: no till to hold.",
                    distribution=distribution.display_name,
                )
            )
        if opening_float < 0 or opening_float > 5000:
            raise UserError(
                self.env._("A float of %s? Count what is in the box.", opening_float)
            )
        # sudo: checked above; sessions are written by these methods only.
        Session = self.sudo()
        session = Session._find_open(distribution)
        if session:
            return session.with_env(self.env)
        number = Session.search_count([("distribution_id", "=", distribution.id)]) + 1
        # sudo: the name of a point, in the till's name
        session = Session.create(
            {
                "name": self.env._(
                    "Till %(number)s, %(point)s, %(day)s",
                    number=number,
                    point=distribution.sudo().collection_point_id.name,
                    day=format_local(
                        self.env,
                        distribution.date_start,
                        distribution.company_id,
                        "d MMMM",
                    ),
                ),
                "distribution_id": distribution.id,
                "user_id": self.env.uid,
                "opening_float": distribution.currency_id.round(opening_float),
            }
        )
        return session.with_env(self.env)

    @api.model
    def _find_open(self, distribution):
        """The till that the connected user holds at this distribution."""
        return self.search(
            [
                ("distribution_id", "=", distribution.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "open"),
            ],
            limit=1,
        )

    def _get_suggested_float(self, distribution):
        """What the last till of this point left in the box."""
        last = self.search(
            [
                ("collection_point_id", "=", distribution.collection_point_id.id),
                ("state", "!=", "open"),
            ],
            order="closed_at desc",
            limit=1,
        )
        return last.float_left


class CoopCashSessionCount(models.Model):
    _name = "coop.cash.session.count"
    _description = "Notes and Coins Counted"
    _order = "value desc, id"

    session_id = fields.Many2one(
        "coop.cash.session", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="session_id.currency_id")
    value = fields.Monetary(required=True)
    quantity = fields.Integer()
    amount = fields.Monetary(compute="_compute_amount")

    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0 AND value > 0)",
        "Notes and coins are counted from 0 on.",
    )

    @api.depends("value", "quantity")
    def _compute_amount(self):
        for count in self:
            count.amount = count.value * count.quantity
