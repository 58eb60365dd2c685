# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

ASKED = ("name", "email", "phone", "group_id", "message")


class CoopJoin(http.Controller):
    """Before one has an account: asking to join, and the code of a letter."""

    @http.route("/coop/join", type="http", auth="public", website=True, sitemap=False)
    def coop_join(self, **post):
        """The form; what was typed stays in it after an error."""
        form = {key: str(post.get(key) or "") for key in ASKED}
        values = {"form": form, "error": "", "done": False}
        if request.httprequest.method == "POST":
            # A field that people do not see: who fills it in is a program.
            if post.get("website"):
                values["done"] = True
            else:
                try:
                    request.env["coop.join.request"]._ask(request.env.company, form)
                    values["done"] = True
                except UserError as error:
                    values["error"] = error.args[0]
        # sudo: names of the groups, so that one can say where one lives.
        groups = request.env["coop.group"].sudo()
        values["groups"] = groups.search(
            [("company_id", "=", request.env.company.id)], order="name"
        )
        return request.render("coop_base.portal_join", values)

    @http.route("/coop/code", type="http", auth="public", website=True, sitemap=False)
    def coop_code(self, **post):
        """The code of a letter: the member chooses a password and is in."""
        number = str(post.get("number") or "")
        values = {"number": number, "error": ""}
        if request.httprequest.method == "POST":
            try:
                user = self._coop_use_code(post)
            except UserError as error:
                values["error"] = error.args[0]
            else:
                credential = {
                    "login": user.login,
                    "password": str(post.get("password")),
                    "type": "password",
                }
                request.env.cr.commit()  # pylint: disable=invalid-commit
                request.session.authenticate(request.env, credential)
                return request.redirect("/my/coop")
        return request.render("coop_base.portal_code", values)

    def _coop_use_code(self, post):
        password = str(post.get("password") or "")
        if password != str(post.get("password_again") or ""):
            raise UserError(
                request.env._("The two passwords are not the same: type them again.")
            )
        partners = request.env["res.partner"]
        member = partners._coop_find_by_code(
            request.env.company, str(post.get("number") or ""), str(post.get("code"))
        )
        if not member:
            raise UserError(
                request.env._(
                    "This number and this code do not go together, or the letter is too"
                    " old. Ask the cooperative for another one."
                )
            )
        if not password:
            raise UserError(request.env._("Choose a password."))
        return member._coop_open_account(password)
