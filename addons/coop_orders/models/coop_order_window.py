# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from odoo.addons.coop_base.tools.localtime import format_local, to_local, to_utc


class CoopOrderWindow(models.Model):
    """A period in which members order from several producers at once.

    States: ``draft`` is prepared, ``open`` takes orders until ``closes_at``, ``closed``
    is ordered from the producers, received and shared out, ``done`` is over.
    """

    _name = "coop.order.window"
    _description = "Order Window"
    _inherit = [
        "coop.order.window.board",
        "coop.order.window.notice",
        "coop.order.window.attention",
        "coop.order.window.close",
        "coop.order.window.offers",
        "coop.order.window.allocate",
        "coop.order.window.purchase",
        "coop.order.window.offer.file",
        "coop.order.window.closed.day",
        "coop.order.window.init",
        "coop.order.window.lead",
        "coop.order.window.list",
        "coop.order.window.donation",
        "coop.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "closes_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(copy=False, readonly=True, index="trigram")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    group_ids = fields.Many2many(
        "coop.group",
        string="Local Groups",
        check_company=True,
        help="Who may order. Empty: every member.",
    )
    opens_at = fields.Datetime(
        string="Opens on",
        copy=False,
        tracking=True,
        help="A prepared window opens by itself at that time. Empty: by hand.",
    )
    closes_at = fields.Datetime(
        string="Closes on", required=True, copy=False, tracking=True
    )
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("open", "Open"),
            ("closed", "Closed"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="draft",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )
    allocation_rule = fields.Selection(
        [
            ("first_come", "First come, first served"),
            ("pro_rata", "In proportion to the orders"),
            ("equal", "Same for all, round by round"),
        ],
        string="When Goods Are Short",
        default="first_come",
        required=True,
    )
    flow = fields.Selection(
        [
            ("cross_dock", "Ordered from producers, shared out on arrival"),
            ("stock", "Taken from stock"),
        ],
        string="Goods Are",
        default="cross_dock",
        required=True,
    )
    basket_policy = fields.Selection(
        [("drop", "Dropped"), ("take", "Taken as orders")],
        string="Unconfirmed Baskets Are",
        default="drop",
        required=True,
        help="What becomes of baskets that members did not confirm before the window"
        " closed. Their members are told.",
    )
    minimum_order_amount = fields.Monetary(
        string="Minimum per Order",
        help="What a member must order at least, VAT included. 0: no minimum.",
    )
    member_note = fields.Html(
        string="Note to Members", translate=True, help="Shown above the products."
    )
    # Before the offers: these would create the rows that are missing.
    supplier_ids = fields.One2many(
        "coop.order.window.supplier", "window_id", string="Producers", copy=True
    )
    offer_ids = fields.One2many("coop.order.offer", "window_id", copy=True)
    distribution_ids = fields.One2many("coop.distribution", "window_id")
    order_ids = fields.One2many("sale.order", "order_window_id", string="Orders")
    purchase_order_ids = fields.One2many("purchase.order", "order_window_id")

    opened_at = fields.Datetime(readonly=True, copy=False)
    opened_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )
    allocated_at = fields.Datetime(readonly=True, copy=False)
    allocated_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )
    reopened_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Opened again while orders to producers existed: they follow what members"
        " order when the next orders are created.",
    )
    amount_total = fields.Monetary(
        string="Amount", compute="_compute_order_totals", help="VAT included."
    )
    purchase_amount = fields.Monetary(compute="_compute_purchase_totals")

    _dates = models.Constraint(
        "CHECK (opens_at IS NULL OR opens_at < closes_at)",
        "A window must close after it opens.",
    )
    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another order window already has this code.",
    )
    _to_open_index = models.Index("(opens_at) WHERE state = 'draft'")
    _to_close_index = models.Index("(closes_at) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    @api.constrains("minimum_order_amount")
    def _check_minimum_order_amount(self):
        for window in self:
            if window.minimum_order_amount < 0:
                raise ValidationError(
                    self.env._("The minimum per order cannot be negative.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether somebody ordered, not who
        if self.filtered(lambda w: w.state != "draft") or self.sudo().order_ids:
            raise UserError(
                self.env._(
                    "A window that was opened keeps its history: cancel it instead."
                )
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: who prepares windows has no right on sequences.
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            if not vals.get("code"):
                company = vals.get("company_id") or self.env.company.id
                vals["code"] = sequence.with_company(company).next_by_code(
                    "coop.order.window"
                )
        windows = super().create(vals_list)
        windows._apply_lead_days()
        windows._trigger_cron()
        return windows

    def copy_data(self, default=None):
        """*Duplicate* makes the next one: later by whole weeks, at the same hours."""
        default = dict(default or {})
        vals_list = super().copy_data(default)
        for window, vals in zip(self, vals_list, strict=True):
            weeks = window._coop_get_weeks_to_next()
            vals["name"] = default.get("name") or self.env._("%s (copy)", window.name)
            vals["closes_at"] = default.get("closes_at") or window._coop_shift(
                window.closes_at, weeks
            )
            if "distribution_ids" not in default:
                vals["distribution_ids"] = [
                    Command.create(
                        {
                            **row.copy_data()[0],
                            "window_id": False,
                            "date_start": window._coop_shift(row.date_start, weeks),
                            "date_end": window._coop_shift(row.date_end, weeks),
                        }
                    )
                    for row in window.distribution_ids
                ]
        return vals_list

    def _coop_get_weeks_to_next(self):
        """Weeks from this closing to the first one to come, 1 at least."""
        self.ensure_one()
        late = fields.Datetime.now() - self.closes_at
        return max(late // timedelta(weeks=1) + 1, 1)

    def _coop_shift(self, moment, weeks):
        """A moment some weeks later, at the same hour of the cooperative's clock."""
        zone = self.company_id.coop_tz
        local = to_local(moment, zone).replace(tzinfo=None)
        return to_utc(local + timedelta(weeks=weeks), zone)

    @api.model
    def _coop_get_frozen_fields(self, state):
        frozen = super()._coop_get_frozen_fields(state)
        if state in ("closed", "done", "cancelled"):
            frozen += ("opens_at", "flow", "minimum_order_amount", "basket_policy")
        return frozen

    def write(self, vals):
        if vals.get("allocated_at"):
            vals = {"allocated_by_id": self.env.uid, **vals}
        res = super().write(vals)
        if {"opens_at", "closes_at", "state"} & vals.keys():
            self._trigger_cron()
        return res

    def _trigger_cron(self):
        """Wake the cron up when these windows open and close."""
        moments = [w.opens_at for w in self if w.state == "draft" and w.opens_at]
        moments += [w.closes_at for w in self if w.state == "open"]
        moments += [
            supplier.closes_at
            for supplier in self.supplier_ids
            if supplier.window_id.state == "open" and supplier.closes_at
        ]
        if moments:
            # sudo: only wakes up a cron that does what the windows say.
            cron = self.env.ref("coop_orders.coop_order_window_cron").sudo()
            cron._trigger(at=sorted(set(moments)))
        self._trigger_notices()

    # ------------------------------------------------------------------
    # Opening, reopening, cancelling
    # ------------------------------------------------------------------

    def action_open(self):
        """Let members order. Already open windows stay as they are."""
        drafts = self.filtered(lambda window: window.state == "draft")
        # Points may have been chosen after the producers.
        drafts.supplier_ids._coop_plan_delivery()
        # What producers said in their catalogue counts from now on.
        drafts.offer_ids._coop_apply_catalogue()
        for window in self.filtered(lambda w: w.state != "open"):
            if window.state != "draft":
                raise UserError(
                    self.env._(
                        "%(window)s cannot open any more: reopen it if it was closed"
                        " too early.",
                        window=window.name,
                    )
                )
            if not window.offer_ids:
                raise UserError(
                    self.env._(
                        "Add what members can order to %(window)s before opening it.",
                        window=window.name,
                    )
                )
            # The suite's own jobs make their windows with a place, or for none.
            if not window.distribution_ids and not self.env.su:
                raise UserError(
                    self.env._(
                        "Say where and when the orders of %(window)s are collected"
                        " before opening it.",
                        window=window.name,
                    )
                )
            window._check_closes_later()
            window._coop_enter_state(
                {
                    "state": "open",
                    "opened_at": fields.Datetime.now(),
                    "opened_by_id": self.env.uid,
                }
            )
        return True

    def _check_closes_later(self):
        self.ensure_one()
        if self.closes_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(window)s was to close on %(date)s, which is past: choose a later"
                    " closing time first.",
                    window=self.name,
                    date=format_local(self.env, self.closes_at, self.company_id),
                )
            )

    def action_reopen(self):
        """Take orders again, as long as nothing was ordered from the producers.

        Confirmed orders go back to validated, so that members can change them.
        """
        for window in self.filtered(lambda w: w.state != "open"):
            if window.state != "closed":
                raise UserError(self.env._("Only a closed window can be opened again."))
            if window._get_purchase_orders_against_reopening():
                raise UserError(
                    self.env._(
                        "Orders to the producers of %(window)s already exist: look at"
                        " what becomes of them before opening it again.",
                        window=window.name,
                    )
                )
            window._check_closes_later()
            window._coop_enter_state(
                {"state": "open", "closed_at": False, "closed_by_id": False}
            )
            window.offer_ids.quantity_to_order = 0
            # sudo: reopening is for who may write on the window; the orders go back as
            # a whole, nobody's own data is shown.
            orders = window.sudo().order_ids.filtered(lambda o: o.state == "sale")
            orders.with_context(tracking_disable=True).write({"state": "sent"})
        return True

    def action_cancel(self):
        """Give the window up: its orders are cancelled and their members told."""
        for window in self.filtered(lambda w: w.state != "cancelled"):
            sent = window._get_live_purchase_orders().filtered(
                lambda po: po.state not in ("draft", "sent", "to approve")
            )
            if window.state == "done" or sent:
                raise UserError(
                    self.env._(
                        "Producers already have their orders for %(window)s: cancel"
                        " those first.",
                        window=window.name,
                    )
                )
            window._get_live_purchase_orders().button_cancel()
            window._coop_enter_state({"state": "cancelled"})
            # sudo: as for reopening.
            orders = window.sudo().order_ids.filtered(lambda o: o.state != "cancel")
            told = orders.filtered(lambda o: o.order_line)
            orders._action_cancel()
            told._coop_tell_members(
                "coop_orders.mail_template_window_cancelled",
                self.env._("the order %s is cancelled", window.name),
            )
        return True

    def action_done(self):
        """The chain is over: nothing more to receive nor to hand over."""
        self.filtered(lambda w: w.state == "closed")._coop_enter_state(
            {"state": "done"}
        )
        return True

    def _get_purchase_orders_against_reopening(self):
        """Orders to producers that forbid opening the window again (hook)."""
        return self._get_live_purchase_orders()

    def _get_live_purchase_orders(self):
        return self.purchase_order_ids.filtered(lambda po: po.state != "cancel")

    # ------------------------------------------------------------------
    # What members may do
    # ------------------------------------------------------------------

    def _is_taking_orders(self, now=None):
        """Whether an order may still be made or changed, to the second."""
        self.ensure_one()
        now = now or fields.Datetime.now()
        return self.state == "open" and now < self.closes_at

    def _coop_enter(self, state, closes_at):
        """Go on with what a lock has just read: whoever waited for it reads old values.

        :raise UserError: closed, in one sentence
        """
        for name, value in (("state", state), ("closes_at", closes_at)):
            self._fields[name]._update_cache(self, value)
        if not self._is_taking_orders():
            raise UserError(self._get_closed_sentence())

    @api.model
    def _get_open_domain(self):
        return Domain("state", "=", "open") & Domain(
            "closes_at", ">", fields.Datetime.now()
        )

    def _get_closed_sentence(self):
        """One sentence that says why nothing can be ordered."""
        self.ensure_one()
        if self.state == "draft":
            return self.env._("This order is not open yet.")
        if self.state == "cancelled":
            return self.env._("This order was cancelled: nothing was changed.")
        return self.env._(
            "This order closed on %(date)s: nothing can be changed any more.",
            date=format_local(self.env, self.closed_at or self.closes_at),
        )

    def _accepts_member(self, member):
        """Whether a partner may order here."""
        self.ensure_one()
        # A window of groups that were archived since is not open to everybody.
        groups = self.with_context(active_test=False).group_ids
        return bool(
            member.coop_is_active and (not groups or member.coop_group_id in groups)
        )
