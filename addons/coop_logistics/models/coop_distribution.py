# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.coop_base.tools.localtime import format_local

from ..tools.terms import STAFF

# From left to right; nothing goes back but by hand of a coordinator.
STATES = ("planned", "prepared", "open", "counted", "closed")


class CoopDistribution(models.Model):
    _name = "coop.distribution"
    _inherit = [
        "coop.distribution.tracking",
        "coop.distribution.leftovers",
        "coop.distribution.background",
        "coop.distribution.preparation.file",
        "coop.distribution.cut",
        "coop.distribution.tracking.file",
        "coop.distribution.cut.piece",
        "coop.distribution.prepare",
        "coop.distribution.preparation.step",
        "coop.distribution.tracking.quantity",
        "coop.distribution.stock.move.blocks",
        "coop.distribution",
    ]

    batch_id = fields.Many2one(
        "stock.picking.batch",
        string="Loading",
        ondelete="set null",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="stock.group_stock_user",
    )
    prepared_at = fields.Datetime(copy=False, readonly=True)
    prepared_by_id = fields.Many2one(
        "res.users", copy=False, readonly=True, ondelete="set null"
    )
    prepare_asked_at = fields.Datetime(
        copy=False,
        readonly=True,
        help="Many baskets are prepared in the background: asked then.",
    )
    expected_count = fields.Integer(compute="_compute_progress")
    served_count = fields.Integer(compute="_compute_progress")
    no_show_count = fields.Integer(compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")
    progress_text = fields.Char(string="Served", compute="_compute_progress")
    amount_cash = fields.Monetary(string="Cash", compute="_compute_till", groups=STAFF)
    amount_cheque = fields.Monetary(
        string="Cheques", compute="_compute_till", groups=STAFF
    )
    amount_card = fields.Monetary(string="Cards", compute="_compute_till", groups=STAFF)
    amount_collected = fields.Monetary(
        string="Collected", compute="_compute_till", groups=STAFF
    )
    picking_count = fields.Integer(
        string="Deliveries",
        compute="_compute_picking_count",
        groups="stock.group_stock_user",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count", groups="account.group_account_invoice"
    )
    can_run = fields.Boolean(compute="_compute_can_run", search="_search_can_run")
    tracking_turnover = fields.Monetary(
        string="Turnover",
        compute="_compute_tracking",
        groups=STAFF,
        help="Invoiced for these baskets, with VAT, credit notes deducted.",
    )
    tracking_due = fields.Monetary(
        string="Still to Pay",
        compute="_compute_tracking",
        groups=STAFF,
        help="Transfers awaited and what is paid later.",
    )
    value_loss = fields.Monetary(
        string="Losses",
        compute="_compute_value_loss",
        help="Lost or missing, at cost.",
        groups=STAFF,
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("order_ids.serve_state", "order_ids.state")
    def _compute_progress(self):
        # sudo: numbers, nobody's own order.
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("distribution_id", "in", self.ids), ("state", "=", "sale")],
                ["distribution_id", "serve_state"],
                ["__count"],
            )
        )
        counts = {}
        for distribution, state, count in groups:
            counts[distribution.id, state] = count
        for distribution in self:
            expected, served, missed = (
                counts.get((distribution.id, state), 0)
                for state in ("expected", "served", "no_show")
            )
            distribution.expected_count = expected
            distribution.served_count = served
            distribution.no_show_count = missed
            total = expected + served + missed
            distribution.progress = 100.0 * served / total if total else 0.0
            distribution.progress_text = f"{served} / {total}" if total else False

    def _compute_till(self):
        # sudo: totals of the own distribution; the referent has no right on accounting.
        groups = (
            self.env["account.payment"]
            .sudo()
            ._read_group(
                [
                    ("distribution_id", "in", self.ids),
                    ("state", "in", ("in_process", "paid")),
                    ("coop_corrected_at", "=", False),
                ],
                ["distribution_id", "coop_payment_kind", "payment_type"],
                ["amount:sum"],
            )
        )
        totals = {}
        for dist, kind, payment_type, amount in groups:
            sign = -1 if payment_type == "outbound" else 1
            known = totals.get((dist.id, kind), 0.0)
            totals[dist.id, kind] = known + sign * amount
        for distribution in self:
            cash, cheque, card = (
                totals.get((distribution.id, kind), 0.0)
                for kind in ("cash", "cheque", "card")
            )
            distribution.amount_cash = cash
            distribution.amount_cheque = cheque
            distribution.amount_card = card
            distribution.amount_collected = cash + cheque + card

    def _compute_picking_count(self):
        counts = dict(
            self.env["stock.picking"]._read_group(
                [("distribution_id", "in", self.ids)],
                ["distribution_id"],
                ["__count"],
            )
        )
        for distribution in self:
            distribution.picking_count = counts.get(distribution, 0)

    def _compute_invoice_count(self):
        for distribution in self:
            distribution.invoice_count = len(distribution.order_ids.invoice_ids)

    @api.depends_context("uid")
    @api.depends(
        "collection_point_id.referent_ids",
        "collection_point_id.group_ids.referent_ids",
        "referent_id",
    )
    def _compute_can_run(self):
        for distribution in self:
            distribution.can_run = distribution._user_can_run()

    def _search_can_run(self, operator, value):
        if operator != "in":
            return NotImplemented
        user = self.env.user
        if user.has_group("coop_base.coop_base_group_coordinator"):
            return Domain.TRUE
        ids = user.partner_id.ids
        return (
            Domain("referent_id", "in", ids)
            | Domain("collection_point_id.referent_ids", "in", ids)
            | Domain("collection_point_id.group_ids.referent_ids", "in", ids)
        )

    # ------------------------------------------------------------------
    # Who may run it
    # ------------------------------------------------------------------

    def _user_can_run(self):
        """Whether the user is a coordinator, or referent of this very point."""
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("coop_base.coop_base_group_coordinator"):
            return True
        if not user.has_group("coop_base.coop_base_group_referent"):
            return False
        partner = user.partner_id
        # sudo: only who is in charge of the point.
        distribution = self.sudo()
        point = distribution.collection_point_id
        return (
            partner == distribution.referent_id
            or partner in point.referent_ids | point.group_ids.referent_ids
        )

    def _check_can_run(self):
        """:raise AccessError: the user does not hold one of these distributions"""
        self.check_access("read")
        for distribution in self:
            if not distribution._user_can_run():
                # sudo: the name of a point, in the sentence
                raise AccessError(
                    self.env._(
                        "Only the referents of %(point)s and the coordinators run this"
                        " distribution.",
                        point=distribution.sudo().collection_point_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # The day
    # ------------------------------------------------------------------

    def action_open(self):
        """The doors open."""
        self._check_can_run()
        for distribution in self:
            if distribution.state == "planned":
                raise UserError(
                    self.env._(
                        "Prepare the baskets of %(distribution)s first.",
                        distribution=distribution.display_name,
                    )
                )
        # sudo: checked above; the referent may not write on distributions otherwise.
        self.sudo().filtered(lambda d: d.state == "prepared").state = "open"
        return True

    def action_count(self):
        """Nobody else is expected: who has not come did not come."""
        self._check_can_run()
        todo = self.filtered(lambda d: d.state in ("prepared", "open"))
        # sudo: as above.
        orders = todo.sudo().order_ids.filtered(
            lambda o: (
                o.state == "sale"
                and o.serve_state == "expected"
                # Brought home later, or kept for who was not there
                and not o._coop_is_on_the_way()
            )
        )
        orders._coop_mark_no_show()
        todo.sudo().state = "counted"
        return True

    def action_close(self):
        """The money and the left-overs were handed over."""
        self._check_can_run()
        for distribution in self:
            if distribution.state not in ("counted", "closed"):
                raise UserError(
                    self.env._(
                        "End %(distribution)s before closing it.",
                        distribution=distribution.display_name,
                    )
                )
        # sudo: as above.
        self.sudo().filtered(lambda d: d.state == "counted").state = "closed"
        return True

    def action_reopen(self):
        """The way back, for what was forgotten: closed, then ended, then open.

        Who did not come is expected again only where that is said of each basket.
        """
        self._check_can_run()
        back = {"closed": "counted", "counted": "open"}
        for distribution in self:
            if distribution.state not in back:
                raise UserError(
                    self.env._(
                        "%(distribution)s is under way already.",
                        distribution=distribution.display_name,
                    )
                )
            # sudo: checked above.
            distribution.sudo().state = back[distribution.state]
        return True

    # ------------------------------------------------------------------
    # Up and down the chain
    # ------------------------------------------------------------------

    def action_view_baskets(self):
        """The list of who is expected, served and did not come."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_logistics.coop_basket_action"
        )
        action["domain"] = [("distribution_id", "=", self.id), ("state", "=", "sale")]
        action["display_name"] = self.display_name
        action["context"] = {"search_default_expected": 1}
        return action

    def action_view_window(self):
        self.ensure_one()
        return self.window_id._get_records_action()

    def action_view_batch(self):
        self.ensure_one()
        return self.batch_id._get_records_action()

    def action_view_pickings(self):
        pickings = self.env["stock.picking"].search(
            [("distribution_id", "in", self.ids)]
        )
        return pickings._get_records_action(name=self.env._("Deliveries"))

    def action_view_invoices(self):
        return self.order_ids.invoice_ids._get_records_action(
            name=self.env._("Invoices")
        )

    def _get_slip_orders(self):
        """The orders to print, as members come: by slot, then by name.

        Called by reports; record rules decide what the user may print.
        """
        return self.order_ids.filtered(lambda o: o.state == "sale").sorted(
            lambda o: (
                o.slot_id.date_start or o.distribution_id.date_start,
                o.partner_id.name or "",
                o.id,
            )
        )

    def _format_day(self):
        """Day and hours, as printed on every page."""
        self.ensure_one()
        company = self.company_id
        return self.env._(
            "%(day)s, %(start)s to %(end)s",
            day=format_local(self.env, self.date_start, company, "EEEE d MMMM yyyy"),
            start=format_local(self.env, self.date_start, company, "HH:mm"),
            end=format_local(self.env, self.date_end, company, "HH:mm"),
        )

    def _get_matrix(self, columns=7):
        """Product × member tables that fit a page in width, as text.

        :param columns: members side by side
        :return: ``{'rows': [{'product', 'uom_name', 'total_text', 'count'}],
            'pages': [{'orders', 'rows': [[text by order]]}]}``
        """
        self.ensure_one()
        Offer = self.env["coop.order.offer"]
        unit = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        orders = self._get_slip_orders()
        quantities, totals = {}, {}
        for line in orders.order_line:
            quantity = line._coop_get_quantity_on_slip()
            if not quantity:
                continue
            key = (line.product_id, line.product_uom_id)
            quantities[key, line.order_id] = (
                quantities.get((key, line.order_id), 0.0) + quantity
            )
            total = totals.setdefault(key, [0.0, 0])
            total[0] += quantity
            total[1] += 1
        keys = sorted(
            totals, key=lambda key: (key[0].categ_id.complete_name, key[0].name)
        )
        rows = [
            {
                "product": product,
                "uom_name": "" if uom == unit else uom.name,
                "total_text": Offer._format_quantity(totals[product, uom][0], uom),
                "count": totals[product, uom][1],
            }
            for product, uom in keys
        ]
        pages = []
        for start in range(0, len(orders), columns):
            some = orders[start : start + columns]
            pages.append(
                {
                    "orders": some,
                    "rows": [
                        [
                            Offer._format_number(quantities[key, order])
                            if (key, order) in quantities
                            else ""
                            for order in some
                        ]
                        for key in keys
                    ],
                }
            )
        return {"rows": rows, "pages": pages}
