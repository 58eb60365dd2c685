# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.coop_orders.tools.terms import Trial

SESSION = "coop_trial"
PATHS = ("/my/coop/window/", "/my/coop/orders/")
# Numbers of trial orders that a page may still show, as each request makes a new one.
KNOWN_ORDERS = 30


class IrHttp(models.AbstractModel):
    """While a coordinator tries a window, the members' own pages are a trial.

    The order is kept in the session; see ``coop.order.window._trial``.
    """

    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        follow = super()._dispatch
        if not request.httprequest.path.startswith(PATHS):
            return follow(endpoint)
        trial = request.session.get(SESSION)
        if not trial or not cls._coop_is_about_trial(trial):
            return follow(endpoint)
        window = cls._coop_get_trial_window(trial)
        if not window:
            request.session.pop(SESSION)
            return follow(endpoint)
        with window._trial(), cls._coop_as_member(trial):
            order = cls._coop_replay(trial)
            if "order_id" in request.params:
                request.params["order_id"] = order.id
            response = follow(endpoint)
            cls._coop_remember(trial)
            return response

    @classmethod
    def _coop_is_about_trial(cls, trial):
        params = request.params
        return (
            params.get("window_id") == trial["window"]
            or params.get("order_id") in trial["orders"]
        ) and not request.httprequest.path.endswith(("/try", "/try/end"))

    @classmethod
    def _coop_get_trial_window(cls, trial):
        """The window, if this user may (still) try it; else an empty recordset."""
        window = request.env["coop.order.window"].browse(trial["window"]).exists()
        if not window or not window._may_permit() or not window.has_access("write"):
            return window.browse()
        try:
            window._check_trial()
        except UserError:
            return window.browse()
        return window

    @classmethod
    @contextmanager
    def _coop_as_member(cls, trial):
        """The request as the member's own account, where there is one."""
        env = request.env
        member = env["res.partner"].browse(trial["member"])
        # sudo: the account of a member whom this coordinator may read.
        user = member.sudo().user_ids.filtered("share")[:1] or env.user
        context = {
            **env.context,
            "lang": member.lang or env.lang,
            "coop_trial": Trial(member.id),
        }
        request.update_env(user=user.id, context=context)
        try:
            yield
        finally:
            request.update_env(user=env.uid, context=dict(env.context))

    @classmethod
    def _coop_replay(cls, trial):
        """The order as the trial left it, placed again; sudo, possibly empty."""
        env = request.env
        Order = env["sale.order"]
        window = env["coop.order.window"].browse(trial["window"])
        member = env["res.partner"].browse(trial["member"])
        if not trial["lines"]:
            return Order
        changes = [
            {"offer_id": int(offer), "quantity": quantity, "tolerance": tolerance}
            for offer, (quantity, tolerance) in trial["lines"].items()
        ]
        try:
            order, _rejected = Order._coop_change_order(window, member, changes)
            if trial["state"] == "sent":
                # sudo: where the tried order is collected
                distributions = window.sudo().distribution_ids
                distribution = distributions.filtered(
                    lambda d: d.id == trial["distribution"]
                )
                slot = distribution.slot_ids.filtered(lambda s: s.id == trial["slot"])
                order._coop_validate(distribution, slot)
            elif trial["state"] == "cancel":
                order._coop_cancel()
        except UserError:
            # The window was changed meanwhile: the page says what it now refuses.
            return Order._coop_get_order(window, member)
        return order

    @classmethod
    def _coop_remember(cls, trial):
        """Keep in the session what was done with the order."""
        env = request.env
        orders = env["sale.order"].sudo()
        order = orders.search(
            [
                ("order_window_id", "=", trial["window"]),
                ("partner_id", "=", trial["member"]),
            ],
            order="id desc",
            limit=1,
        )
        if not order and not trial["lines"]:
            return
        request.session[SESSION] = {
            **trial,
            "orders": [*trial["orders"], order.id][-KNOWN_ORDERS:],
            "lines": {
                str(line.offer_id.id): [line.product_uom_qty, line.quantity_tolerance]
                for line in order.order_line.filtered("offer_id")
            },
            "state": order.state,
            "distribution": order.distribution_id.id,
            "slot": order.slot_id.id,
        }
