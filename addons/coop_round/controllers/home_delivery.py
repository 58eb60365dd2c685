# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.coop_orders.controllers.order import CoopOrderHistoryPortal


class CoopHomeDelivery(CoopOrderHistoryPortal):
    @http.route(
        "/my/coop/orders/<int:order_id>/home",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        coop_queue=True,
    )
    def coop_order_home(self, order_id, home="", wish="", **kw):
        """The member's own basket is brought home, or no longer."""
        return self._coop_order_action(
            order_id,
            "_coop_set_home_delivery",
            request.env._("Saved."),
            home == "1",
            wish,
        )
