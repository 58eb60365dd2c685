# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools.misc import format_date

from odoo.addons.coop_base.tools.localtime import to_local, to_utc

HORIZON = 120  # days: a forecast beyond says nothing


class CoopPurchasePlan(models.Model):
    """What to order now from one supplier for the shop's shelves, and why.

    Order windows buy for themselves: what they pass straight on to members is neither
    sales nor stock here. What they take from the shelves is.
    """

    _name = "coop.purchase.plan"
    _description = "Purchase Plan"
    _inherit = [
        "coop.purchase.plan.read",
        "coop.purchase.plan.write",
    ]
    _order = "delivery_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    delivery_date = fields.Date(
        compute="_compute_delivery_date", store=True, readonly=False, precompute=True
    )
    next_delivery_date = fields.Date(
        string="Has to Last Until",
        compute="_compute_next_delivery_date",
        store=True,
        readonly=False,
        precompute=True,
        help="The delivery after this one: what is ordered now is sold until then.",
    )
    safety_days = fields.Float(
        default=1.0,
        digits=(6, 1),
        help="Days of sales that should be left when the next delivery comes.",
    )
    closed_dates = fields.Char(
        string="Also Closed on",
        help="Days to come on which the shop is closed, beside the cooperative's closed"
        " days: as 25/12/2026, separated by commas. Days of the week on which it never"
        " opens are known by themselves.",
    )
    weekly_visits = fields.Json(
        string="Customers", readonly=True, copy=False, help="Each of the last weeks."
    )
    visits_per_day = fields.Float(
        string="Customers per Day",
        readonly=True,
        copy=False,
        digits=(16, 1),
        help="Customers served, mean of the last four weeks, closed days included.",
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "To order"), ("ordered", "Ordered")],
        compute="_compute_state",
        store=True,
    )
    purchase_order_id = fields.Many2one(
        "purchase.order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    line_ids = fields.One2many("coop.purchase.plan.line", "plan_id", copy=False)
    amount_total = fields.Monetary(
        string="Total without VAT", compute="_compute_amount_total"
    )

    _dates_ordered = models.Constraint(
        "CHECK (next_delivery_date > delivery_date)",
        "What is ordered has to last until after its delivery.",
    )
    _safety_positive = models.Constraint(
        "CHECK (safety_days >= 0 AND safety_days <= 60)",
        "Safety days are between 0 and 60.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_delivery_date(self):
        delays = dict(
            self.env["product.supplierinfo"]._read_group(
                [("partner_id", "in", self.partner_id.ids)],
                ["partner_id"],
                ["delay:max"],
            )
        )
        for plan in self:
            delay = max(delays.get(plan.partner_id, 1), 1)
            plan.delivery_date = plan._get_today() + timedelta(min(delay, 30))

    @api.depends("delivery_date")
    def _compute_next_delivery_date(self):
        for plan in self:
            start = plan.delivery_date
            plan.next_delivery_date = start and start + timedelta(7)

    @api.depends("purchase_order_id.state")
    def _compute_state(self):
        for plan in self:
            live = plan.purchase_order_id.state not in (False, "cancel")
            plan.state = "ordered" if live else "draft"

    @api.depends("line_ids.packs", "line_ids.price_unit", "line_ids.pack_size")
    def _compute_amount_total(self):
        for plan in self:
            plan.amount_total = sum(plan.line_ids.mapped("price_subtotal"))

    @api.depends("partner_id", "delivery_date")
    def _compute_display_name(self):
        for plan in self:
            parts = [plan.partner_id.name]
            if plan.delivery_date:
                parts.append(format_date(self.env, plan.delivery_date))
            plan.display_name = " ".join(part for part in parts if part)

    @api.constrains("delivery_date", "next_delivery_date")
    def _check_dates(self):
        for plan in self:
            if not plan.delivery_date or not plan.next_delivery_date:
                raise ValidationError(
                    self.env._(
                        "Say when it is delivered, and until when it has to last."
                    )
                )
            if plan.next_delivery_date - plan._get_today() > timedelta(HORIZON):
                raise ValidationError(
                    self.env._(
                        "Nobody can tell what is sold beyond %(days)s days: choose an"
                        " earlier date.",
                        days=HORIZON,
                    )
                )

    @api.constrains("closed_dates")
    def _check_closed_dates(self):
        for plan in self:
            plan._get_closed_days()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ordered(self):
        if self.filtered(lambda plan: plan.state == "ordered"):
            raise UserError(
                self.env._("What was ordered explains the order: it is kept.")
            )

    def _get_today(self):
        """The date where the cooperative is."""
        company = self.company_id or self.env.company
        return to_local(fields.Datetime.now(), company.coop_tz).date()

    def _get_closed_days(self):
        """Ordinals of the closed days to come, from 25/12/2026 or 2026-12-25."""
        texts = [text.strip() for text in (self.closed_dates or "").split(",")]
        days = []
        for text in filter(None, texts):
            date_format = "%d/%m/%Y" if "/" in text else "%Y-%m-%d"
            try:
                days.append(datetime.strptime(text, date_format).toordinal())
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Write the closed days as %(example)s, separated by commas.",
                        example=self._get_today().strftime("%d/%m/%Y"),
                    )
                ) from error
        return days

    def action_compute(self):
        """Read sales, stock and orders, and suggest packs.

        Packs that the buyer changed are kept.
        """
        self.check_access("write")
        for plan in self:
            if plan.state != "draft":
                raise UserError(
                    self.env._("%(plan)s is ordered already.", plan=plan.display_name)
                )
            if plan.delivery_date < plan._get_today():
                raise UserError(
                    self.env._("The delivery date is over: choose a day to come.")
                )
            plan._compute_lines()
        return True

    def action_use_suggestions(self):
        """Forget the packs keyed in."""
        for line in self.line_ids:
            if line.packs != line.suggested_packs:
                line.packs = line.suggested_packs
        return True

    def action_order(self):
        """The one click: make the purchase order, confirm and send it, once.

        Run twice or after an interruption: what was made is never made again, what
        was sent is never sent again.

        :return: the action that shows the order
        """
        self.check_access("write")
        # Two clicks at the same time: the second one waits and finds the order.
        self.lock_for_update()
        waiting = self.filtered(lambda plan: plan.state == "draft")
        vals_list = [plan._prepare_purchase_order_vals() for plan in waiting]
        orders = self.env["purchase.order"].create(vals_list)
        for plan, order in zip(waiting, orders, strict=True):
            plan.purchase_order_id = order
        self.purchase_order_id.filtered(
            lambda order: not order.coop_sent_at
        )._coop_confirm_and_send()
        return self.action_view_purchase_order()

    def action_view_purchase_order(self):
        action = {
            "type": "ir.actions.act_window",
            "res_model": "purchase.order",
            "name": self.env._("Order to the Supplier"),
            "views": [(False, "form")],
            "res_id": self.purchase_order_id[:1].id,
        }
        if len(self.purchase_order_id) > 1:
            action["views"] = [(False, "list"), (False, "form")]
            action["domain"] = [("id", "in", self.purchase_order_id.ids)]
        return action

    def _prepare_purchase_order_vals(self):
        """Values of the purchase order: prices, taxes and names are Odoo's (hook)."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.packs > 0)
        if not lines:
            raise UserError(
                self.env._(
                    "Nothing to order from %(supplier)s: compute the plan, or write the"
                    " packs that you want.",
                    supplier=self.partner_id.name,
                )
            )
        morning = datetime.combine(self.delivery_date, time(9))
        planned = to_utc(morning, self.company_id.coop_tz)
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "origin": self.display_name,
            "date_planned": planned,
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_qty": line._get_purchase_quantity(),
                        "product_uom_id": line.purchase_uom_id.id,
                        "date_planned": planned,
                    }
                )
                for line in lines
            ],
        }
