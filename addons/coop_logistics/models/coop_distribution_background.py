# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .coop_distribution_prepare import CHUNK

# Baskets handed over within a request; an invoice each takes its time.
SERVE_BACKGROUND_FROM = 200


class CoopSaleOrderBackground(models.AbstractModel):
    _name = "coop.sale.order.background"
    _description = "Member's Order: In the Background"

    coop_prepared_at = fields.Datetime(
        string="Basket Prepared at",
        copy=False,
        readonly=True,
        help="When its delivery was last made or brought up to date in the background.",
    )


class CoopDistributionBackground(models.AbstractModel):
    """Hundreds of baskets in the background, a chunk a transaction.

    What is left to do is read anew before each chunk, so that whoever is stopped, even
    by a power cut, goes on with the first basket that is not committed.
    """

    _name = "coop.distribution.background"
    _description = "Distribution: In the Background"

    serve_asked_at = fields.Datetime(
        copy=False,
        readonly=True,
        help="All baskets are handed over in the background: asked then.",
    )
    background_asked_by_id = fields.Many2one(
        "res.users", copy=False, readonly=True, ondelete="set null"
    )
    background_text = fields.Char(compute="_compute_background")
    background_progress = fields.Float(compute="_compute_background")

    @api.depends(
        "prepare_asked_at",
        "serve_asked_at",
        "order_ids.serve_state",
        "order_ids.coop_prepared_at",
    )
    def _compute_background(self):
        # sudo: counts of orders, nobody's own
        Order = self.env["sale.order"].sudo()
        for distribution in self:
            distribution.background_text = False
            distribution.background_progress = 0.0
            # sudo: counts.
            plain = distribution.sudo()
            job = plain._get_background_job()
            if not job:
                continue
            left = Order.search_count(plain._get_left_domain(job))
            total = Order.search_count(
                [("distribution_id", "=", plain.id), ("state", "=", "sale")]
            )
            values = {"done": total - left, "total": total}
            distribution.background_text = (
                self.env._("%(done)s of %(total)s baskets are prepared.", **values)
                if job == "prepare"
                else self.env._(
                    "%(done)s of %(total)s baskets are handed over.", **values
                )
            )
            distribution.background_progress = 100.0 * (total - left) / (total or 1)

    def _get_background_job(self):
        self.ensure_one()
        if self.prepare_asked_at:
            return "prepare"
        return "serve" if self.serve_asked_at else False

    def _get_left_domain(self, job):
        """The orders with which the job of this distribution goes on."""
        self.ensure_one()
        domain = Domain(
            [
                ("distribution_id", "=", self.id),
                ("state", "=", "sale"),
                ("serve_state", "=", "expected"),
            ]
        )
        if job == "prepare":
            domain &= Domain("coop_prepared_at", "=", False) | Domain(
                "coop_prepared_at", "<", self.prepare_asked_at
            )
        return domain

    def _ask_in_background(self, field, count):
        """Have the scheduled action do it; the page shows how far it is.

        :return: a notice for whoever asked
        """
        self.write(
            {field: fields.Datetime.now(), "background_asked_by_id": self.env.uid}
        )
        # sudo: to wake up the scheduled action, nothing more.
        self.env.ref("coop_logistics.coop_distribution_cron").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "%(count)s baskets in the background: this page shows how far it"
                    " is, and you may leave it.",
                    count=count,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_serve_all(self):
        """Hand over all the baskets still expected, as they were prepared.

        For points without a till: the invoices are posted and paid later.

        :return: True, or a notice that it goes on in the background
        """
        self._check_can_run()
        for distribution in self:
            if distribution.state != "open":
                raise UserError(
                    self.env._(
                        "Open the doors of %(distribution)s first.",
                        distribution=distribution.display_name,
                    )
                )
        # sudo: checked above.
        orders = self.sudo()._get_orders_to_prepare()
        if len(orders) >= SERVE_BACKGROUND_FROM:
            return self.sudo()._ask_in_background("serve_asked_at", len(orders))
        if orders:
            orders.sudo(False).action_coop_serve()
        return True

    @api.model
    def _cron_prepare(self):
        """Prepare, or hand over, what was asked: a chunk a transaction."""
        todo = self.search(
            [
                "|",
                ("prepare_asked_at", "!=", False),
                ("serve_asked_at", "!=", False),
            ],
            order="id",
        )
        for distribution in todo:
            if not distribution._do_in_background():
                return

    def _do_in_background(self):
        """Do all that is left; False when the time of the scheduled action is over."""
        self.ensure_one()
        job = self._get_background_job()
        Cron, Order = self.env["ir.cron"], self.env["sale.order"]
        # Who asked signs what is done.
        user = self.background_asked_by_id or self.env.user
        domain = self._get_left_domain(job)
        while orders := Order.search(domain, order="id", limit=CHUNK):
            if job == "prepare":
                orders._coop_prepare_deliveries()
                orders.coop_prepared_at = fields.Datetime.now()
            else:
                orders.with_user(user).action_coop_serve()
            left = Order.search_count(domain)
            if not Cron._commit_progress(len(orders), remaining=left + 1):
                return False
        told = self.with_context(lang=user.lang)
        place = self.collection_point_id.name
        if job == "prepare":
            # sudo: the background job acts as who started it, whose right was checked
            self.with_user(user).sudo()._mark_prepared()
            text = told.env._("The baskets of %(place)s are prepared.", place=place)
        else:
            self.serve_asked_at = False
            text = told.env._("The baskets of %(place)s are handed over.", place=place)
        user._bus_send(
            "simple_notification", {"type": "success", "message": text, "sticky": True}
        )
        return Cron._commit_progress(1)
