# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL, float_compare

from odoo.addons.coop_orders.tools.terms import DEMAND_STATES

from ..tools.quotas import QUOTAS


class CoopOrderWindow(models.Model):
    """A window that is full: a van, a cold room or a day's work has its limit."""

    _name = "coop.order.window"
    _inherit = [
        "coop.order.window.rules",
        "coop.order.window.waiting",
        "coop.order.window.rules.grid",
        "coop.order.window.waiting.notice",
        "coop.order.window.box.fill",
        "coop.order.window",
    ]

    quota_amount = fields.Monetary(
        string="Most in Total",
        help="VAT included, all orders together. 0: no limit.",
    )
    quota_weight = fields.Float(
        string="Most in Total (kg)",
        digits="Stock Weight",
        help="All orders together; products without a weight do not count."
        " 0: no limit.",
    )
    quota_orders = fields.Integer(
        string="Most Orders", help="Members who can order. 0: no limit."
    )
    quota_policy = fields.Selection(
        [
            ("close", "Closes by itself"),
            ("wait", "Stays open, with a waiting list"),
        ],
        string="Once Full, the Window",
        default="close",
        required=True,
        help="Closes by itself: as soon as confirmed orders fill it. In both cases"
        " nothing is ordered beyond, and the coordinator is told.",
    )
    quota_reached_at = fields.Datetime(string="Full since", readonly=True, copy=False)
    closed_by_quota = fields.Boolean(readonly=True, copy=False)
    quota_count = fields.Integer(
        readonly=True,
        copy=False,
        help="Touched by each order of a window with a limit in total, so that two"
        " orders at the same time never both take the last place.",
    )
    debt_max = fields.Monetary(string="Most a Member May Owe")

    _quotas_positive = models.Constraint(
        "CHECK (quota_amount >= 0 AND quota_weight >= 0 AND quota_orders >= 0)",
        "What a window can take cannot be negative.",
    )

    def _has_quota(self):
        self.ensure_one()
        return any(self[name] for name in QUOTAS)

    def _lock_quota(self):
        """Serialise the orders of a window with a limit in total.

        As for limited offers (``_lock_limited``): who queues waits, everybody else is
        run again. Before any other lock on the window, so that nobody who shares it
        waits for somebody else who does.
        """
        self.ensure_one()
        self.flush_recordset([*QUOTAS, "quota_count"])
        ((*values,),) = self.env.execute_query(
            SQL(
                "UPDATE coop_order_window"
                " SET quota_count = COALESCE(quota_count, 0) + 1 WHERE id = %s"
                " RETURNING quota_count, quota_amount, quota_weight, quota_orders",
                self.id,
            )
        )
        # Who waited reads the limits as they are now.
        names = ("quota_count", *QUOTAS)
        for name, value in zip(names, values, strict=True):
            self._fields[name]._update_cache(self, value or 0)

    def _read_quota_left(self, states=DEMAND_STATES):
        """What still fits, ``{'amount': , 'weight': , 'orders': }``; None: no limit."""
        self.ensure_one()
        domain = [
            ("order_window_id", "=", self.id),
            ("offer_id", "!=", False),
            ("state", "in", states),
            ("product_uom_qty", ">", 0),
        ]
        # sudo: totals, no member's own data.
        lines = self.env["sale.order.line"].sudo()
        left = {"amount": None, "weight": None, "orders": None}
        if self.quota_amount or self.quota_weight:
            rows = lines._read_group(
                domain, ["offer_id"], ["price_total:sum", "product_uom_qty:sum"]
            )
            if self.quota_amount:
                left["amount"] = self.quota_amount - sum(row[1] for row in rows)
            if self.quota_weight:
                weights = (offer._get_weight(qty) for offer, _amount, qty in rows)
                left["weight"] = self.quota_weight - sum(weights)
        if self.quota_orders:
            ((count,),) = lines._read_group(domain, [], ["order_id:count_distinct"])
            left["orders"] = self.quota_orders - count
        return left

    def _is_quota_filled(self, left):
        """Whether not even the smallest quantity of the smallest offer fits."""
        self.ensure_one()
        if left["orders"] is not None and left["orders"] <= 0:
            return True
        # sudo: the offers' own prices and weights.
        offers = self.sudo().offer_ids
        if left["amount"] is not None:
            prices = [offer.price_unit * offer._get_step() for offer in offers]
            least = min((price for price in prices if price > 0), default=0.0)
            if float_compare(left["amount"], least, precision_digits=2) < 0:
                return True
        if left["weight"] is not None:
            weights = [offer._get_weight(offer._get_step()) for offer in offers]
            least = min((weight for weight in weights if weight > 0), default=0.0)
            if float_compare(left["weight"], least, precision_digits=3) < 0:
                return True
        return False

    def _get_quota_sentence(self, left):
        """What still fits, for a member who asks more."""
        self.ensure_one()
        if left["orders"] is not None and left["orders"] <= 0:
            return self.env._("This order is full: no place is left.")
        return self.env._("This order is nearly full: that is more than what is left.")

    def _check_quota_reached(self):
        """Close, or tell, once confirmed orders fill the window."""
        self.ensure_one()
        if self.state != "open" or not self._has_quota():
            return
        if not self._is_quota_filled(self._read_quota_left(("sent", "sale"))):
            return
        # As the system: whoever orders last has no right on the window.
        window = self.with_user(SUPERUSER_ID).with_context(lang=self._get_staff_lang())
        if not window.quota_reached_at:
            window.quota_reached_at = fields.Datetime.now()
            window._tell_quota_reached()
        if window.quota_policy == "close":
            window._coop_enter_state(
                {
                    "state": "closed",
                    "closed_at": fields.Datetime.now(),
                    "closed_by_quota": True,
                }
            )
            self.env.flush_all()
            # The cron confirms the orders, as after an interrupted closing.
            cron = self.env.ref("coop_orders.coop_order_window_cron")
            cron.with_user(SUPERUSER_ID)._trigger()

    def _get_coordinator_user(self):
        """Who is told of what happens to this window."""
        self.ensure_one()
        users = self.sudo().opened_by_id | self.sudo().create_uid
        users = users.filtered(lambda u: u.active and u._is_internal())
        users = users.filtered(lambda u: u.id != SUPERUSER_ID)
        # sudo: whom to ask, by name
        return users[:1] or self.env["res.partner"].sudo()._coop_fallback_caller()

    def _get_staff_lang(self):
        return self._get_coordinator_user().lang or self.env.lang

    def _tell_quota_reached(self):
        self.ensure_one()
        if self.quota_policy == "close":
            summary = self.env._("%s is full and closed by itself", self.name)
        else:
            summary = self.env._("%s is full: members join the waiting list", self.name)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            user_id=self._get_coordinator_user().id,
        )

    def _get_closed_sentence(self):
        self.ensure_one()
        if self.state in ("closed", "done") and self.closed_by_quota:
            return self.env._(
                "This order is full, so it closed: nothing can be changed any more."
            )
        return super()._get_closed_sentence()

    def action_reopen(self):
        closed = self.filtered(lambda window: window.state == "closed")
        res = super().action_reopen()
        closed.write({"closed_by_quota": False, "quota_reached_at": False})
        return res
