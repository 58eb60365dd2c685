# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.coop_orders.models.res_partner_delivery import DAY_FIELDS
from odoo.addons.coop_tools.tools.number_text import parse_number

from .producer import FLASH, ProducerPortal


class ProducerDeliveryPortal(ProducerPortal):
    """The days on which a producer delivers, and the days needed to prepare."""

    @http.route(
        "/my/producer/delivery",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def coop_producer_delivery(self, lead_days="", **post):
        partner, producer = self._get_producer(), self._get_producer_company()
        if not producer:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                self._write_producer_delivery(producer, partner, lead_days, post)
        except UserError as error:
            request.session[FLASH] = {"error": error.args[0]}
        else:
            request.session[FLASH] = {
                "notice": request.env._("Saved. The next windows follow these days.")
            }
        return request.redirect("/my/producer/catalogue")

    def _write_producer_delivery(self, producer, author, lead_days, post):
        days = parse_number(lead_days.strip() or "0")
        if days is None or days != int(days):
            raise ValidationError(
                request.env._("Days to prepare: write a whole number, for instance 2.")
            )
        values = {name: bool(post.get(name)) for name in DAY_FIELDS}
        values["coop_lead_days"] = int(days)
        changed = {
            name: value for name, value in values.items() if producer[name] != value
        }
        if not changed:
            return
        producer.write(changed)
        producer.message_post(
            body=request.env._("Delivery days changed by the producer"),
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
