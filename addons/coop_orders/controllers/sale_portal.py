# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class SalePortal(CustomerPortal):
    """Orders of a window have pages of their own: Odoo's speak of quotations."""

    def _prepare_quotations_domain(self, partner):
        domain = Domain(super()._prepare_quotations_domain(partner))
        return list(domain & Domain("order_window_id", "=", False))

    def _prepare_orders_domain(self, partner):
        domain = Domain(super()._prepare_orders_domain(partner))
        return list(domain & Domain("order_window_id", "=", False))

    @http.route()
    def portal_order_page(self, order_id, access_token=None, **kw):
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if order_sudo.order_window_id:
            return request.redirect(f"/my/coop/orders/{order_sudo.id}")
        return super().portal_order_page(order_id, access_token=access_token, **kw)
