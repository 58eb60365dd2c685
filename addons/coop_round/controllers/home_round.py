# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import math

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .rounds import CoopRoundPortal


class CoopHomeRoundPortal(CoopRoundPortal):
    """The money of a basket brought home, on the driver's phone."""

    def _coop_get_home_cards(self, member):
        cards = super()._coop_get_home_cards(member)
        purses = request.env["coop.cash.session"]._get_own_purses()
        if purses:
            cards.append(
                {
                    "sequence": 26,
                    "template": "coop_round.portal_card_purse",
                    "values": {"purses": purses},
                }
            )
        return cards

    @http.route()
    def coop_round_stop(self, round_id, stop_id, **post):
        """After its last stop a round is closed to its driver: back to their page."""
        trip = request.env["coop.round"].browse(round_id).exists()
        if self._is_over(trip, stop_id):
            # Sent twice by a poor connection: it is done already.
            return request.redirect("/my/coop")
        response = super().coop_round_stop(round_id, stop_id, **post)
        return response if trip.has_access("read") else request.redirect("/my/coop")

    def _is_over(self, trip, stop_id):
        """Whether the connected person answered this stop of a round that is over."""
        # sudo: who answered; nothing is read but that.
        stop = trip.sudo().stop_ids.filtered(lambda s: s.id == stop_id)
        return bool(
            stop.done_by_id == request.env.user
            and stop.round_id.state == "done"
            and not trip.has_access("read")
        )

    def _prepare_stop_values(self, kind="", amount="", bank="", number="", **post):
        values = super()._prepare_stop_values(**post)
        payment = {"kind": kind, "bank": bank[:80], "number": number[:40]}
        text = amount.strip().replace(",", ".").replace("\N{NO-BREAK SPACE}", "")
        if text:
            try:
                payment["amount"] = float(text)
            except ValueError:
                payment["amount"] = math.nan
            if not math.isfinite(payment["amount"]):
                raise UserError(
                    request.env._("%s is no amount: write it as 12.50.", amount[:20])
                )
        return {**values, "payment": payment}
