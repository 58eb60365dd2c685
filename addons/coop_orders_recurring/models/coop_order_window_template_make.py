# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import datetime, time, timedelta
from itertools import dropwhile, islice

from odoo import api, fields, models
from odoo.tools.misc import format_date

from odoo.addons.coop_base.tools.localtime import format_local, to_local, to_utc

from ..tools.recurrence import next_weekday, occurrences

_logger = logging.getLogger(__name__)

# More dates than this are never looked at: four years of weekly windows.
HORIZON = 210


class CoopOrderWindowTemplateMake(models.AbstractModel):
    """Windows made ahead: each date once, whoever asks and however often."""

    _name = "coop.order.window.template.make"
    _description = "Recurring Window: Making Ahead"

    next_dates = fields.Char(
        compute="_compute_next_dates",
        help="The next days on which a window closes and is not prepared yet.",
    )

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    def _get_today(self):
        """Today in the cooperative's own calendar."""
        return to_local(fields.Datetime.now(), self.company_id.coop_tz).date()

    def _get_moment(self, day, hour):
        """Stored (UTC) datetime of a local day and hour."""
        wall = datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))
        return to_utc(wall, self.company_id.coop_tz)

    def _get_known_dates(self):
        """Dates that have their window, or were given up."""
        self.ensure_one()
        zone = self.company_id.coop_tz
        # An archived window is a made one, too.
        windows = self.with_context(active_test=False).window_ids
        closings = {to_local(w.closes_at, zone).date() for w in windows if w.closes_at}
        return closings, set(self.date_ids.mapped("date"))

    def _iter_dates(self):
        """Dates from tomorrow on, with what is known of them: ``(day, is known)``."""
        self.ensure_one()
        if self.interval < 1:  # emptied in the form; refused when it is saved
            return
        today = self._get_today()
        closings, dates = self._get_known_dates()
        # The rhythm is that of the first date, or goes on from what was made; a window
        # that somebody moved does not move the next ones.
        first = self.first_date or max(dates or closings, default=None) or today
        if not self.first_date and first > today:
            past = [day for day in dates or closings if day <= today]
            first = max(past, default=min(dates or closings))
        days = occurrences(
            first,
            self.recurrence,
            weekday=int(self.weekday),
            rank=int(self.rank),
            interval=self.interval,
        )
        days = dropwhile(lambda day: day <= today, days)
        for day in islice(days, HORIZON):
            yield day, day in closings or day in dates

    @api.depends(
        "recurrence", "interval", "weekday", "rank", "first_date", "date_ids.date"
    )
    def _compute_next_dates(self):
        for template in self:
            days = (day for day, known in template._iter_dates() if not known)
            template.next_dates = ", ".join(
                format_date(self.env, day, date_format="EEE d MMM")
                for day in islice(days, 4)
            )

    def _get_dates_to_make(self):
        """The dates of which the windows are to be prepared today."""
        self.ensure_one()
        number = self.ahead_number
        if not number:
            return []
        if self.ahead_unit == "windows":
            # What was deleted or cancelled counts: it is not made up for.
            days = islice(self._iter_dates(), number)
        else:
            until = self._get_today() + timedelta(days=number + self.open_days)
            days = ((d, known) for d, known in self._iter_dates() if d <= until)
        return [day for day, known in days if not known]

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    def _cron_make_windows(self):
        """Prepare the windows of the templates that say so.

        Each window is a transaction of its own; a template that fails is logged and
        tried again the next time, the others go on.
        """
        templates = self.search([("ahead_number", ">", 0)])
        for done, template in enumerate(templates, start=1):
            try:
                template._make_ahead()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("order window template %s failed", template.id)
            self.env["ir.cron"]._commit_progress(1, remaining=len(templates) - done)

    def _make_ahead(self):
        self.ensure_one()
        if not self.try_lock_for_update():
            return  # another process is at it
        lang = self.company_id.partner_id.lang or self.env.lang
        template = self.with_company(self.company_id).with_context(lang=lang)
        for day in template._get_dates_to_make():
            template._create_window(day)
            self.env["ir.cron"]._commit_progress()
            if not self.try_lock_for_update():
                return

    def action_create_window(self):
        """Prepare the next window of each template, with the last one's offers."""
        windows = self.env["coop.order.window"]
        for template in self:
            windows |= template._create_next_window()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders.coop_order_window_action"
        )
        if len(windows) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=windows.id)
        else:
            action["domain"] = [("id", "in", windows.ids)]
        return action

    def _create_next_window(self):
        """The window of the next date that has none."""
        self.ensure_one()
        day = next(day for day, known in self._iter_dates() if not known)
        return self._create_window(day)

    def _create_window(self, day):
        """The window that closes on a day (a local date), and its mark."""
        self.ensure_one()
        # First the mark: of two processes, one is stopped here.
        mark = self.env["coop.order.window.template.date"].create(
            {"template_id": self.id, "date": day}
        )
        last = self._get_last_window()
        values = self._prepare_window_vals(day, last)
        window = self.env["coop.order.window"].create(values)
        mark.window_id = window
        window.distribution_ids._generate_slots()
        window._tell_left_out(last)
        self._bring_catalogue_up_to_date(window, last)
        return window

    def _get_last_window(self):
        """The window whose offers come back: the last one that has any."""
        self.ensure_one()
        windows = self.window_ids.filtered(
            lambda w: w.state != "cancelled" and w.offer_ids
        )
        return windows.sorted("closes_at")[-1:]

    def _prepare_window_vals(self, day, last):
        """Values of the window that closes on a day, with last's offers (hook)."""
        self.ensure_one()
        closes_at = self._get_moment(day, self.closing_hour)
        opens_on = day - timedelta(days=self.open_days)
        values = {
            "name": self.env._(
                "%(template)s – %(date)s",
                template=self.name,
                date=format_local(self.env, closes_at, self.company_id, "d MMMM y"),
            ),
            "template_id": self.id,
            "company_id": self.company_id.id,
            "group_ids": [(6, 0, self.group_ids.ids)],
            "closes_at": closes_at,
            "opens_at": max(
                self._get_moment(opens_on, self.opening_hour), fields.Datetime.now()
            ),
            "allocation_rule": self.allocation_rule,
            "flow": self.flow,
            "basket_policy": self.basket_policy,
            "minimum_order_amount": self.minimum_order_amount,
            "member_note": self.member_note,
            "distribution_ids": [
                (0, 0, line._prepare_distribution_vals(day)) for line in self.point_ids
            ],
            **{name: self[name] for name in self._get_settings_fields()},
        }
        if last:
            offers = last.offer_ids.filtered(lambda o: o._is_still_sold())
            rows = last.supplier_ids.filtered(
                lambda row: row.partner_id in offers.supplier_id
            )
            values["offer_ids"] = [(0, 0, vals) for vals in offers.copy_data()]
            values["supplier_ids"] = [(0, 0, vals) for vals in rows.copy_data()]
        return values

    def _get_distribution_day(self, closing_day, weekday):
        day = closing_day + timedelta(days=self.distribution_delay)
        return next_weekday(day, int(weekday)) if weekday else day


