# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# News that comes later than this helps nobody.
LATE = timedelta(days=2)


class CoopOrderNotice(models.Model):
    _inherit = "coop.order.notice"

    kind = fields.Selection(
        selection_add=[("waiting", "Waited in vain")], ondelete={"waiting": "cascade"}
    )


class CoopOrderWindowWaitingNotice(models.AbstractModel):
    """Members who wait are told once when the window closes and nothing came free."""

    _name = "coop.order.window.waiting.notice"
    _description = "Order Window: Waited in Vain"

    @api.model
    def _get_due_notices(self):
        jobs = super()._get_due_notices()
        # sudo: windows where somebody waited, for the cron that tells them.
        rows = (
            self.env["coop.order.waiting"]
            .sudo()
            ._read_group(
                [
                    ("state", "=", "expired"),
                    ("write_date", ">", fields.Datetime.now() - LATE),
                    ("window_id.state", "in", ("closed", "done", "cancelled")),
                ],
                ["window_id"],
            )
        )
        return jobs + [(window.with_env(self.env), "waiting") for (window,) in rows]

    def _get_notice_batches(self, kind, size):
        if kind != "waiting":
            yield from super()._get_notice_batches(kind, size)
            return
        partners = self._search_waited_in_vain()
        for start in range(0, len(partners), size):
            yield partners[start : start + size]

    @api.model
    def _get_notice_template(self, kind):
        if kind == "waiting":
            return "coop_orders_rules.mail_template_waiting"
        return super()._get_notice_template(kind)

    def _search_waited_in_vain(self):
        # sudo: as for the other messages, the cron tells everybody.
        places = (
            self.env["coop.order.waiting"]
            .sudo()
            ._search([("window_id", "=", self.id), ("state", "=", "expired")])
        )
        return (
            self.env["res.partner"]
            .sudo()
            .search(
                Domain("id", "in", places.subselect("partner_id"))
                & self._get_untold_domain("waiting", "id"),
                order="id",
            )
        )

    def _trigger_expired(self):
        """Wake up the cron that tells those whose place has just expired."""
        # sudo: only wakes up a cron that does what the list says.
        self.env.ref("coop_orders.coop_order_notice_cron").sudo()._trigger()


class CoopResPartnerWaitingNotice(models.AbstractModel):
    _name = "coop.res.partner.waiting.notice"
    _description = "Contact: Waited in Vain"

    def _coop_get_waited_texts(self):
        """What this member waited for in vain in the window of the mail."""
        self.ensure_one()
        window = self._coop_get_told_window()
        # sudo: the member's own places, for the member's own mail.
        places = (
            self.env["coop.order.waiting"]
            .sudo()
            .search(
                [
                    ("window_id", "=", window.id),
                    ("partner_id", "=", self.id),
                    ("state", "=", "expired"),
                ]
            )
        )
        return [
            f"{place.offer_id._format_quantity(place.quantity)}"
            f" {place.offer_id.product_id.display_name}"
            for place in places.with_context(display_default_code=False)
        ]
