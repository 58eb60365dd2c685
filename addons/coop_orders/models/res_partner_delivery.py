# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.coop_base.tools.localtime import to_local, to_utc

# Hour of a delivery whose hour nobody said, in the cooperative's time.
HOUR = 8
DAY_FIELDS = tuple(f"coop_delivers_{day}" for day in range(7))
MOST_LEAD_DAYS = 60


class CoopResPartnerDelivery(models.AbstractModel):
    """When a producer delivers, and how long before the order must be there."""

    _name = "coop.res.partner.delivery"
    _description = "Contact: Delivery"

    coop_delivers_0 = fields.Boolean(string="Delivers on Monday")
    coop_delivers_1 = fields.Boolean(string="Delivers on Tuesday")
    coop_delivers_2 = fields.Boolean(string="Delivers on Wednesday")
    coop_delivers_3 = fields.Boolean(string="Delivers on Thursday")
    coop_delivers_4 = fields.Boolean(string="Delivers on Friday")
    coop_delivers_5 = fields.Boolean(string="Delivers on Saturday")
    coop_delivers_6 = fields.Boolean(string="Delivers on Sunday")
    coop_lead_days = fields.Integer(
        string="Days to Prepare",
        help="How many days before a delivery this producer needs the order; before the"
        " distribution where no day of delivery is known. A window that closes later"
        " closes earlier for this producer. 0: with the window.",
    )

    @api.constrains("coop_lead_days")
    def _coop_check_lead_days(self):
        for partner in self:
            if not 0 <= partner.coop_lead_days <= MOST_LEAD_DAYS:
                raise ValidationError(
                    self.env._(
                        "Days to prepare: write a whole number from 0 to %(most)s.",
                        most=MOST_LEAD_DAYS,
                    )
                )

    def _coop_get_last_delivery(self, before, tz):
        """The last delivery of this producer before a moment, or False.

        :param before: naive UTC datetime, when members come for the goods
        :param str tz: the cooperative's time zone
        :return: naive UTC datetime; False where the producer said no day
        """
        self.ensure_one()
        days = [day for day, name in enumerate(DAY_FIELDS) if self[name]]
        if not days:
            return False
        day = to_local(before, tz).date()
        for _attempt in range(8):
            delivery = to_utc(datetime.combine(day, time(HOUR)), tz)
            if day.weekday() in days and delivery <= before:
                return delivery
            day -= timedelta(days=1)
        return False


class CoopOrderWindowSupplierDelivery(models.AbstractModel):
    _name = "coop.order.window.supplier.delivery"
    _description = "Producer in a Window: Delivery"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._coop_plan_delivery()
        return rows

    def _coop_plan_delivery(self):
        """Delivery and own deadline from what the producer said, where still empty."""
        now = fields.Datetime.now()
        for row in self:
            window = row.window_id
            # sudo: dates of the distributions; the buyer need not be their referent.
            starts = window.sudo().distribution_ids.mapped("date_start")
            if row.delivery_date or not starts:
                continue
            delivery = row._get_planned_delivery(min(starts))
            if not delivery:
                continue
            row.delivery_date = delivery
            # sudo: what the producer said of the own deliveries.
            days = row.partner_id.sudo().coop_lead_days
            deadline = delivery - timedelta(days=days)
            # A deadline that is past already is for the coordinator to look at.
            earliest = max(window.opens_at or now, now)
            if not row.closes_at and earliest < deadline < window.closes_at:
                row.closes_at = deadline

    def _get_planned_delivery(self, before):
        """When the goods come for a distribution at this moment, or False (hook)."""
        self.ensure_one()
        # sudo: what the producer said of the own deliveries.
        return self.partner_id.sudo()._coop_get_last_delivery(
            before, self.company_id.coop_tz
        )