class CoopOrderWindowTemplatePointMake(models.AbstractModel):
    _name = "coop.order.window.template.point.make"
    _description = "Place of a Recurring Window: Making Ahead"

    def _prepare_distribution_vals(self, closing_day):
        """Values of this point's distribution, for a window that closes on a day."""
        self.ensure_one()
        template = self.template_id
        weekday = self.distribution_weekday or template.distribution_weekday
        day = template._get_distribution_day(closing_day, weekday)
        start = template._get_moment(day, self.distribution_hour)
        return {
            "collection_point_id": self.collection_point_id.id,
            "date_start": start,
            # Added to the instant, not to the clock: it lasts as long on the nights on
            # which the clock changes.
            "date_end": start
            + timedelta(minutes=round(self.distribution_duration * 60)),
            "referent_id": self.referent_id.id,
            "slot_minutes": self.slot_minutes,
            "slot_capacity": self.slot_capacity,
        }


class CoopOrderOffer(models.Model):
    _inherit = "coop.order.offer"

    def _is_still_sold(self):
        """Whether an offer can come back in a next window."""
        self.ensure_one()
        # sudo: an archived producer; whoever prepares windows need not see it.
        return (
            self.product_id.active
            and self.product_id.sale_ok
            and self.supplier_id.sudo().active
        )
