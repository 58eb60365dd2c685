# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools.member_file import parse_phone

# What a member may change of their own card; nothing else is written.
ADDRESS = ("street", "street2", "zip", "city")
PROFILE_FIELDS = ("collection_point_id", "contact_channel", "phone", *ADDRESS)
# An address has lines, not pages.
LONGEST_LINE = 128


class CoopPortal(CustomerPortal):
    # ------------------------------------------------------------------
    # Home page
    # ------------------------------------------------------------------

    def _coop_get_member(self):
        """The connected member, read with their own rights (``env.user`` is sudo)."""
        partner = request.env.user.partner_id
        return request.env["res.partner"].browse(
            partner.id if partner.coop_is_active else ()
        )

    def _coop_get_home_cards(self, member):
        """Cards of the member home page; add-ons extend the list.

        :param member: ``res.partner`` of the connected user, never sudo
        :return: list of ``{'sequence': int, 'template': xmlid, 'values': dict}``, and
            ``'is_news': False`` for what is always there; sequences: windows 10,
            collection 20, shift 30, debts 40, messages 50, profile 90
        """
        cards = [
            {
                "sequence": 90,
                "template": "coop_base.portal_card_profile",
                "values": self._coop_prepare_profile_values(member),
                "is_news": False,
            }
        ]
        if member.coop_state in ("candidate", "due", "expired"):
            cards.append(
                {
                    "sequence": 40,
                    "template": "coop_base.portal_card_fee",
                    "values": {"member": member},
                }
            )
        return cards

    def _coop_prepare_profile_values(self, member):
        fields_info = member.fields_get(["contact_channel", "coop_state"])
        channels = dict(fields_info["contact_channel"]["selection"])
        states = dict(fields_info["coop_state"]["selection"])
        return {
            "member": member,
            "channel": channels.get(member.contact_channel),
            "state": states.get(member.coop_state),
        }

    @http.route("/my/coop", type="http", auth="user", website=True)
    def coop_home(self, **kw):
        member = self._coop_get_member()
        cards = self._coop_get_home_cards(member) if member else []
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="coop_home",
            title=request.env._("My cooperative"),
            member=member,
            cards=sorted(cards, key=lambda card: card["sequence"]),
            has_news=any(card.get("is_news", True) for card in cards),
            saved=kw.get("saved"),
        )
        return request.render("coop_base.portal_coop_home", values)

    # ------------------------------------------------------------------
    # My details
    # ------------------------------------------------------------------

    @http.route(
        "/my/coop/profile", type="http", auth="user", website=True, methods=["GET"]
    )
    def coop_profile(self, **kw):
        member = self._coop_get_member()
        if not member:
            return request.redirect("/my/coop")
        return self._coop_render_profile(member)

    @http.route(
        "/my/coop/profile", type="http", auth="user", website=True, methods=["POST"]
    )
    def coop_profile_save(self, **post):
        member = self._coop_get_member()
        if not member:
            return request.redirect("/my/coop")
        try:
            values = self._coop_profile_values(member, post)
        except ValidationError as error:
            return self._coop_render_profile(member, post, error.args[0])
        # sudo: portal users may not write contacts; these fields only, checked above.
        member.sudo().write(values)
        return request.redirect("/my/coop?saved=1")

    def _coop_profile_values(self, member, post):
        """Checked values of the fields that a member may change."""
        values = {}
        if "collection_point_id" in post:
            point = post["collection_point_id"]
            points = self._coop_profile_points(member)
            if point and (not point.isdigit() or int(point) not in points.ids):
                raise ValidationError(
                    request.env._(
                        "This collection point is not open to you. Choose another one."
                    )
                )
            values["collection_point_id"] = int(point) if point else False
        if "contact_channel" in post:
            channel = post["contact_channel"]
            known = dict(
                member.fields_get(["contact_channel"])["contact_channel"]["selection"]
            )
            if channel not in known:
                raise ValidationError(request.env._("Choose how you want to be told."))
            values["contact_channel"] = channel
        if "phone" in post:
            phone = re.sub(r"\s+", " ", post["phone"]).strip()
            values["phone"] = parse_phone(phone) if phone else False
            if phone and not values["phone"]:
                raise ValidationError(
                    request.env._(
                        "This is not a phone number. Write it as 06 12 34 56 78."
                    )
                )
        for key in ADDRESS:
            if key in post:
                line = " ".join(str(post[key]).split())
                if len(line) > LONGEST_LINE:
                    raise ValidationError(
                        request.env._("This line of the address is too long.")
                    )
                values[key] = line or False
        return {key: values[key] for key in PROFILE_FIELDS if key in values}

    def _coop_profile_points(self, member):
        """Points that a member may choose: their group's, else all of the company's."""
        return member.coop_group_id.collection_point_ids or request.env[
            "coop.collection.point"
        ].search([("company_id", "=", member.company_id.id)])

    def _coop_render_profile(self, member, post=None, error=None):
        values = self._prepare_portal_layout_values()
        post = post or {}
        values.update(
            page_name="coop_profile",
            member=member,
            points=self._coop_profile_points(member) | member.collection_point_id,
            channels=member.fields_get(["contact_channel"])["contact_channel"][
                "selection"
            ],
            form={
                "collection_point_id": post.get(
                    "collection_point_id", str(member.collection_point_id.id or "")
                ),
                "contact_channel": post.get("contact_channel", member.contact_channel),
                "phone": post.get("phone", member.phone or ""),
                **{key: post.get(key, member[key] or "") for key in ADDRESS},
            },
            error=error,
        )
        return request.render("coop_base.portal_coop_profile", values)

    # ------------------------------------------------------------------
    # My data
    # ------------------------------------------------------------------

    @http.route(
        "/my/coop/export", type="http", auth="user", website=True, methods=["POST"]
    )
    def coop_export(self, **post):
        """Everything the cooperative holds about the connected person."""
        return self._coop_send_zip(request.env.user.partner_id)

    @http.route("/coop/privacy/export/<int:partner_id>", type="http", auth="user")
    def coop_export_person(self, partner_id, **kw):
        """The same, downloaded by a manager for somebody who asked."""
        partner = request.env["res.partner"].browse(partner_id).exists()
        if not partner:
            raise request.not_found()
        partner._coop_check_privacy_access()
        return self._coop_send_zip(partner)

    def _coop_send_zip(self, partner):
        name, content = partner._coop_privacy_zip()
        return request.make_response(
            content,
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
