# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.coop_base.tools.localtime import format_local


class CoopOrderWindowBoard(models.AbstractModel):
    """What the coordinator sees at a glance, and the doors to the documents."""

    _name = "coop.order.window.board"
    _description = "Order Window: Board"

    order_count = fields.Integer(
        string="Confirmed Orders", compute="_compute_order_totals"
    )
    basket_count = fields.Integer(
        string="Open Baskets", compute="_compute_order_totals"
    )
    member_count = fields.Integer(
        string="Members Invited", compute="_compute_member_count"
    )
    participation = fields.Integer(
        string="Participation (%)", compute="_compute_member_count"
    )
    purchase_order_count = fields.Integer(compute="_compute_purchase_totals")
    receipt_count = fields.Integer(compute="_compute_purchase_totals")
    receipt_done_count = fields.Integer(compute="_compute_purchase_totals")
    next_step = fields.Selection(
        [
            ("prepare", "Add offers"),
            ("open", "Open"),
            ("close", "Close"),
            ("order", "Order from the producers"),
            ("send", "Send the orders"),
            ("receive", "Receive the goods"),
            ("finish", "Finish"),
            ("none", "Nothing"),
        ],
        compute="_compute_next_step",
    )
    board = fields.Html(compute="_compute_board", sanitize=False)
    countdown = fields.Char(compute="_compute_countdown")

    @api.depends("order_ids.state", "order_ids.amount_total")
    def _compute_order_totals(self):
        totals = {window.id: {} for window in self}
        # sudo: totals, nobody's own order.
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("order_window_id", "in", self.ids),
                    ("state", "in", ("draft", "sent", "sale")),
                    ("amount_total", ">", 0),
                ],
                ["order_window_id", "state"],
                ["__count", "amount_total:sum"],
            )
        )
        for window, state, count, amount in groups:
            totals[window.id][state] = (count, amount)
        for window in self:
            by_state = totals.get(window.id, {})
            sent, sale = (by_state.get(state, (0, 0.0)) for state in ("sent", "sale"))
            window.order_count = sent[0] + sale[0]
            window.amount_total = sent[1] + sale[1]
            window.basket_count = by_state.get("draft", (0, 0.0))[0]

    @api.depends("group_ids", "order_count")
    def _compute_member_count(self):
        # sudo: a number of members, not who they are.
        groups = (
            self.env["res.partner"]
            .sudo()
            ._read_group(
                [("coop_is_active", "=", True)], ["coop_group_id"], ["__count"]
            )
        )
        by_group = {group.id: count for group, count in groups}
        everybody = sum(by_group.values())
        for window in self:
            invited = (
                sum(by_group.get(group.id, 0) for group in window.group_ids)
                if window.group_ids
                else everybody
            )
            window.member_count = invited
            window.participation = (
                min(round(100 * window.order_count / invited), 100) if invited else 0
            )

    @api.depends("purchase_order_ids.state", "purchase_order_ids.picking_ids.state")
    def _compute_purchase_totals(self):
        # sudo: totals; the referent has no right on purchase orders.
        for window in self.sudo():
            orders = window._get_live_purchase_orders()
            receipts = orders.picking_ids.filtered(lambda p: p.state != "cancel")
            window.purchase_order_count = len(orders)
            window.purchase_amount = sum(orders.mapped("amount_untaxed"))
            window.receipt_count = len(receipts)
            window.receipt_done_count = len(
                receipts.filtered(lambda p: p.state == "done")
            )

    @api.depends(
        "state",
        "offer_ids",
        "flow",
        "purchase_order_ids.coop_sent_at",
        "purchase_order_ids.state",
        "receipt_count",
        "receipt_done_count",
    )
    def _compute_next_step(self):
        for window in self:
            step = "none"
            if window.state == "draft":
                step = "open" if window.offer_ids else "prepare"
            elif window.state == "open":
                step = "close"
            elif window.state == "closed":
                step = window._get_next_step_after_closing()
            window.next_step = step

    def _get_next_step_after_closing(self):
        self.ensure_one()
        if self.flow == "stock":
            return "finish"
        # sudo: a step; the referent has no right on purchase orders.
        orders = self.sudo()._get_live_purchase_orders()
        if not orders:
            return "order"
        if not all(orders.mapped("coop_sent_at")):
            return "send"
        if self.receipt_done_count < self.receipt_count:
            return "receive"
        return "finish"

    @api.depends("state", "closes_at")
    def _compute_countdown(self):
        now = fields.Datetime.now()
        for window in self:
            text = False
            if window.state == "open" and window.closes_at:
                left = window.closes_at - now
                minutes = int(left.total_seconds() // 60)
                if minutes < 1:
                    text = self.env._("closing now")
                elif minutes < 120:
                    text = self.env._("%(count)s minutes left", count=minutes)
                elif minutes < 48 * 60:
                    text = self.env._("%(count)s hours left", count=minutes // 60)
                else:
                    text = self.env._("%(count)s days left", count=left.days)
            window.countdown = text

    def _compute_board(self):
        """The steps of the chain: which are done, by whom and when."""
        for window in self:
            rows = Markup()
            for done, label, detail in window._get_board_steps():
                rows += Markup(
                    '<li class="d-flex gap-2 py-1%s"><i class="fa fa-fw %s mt-1"'
                    ' role="img" aria-label="%s"></i><span><strong>%s</strong>'
                    '<span class="text-muted ms-2">%s</span></span></li>'
                ) % (
                    "" if done else " text-muted",
                    "fa-check-circle text-success" if done else "fa-circle-o",
                    self.env._("done") if done else self.env._("to do"),
                    label,
                    detail,
                )
            window.board = Markup('<ul class="list-unstyled mb-0">%s</ul>') % rows

    def _format_board_moment(self, moment, user=None):
        """When a step was done, and by whom."""
        self.ensure_one()
        text = format_local(self.env, moment, self.company_id)
        if not moment or not user:
            return text
        # sudo: names of colleagues, on the cooperative's own board.
        name = (
            self.env._("by itself")
            if user == self.env.ref("base.user_root")
            else user.sudo().name
        )
        return f"{text}, {name}"

    def _get_board_steps(self):
        """``[(done, label, detail)]``, in the order of the chain (hook)."""
        self.ensure_one()

        when = self._format_board_moment
        # sudo: totals; the referent has no right on purchase orders.
        orders = self.sudo()._get_live_purchase_orders()
        sent = orders.filtered("coop_sent_at").sorted("coop_sent_at")
        created = orders.sorted("id")[-1:]
        received = orders.picking_ids.filtered(lambda p: p.state == "done").sorted(
            lambda picking: (picking.date_done, picking.id)
        )[-1:]
        steps = [
            (
                bool(self.opened_at),
                self.env._("Open to members"),
                when(self.opened_at or self.opens_at, self.opened_by_id),
            ),
            (
                self.state in ("closed", "done"),
                self.env._("Closed"),
                when(self.closed_at or self.closes_at, self.closed_by_id),
            ),
        ]
        if self.flow == "cross_dock":
            steps += [
                (
                    bool(orders),
                    self.env._("Orders to producers created"),
                    self.env._(
                        "%(count)s orders, %(amount)s without VAT",
                        count=len(orders),
                        amount=self.currency_id.format(self.purchase_amount),
                    )
                    + f" · {when(created.create_date, created.create_uid)}"
                    if orders
                    else "",
                ),
                (
                    bool(orders) and sent == orders,
                    self.env._("Sent to the producers"),
                    when(sent[-1:].coop_sent_at, sent[-1:].coop_sent_by_id),
                ),
                (
                    bool(self.receipt_count)
                    and self.receipt_done_count == self.receipt_count,
                    self.env._("Goods received"),
                    " · ".join(
                        text
                        for text in (
                            self.env._(
                                "%(done)s of %(count)s deliveries",
                                done=self.receipt_done_count,
                                count=self.receipt_count,
                            ),
                            when(received.date_done, received.coop_done_by_id),
                        )
                        if text
                    )
                    if self.receipt_count
                    else "",
                ),
            ]
        steps.append(
            (
                bool(self.allocated_at)
                and self.next_step
                not in ("open", "close", "order", "send", "receive", "allocate"),
                self.env._("Goods shared out"),
                when(self.allocated_at, self.allocated_by_id),
            )
        )
        return steps

    # ------------------------------------------------------------------
    # Doors to the documents
    # ------------------------------------------------------------------

    def _open_documents(self, xmlid, domain, name, context=None):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action.update(
            name=name, domain=domain, context={"create": False, **(context or {})}
        )
        return action

    def action_view_orders(self):
        return self._open_documents(
            "coop_orders.coop_member_order_action",
            [("order_window_id", "=", self.id)],
            self.env._("Orders of %s", self.name),
        )

    def action_view_lines(self):
        return self._open_documents(
            "coop_orders.coop_order_line_action",
            [("order_window_id", "=", self.id)],
            self.env._("Quantities of %s", self.name),
        )

    def action_view_purchase_orders(self):
        return self._open_documents(
            "purchase.purchase_form_action",
            [("order_window_id", "=", self.id)],
            self.env._("Orders to producers of %s", self.name),
        )

    def action_view_receipts(self):
        return self._open_documents(
            "stock.action_picking_tree_all",
            [("purchase_id.order_window_id", "=", self.id)],
            self.env._("Deliveries of %s", self.name),
        )

    def action_open_entry_grid(self):
        """The screen where paper and telephone orders are keyed in."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "coop_orders.entry_grid",
            "name": self.env._("Key in Orders: %s", self.name),
            "context": {"active_id": self.id, "active_model": self._name},
        }
