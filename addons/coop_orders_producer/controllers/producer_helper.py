# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .producer import FLASH, ProducerPortal


class ProducerHelperPortal(ProducerPortal):
    """A producer gives access to helpers, and withdraws it."""

    def _get_owned_producer(self):
        """The producer's company if the connected person may invite, else none."""
        user = request.env.user
        producer = self._get_producer_company()
        return producer if user._coop_owns_producer() else producer.browse()

    @http.route(
        "/my/producer/helpers",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def coop_producer_helpers(self, **kw):
        producer = self._get_owned_producer()
        if not producer:
            return request.redirect("/my/producer")
        return self._render_producer_helpers(
            producer, **(request.session.pop(FLASH, None) or {})
        )

    def _render_producer_helpers(self, producer, **values):
        page = self._prepare_portal_layout_values()
        # Contacts of the company: the cooperative's staff added them.
        contacts = producer | producer.child_ids
        page.update(
            page_name="producer_helpers",
            helpers=producer.coop_helper_ids,
            contacts=contacts.filtered("user_ids"),
            typed=values.get("typed") or {},
            error=values.get("error"),
            notice=values.get("notice"),
        )
        return request.render("coop_orders_producer.producer_helpers", page)

    @http.route(
        "/my/producer/helpers",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_producer_invite(self, name="", email="", **post):
        producer = self._get_owned_producer()
        if not producer:
            return request.redirect("/my/producer")
        try:
            with request.env.cr.savepoint():
                # sudo: only helpers of the own producer are made here.
                helper = (
                    request.env["coop.producer.helper"]
                    .sudo()
                    .create({"producer_id": producer.id, "name": name, "email": email})
                )
        except UserError as error:
            return self._render_producer_helpers(
                producer,
                error=error.args[0],
                typed={"name": name, "email": email},
            )
        request.session[FLASH] = {
            "notice": request.env._(
                "%(name)s was written to at %(email)s.",
                name=helper.name,
                email=helper.email,
            )
        }
        return request.redirect("/my/producer/helpers")

    @http.route(
        "/my/producer/helpers/<int:helper_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_producer_withdraw(self, helper_id, **post):
        producer = self._get_owned_producer()
        # Somebody else's helper is not there; one withdrawn meanwhile neither.
        helper = producer.coop_helper_ids.filtered(lambda h: h.id == helper_id)
        if helper:
            name = helper.name
            helper.unlink()
            request.session[FLASH] = {
                "notice": request.env._("%(name)s has no access any more.", name=name)
            }
        return request.redirect("/my/producer/helpers")
