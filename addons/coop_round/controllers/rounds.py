# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.coop_base.controllers.portal import CoopPortal

# A signature drawn with the finger, as PNG.
MOST_SIGNATURE = 200_000


class CoopRoundPortal(CoopPortal):
    """The route sheet on the driver's phone."""

    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        rounds = self._get_own_rounds()
        if rounds:
            cards.append(
                {
                    "sequence": 25,
                    "template": "coop_round.portal_card_round",
                    "values": {"rounds": rounds},
                }
            )
        return cards

    def _get_own_rounds(self):
        """Rounds to come that the connected person drives or helps with."""
        partner = request.env.user.partner_id
        return request.env["coop.round"].search(
            [
                ("state", "in", ("planned", "loaded")),
                "|",
                ("driver_id", "=", partner.id),
                ("helper_ids", "in", partner.ids),
            ],
            order="start_at, id",
            limit=10,
        )

    def _get_round(self, round_id):
        """The round if the connected person drives it; 404 otherwise."""
        record = request.env["coop.round"].browse(round_id).exists()
        if not record or not record.has_access("read"):
            raise request.not_found()
        partner = request.env.user.partner_id
        user = request.env.user
        # sudo: who drives.
        drivers = record.sudo().driver_id | record.sudo().helper_ids
        if partner not in drivers and not user.has_group(
            "coop_base.coop_base_group_coordinator"
        ):
            raise request.not_found()
        return record

    @http.route(
        "/my/coop/rounds/<int:round_id>", type="http", auth="user", website=True
    )
    def coop_round(self, round_id, **kw):
        """Where to go, in which order, and what was done."""
        record = self._get_round(round_id)
        return request.render(
            "coop_round.portal_round",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "coop_round",
                "trip": record,
                "error": request.session.pop("coop_round_error", None),
            },
        )

    @http.route(
        "/my/coop/rounds/<int:round_id>/loaded",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def coop_round_loaded(self, round_id, counted="", note="", **kw):
        """Everything is in the vehicle."""
        record = self._get_round(round_id)
        try:
            record._set_loaded(counted, note)
        except UserError as error:
            request.session["coop_round_error"] = {
                "stop_id": 0,
                "text": str(error),
                "counted": counted[:5],
            }
        return request.redirect(f"/my/coop/rounds/{record.id}")

    @http.route(
        "/my/coop/rounds/<int:round_id>/stop/<int:stop_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def coop_round_stop(self, round_id, stop_id, **post):
        """Done, absent or refused."""
        record = self._get_round(round_id)
        stop = record.stop_ids.filtered(lambda s: s.id == stop_id)
        if not stop:
            raise request.not_found()
        try:
            stop._set_done(self._prepare_stop_values(**post))
        except UserError as error:
            request.session["coop_round_error"] = {
                "stop_id": stop_id,
                "text": str(error),
            }
        return request.redirect(f"/my/coop/rounds/{record.id}#stop_{stop_id}")

    def _prepare_stop_values(
        self, state="", counted="", signed_by="", signature="", note="", **kw
    ):
        """What the driver keyed in, nothing else (hook)."""
        return {
            "state": state,
            "counted": counted,
            "signed_by": signed_by,
            "signature": self._read_signature(signature),
            "note": note,
        }

    def _read_signature(self, text):
        """Base64 of a PNG, or False: anything else is left out."""
        prefix = "data:image/png;base64,"
        if not text.startswith(prefix) or len(text) > MOST_SIGNATURE:
            return False
        content = text[len(prefix) :]
        try:
            if not base64.b64decode(content, validate=True).startswith(b"\x89PNG"):
                return False
        except (binascii.Error, ValueError):
            return False
        return content
