# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

ANSWERS = {"acknowledge": "credit", "replace": "replace", "reject": "reject"}
MAX_ANSWER = 2000


class SupplierClaimPortal(CustomerPortal):
    """A supplier reads the claims addressed to it and answers them, nothing else.

    Access is by the record rule (a portal user of the same company, once sent) or by
    the secret link of the e-mail.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "supplier_claim_count" in counters:
            claims = request.env["coop.supplier.claim"]
            values["supplier_claim_count"] = (
                claims.search_count([("state", "!=", "draft")])
                if claims.has_access("read")
                else 0
            )
        return values

    @http.route(
        ["/my/claims", "/my/claims/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_claims(self, page=1, **kwargs):
        claims = request.env["coop.supplier.claim"]
        domain = [("state", "!=", "draft")]
        # An employee sees claims in the back office; here only those of their company.
        partner = request.env.user.commercial_partner_id
        domain.append(("partner_id", "child_of", partner.ids))
        if not claims.has_access("read"):
            return request.redirect("/my")
        pages = pager(
            url="/my/claims",
            total=claims.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "claims": claims.search(
                    domain, limit=self._items_per_page, offset=pages["offset"]
                ),
                "pager": pages,
                "page_name": "supplier_claim",
                "default_url": "/my/claims",
            }
        )
        return request.render("coop_reconciliation.portal_my_claims", values)

    @http.route("/my/claims/<int:claim_id>", type="http", auth="public", website=True)
    def portal_my_claim(self, claim_id, access_token=None, **kwargs):
        claim = self._get_claim(claim_id, access_token)
        if not claim:
            return request.redirect("/my")
        return self._render_claim(claim, access_token)

    @http.route(
        "/my/claims/<int:claim_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_answer_claim(
        self, claim_id, answer=None, message="", access_token=None, **kwargs
    ):
        claim = self._get_claim(claim_id, access_token)
        kind = ANSWERS.get(answer)
        if not claim or not kind:
            return request.redirect("/my")
        message = (message or "").strip()[:MAX_ANSWER]
        author = request.env.user.partner_id
        if request.env.user._is_public():
            author = claim.partner_id
        try:
            # The access was checked above; the supplier may write nothing by itself.
            claim._answered_by_supplier(kind, message, author)
        except UserError as error:
            return self._render_claim(claim, access_token, error=str(error))
        return request.redirect(claim.get_portal_url())

    def _render_claim(self, claim, access_token, error=None):
        values = self._get_page_view_values(
            claim,
            access_token,
            {"claim": claim, "page_name": "supplier_claim", "error": error},
            "my_claims_history",
            False,
        )
        return request.render("coop_reconciliation.portal_claim_page", values)

    def _get_claim(self, claim_id, access_token):
        """The claim as superuser if this visitor may see it, else nothing."""
        try:
            claim = self._document_check_access(
                "coop.supplier.claim", claim_id, access_token
            )
        except (AccessError, MissingError):
            return None
        return claim if claim.state != "draft" else None
