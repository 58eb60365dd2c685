# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta
from unittest.mock import patch

import psycopg2.errors
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from odoo.addons.coop_base.tools.localtime import to_local
from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


class TemplateCommon(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.coop_tz = "Europe/Paris"
        cls.cron = cls.env.ref("coop_orders_recurring.coop_order_window_template_cron")
        cls.env["coop.order.window.template"].search([]).active = False

    def _template(self, **values):
        if "point_ids" not in values:
            values["collection_point_ids"] = [Command.set(self.point.ids)]
        return (
            self.env["coop.order.window.template"]
            .with_user(self.coordinator)
            .create(
                {
                    "name": "Basket",
                    "recurrence": "weekly",
                    "weekday": "5",
                    "closing_hour": 0,
                    "open_days": 5,
                    "ahead_number": 2,
                    **values,
                }
            )
            .sudo()
        )

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _closings(self, template):
        zone = self.company.coop_tz
        windows = template.window_ids.sorted("closes_at")
        return [to_local(w.closes_at, zone).date() for w in windows]


@tagged("post_install", "-at_install")
class TestTemplate(TemplateCommon):
    # ------------------------------------------------------------------
    # The worked cases of the calendar
    # ------------------------------------------------------------------

    def test_weekly_deadline_saturday_delivery_wednesday(self):
        template = self._template(
            distribution_delay=0, distribution_weekday="2", first_date="2022-08-26"
        )
        self._run("2022-08-20 08:00:00")
        first, second = template.window_ids.sorted("closes_at")
        zone = self.company.coop_tz

        def delivered(ordered_at):
            window = next(w for w in (first, second) if ordered_at < w.closes_at)
            return to_local(window.distribution_ids.date_start, zone).date()

        # Ordered in the evening of the 26th, then on the 27th (local time).
        self.assertEqual(delivered(datetime(2022, 8, 26, 21, 59)), date(2022, 8, 31))
        self.assertEqual(delivered(datetime(2022, 8, 26, 22, 0)), date(2022, 9, 7))
        self.assertEqual(delivered(datetime(2022, 8, 27, 10, 0)), date(2022, 9, 7))

    def test_monthly_on_the_last_tuesday(self):
        template = self._template(
            recurrence="monthly",
            weekday="1",
            rank="-1",
            ahead_number=5,
            first_date="2018-10-30",
        )
        self._run("2018-11-01 08:00:00")
        self.assertEqual(
            [f"{day:%d/%m}" for day in self._closings(template)],
            ["27/11", "25/12", "29/01", "26/02", "26/03"],
        )

    def test_every_second_week_is_counted_from_the_first_date(self):
        template = self._template(interval=2, first_date="2026-05-02", ahead_number=3)
        self._run("2026-05-20 08:00:00")
        self.assertEqual(
            self._closings(template),
            [date(2026, 5, 30), date(2026, 6, 13), date(2026, 6, 27)],
        )

    # ------------------------------------------------------------------
    # Each date once
    # ------------------------------------------------------------------

    def test_twice_is_once(self):
        template = self._template()
        self._run("2026-05-20 08:00:00")
        windows = template.window_ids
        self.assertEqual(len(windows), 2)
        self._run("2026-05-20 14:00:00")
        self.assertEqual(template.window_ids, windows)
        self._run("2026-05-27 08:00:00")
        self.assertEqual(len(template.window_ids), 3)

    def test_deleted_and_cancelled_windows_do_not_come_back(self):
        template = self._template()
        self._run("2026-05-20 08:00:00")
        first, second = template.window_ids.sorted("closes_at")
        first.with_user(self.coordinator).unlink()
        second.with_user(self.coordinator).action_cancel()
        self._run("2026-05-20 14:00:00")
        self.assertEqual(template.window_ids, second)
        self.assertEqual(
            template.date_ids.sorted("date").mapped("state"), ["skipped", "cancelled"]
        )
        # Who wants it after all removes the mark.
        template.with_user(self.coordinator).date_ids.filtered(
            lambda row: row.state == "skipped"
        ).unlink()
        self._run("2026-05-20 15:00:00")
        self.assertEqual(len(template.window_ids), 2)

    def test_a_date_can_be_skipped_ahead(self):
        template = self._template()
        template.with_user(self.coordinator).date_ids = [
            Command.create({"date": "2026-05-23"})
        ]
        self._run("2026-05-20 08:00:00")
        self.assertEqual(self._closings(template), [date(2026, 5, 30)])

    def test_killed_in_the_middle_then_run_again(self):
        template = self._template(ahead_number=3)
        Template = type(template)
        create_window, made = Template._create_window, []

        def killed_at_the_second(record, day):
            window = create_window(record, day)
            made.append(day)
            if len(made) == 2:
                raise RuntimeError("killed")
            return window

        with (
            patch.object(Template, "_create_window", killed_at_the_second),
            self.assertLogs("odoo.addons.coop_orders_recurring", "ERROR"),
        ):
            self._run("2026-05-20 08:00:00")
        self.env.invalidate_all()
        self.assertEqual(self._closings(template), [date(2026, 5, 23)])
        self._run("2026-05-20 09:00:00")
        self.assertEqual(
            self._closings(template),
            [date(2026, 5, 23), date(2026, 5, 30), date(2026, 6, 6)],
        )

    def test_two_windows_of_a_date_are_refused_by_the_database(self):
        template = self._template()
        self._run("2026-05-20 08:00:00")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            template._create_window(date(2026, 5, 23))

    def test_ahead_in_days_before_opening(self):
        # Closes on Saturday 23, opens on Monday 18 (5 days earlier).
        template = self._template(ahead_unit="days", ahead_number=3)
        self._run("2026-05-17 08:00:00")
        self.assertEqual(self._closings(template), [date(2026, 5, 23)])
        self._run("2026-05-21 08:00:00")
        self.assertEqual(self._closings(template), [date(2026, 5, 23)])
        self._run("2026-05-22 08:00:00")
        self.assertEqual(
            self._closings(template), [date(2026, 5, 23), date(2026, 5, 30)]
        )

    def test_by_hand_only(self):
        template = self._template(ahead_number=0)
        self._run("2026-05-20 08:00:00")
        self.assertFalse(template.window_ids)

    @users("coop_referent")
    def test_referent_cannot_prepare_windows(self):
        template = self._template()
        with self.assertRaises(AccessError):
            template.with_user(self.env.user).action_create_window()

    # ------------------------------------------------------------------
    # What a window takes over
    # ------------------------------------------------------------------

    def test_offers_of_the_last_window_without_what_was_archived(self):
        # Not on the day on which the last one closes, whatever today's weekday.
        closing = to_local(self.window.closes_at, self.company.coop_tz)
        weekday = str((closing.weekday() + 3) % 7)
        template = self._template(ahead_number=1, weekday=weekday)
        self.window.template_id = template
        self.products[2].active = False
        self._run(self.now)
        window = template.window_ids - self.window
        self.assertEqual(window.offer_ids.product_id, self.products - self.products[2])
        self.assertIn("Product 2", window.message_ids.mapped("body")[0])

    def test_rules_of_the_template(self):
        template = self._template(
            ahead_number=1,
            allocation_rule="equal",
            basket_policy="take",
            flow="stock",
            minimum_order_amount=15,
            member_note="<p>Bring bags</p>",
            group_ids=[Command.set((self.group | self.other_group).ids)],
        )
        self._run("2026-05-20 08:00:00")
        self.assertRecordValues(
            template.window_ids,
            [
                {
                    "allocation_rule": "equal",
                    "basket_policy": "take",
                    "flow": "stock",
                    "minimum_order_amount": 15,
                    "group_ids": (self.group | self.other_group).ids,
                }
            ],
        )
        self.assertIn("Bring bags", template.window_ids.member_note)

    def test_each_point_has_its_own_hours(self):
        template = self._template(
            ahead_number=1,
            distribution_delay=3,
            point_ids=[
                Command.create({"collection_point_id": self.point.id}),
                Command.create(
                    {
                        "collection_point_id": self.other_point.id,
                        "distribution_weekday": "4",
                        "distribution_hour": 10,
                        "distribution_duration": 2,
                        "slot_minutes": 30,
                        "slot_capacity": 4,
                    }
                ),
            ],
        )
        self._run("2026-05-20 08:00:00")
        first, second = template.window_ids.distribution_ids.sorted("date_start")
        # Closed on Saturday 23: from Tuesday 26 on; the second point on Friday.
        self.assertEqual(
            (str(first.date_start), str(first.date_end)),
            ("2026-05-26 15:30:00", "2026-05-26 17:00:00"),
        )
        self.assertEqual(
            (str(second.date_start), str(second.date_end)),
            ("2026-05-29 08:00:00", "2026-05-29 10:00:00"),
        )
        self.assertFalse(first.slot_ids)
        self.assertEqual(second.slot_ids.mapped("capacity"), [4] * 4)

    # ------------------------------------------------------------------
    # Nights on which the clock changes
    # ------------------------------------------------------------------

    def test_the_wall_clock_holds_in_october(self):
        template = self._template(
            weekday="6", closing_hour=20, opening_hour=8, open_days=2, ahead_number=1
        )
        self._run("2026-10-22 08:00:00")
        window = template.window_ids
        # Sunday 25 October 2026 is the first day of winter time.
        self.assertEqual(str(window.opens_at), "2026-10-23 06:00:00")
        self.assertEqual(str(window.closes_at), "2026-10-25 19:00:00")

    def test_hours_that_do_not_exist_or_exist_twice(self):
        for moment, weekday_hour, expected in (
            ("2026-03-26 08:00:00", 2.5, "2026-03-29 01:30:00"),
            ("2026-10-22 08:00:00", 2.5, "2026-10-25 00:30:00"),
        ):
            template = self._template(
                weekday="6",
                closing_hour=weekday_hour,
                distribution_delay=0,
                distribution_hour=weekday_hour,
                distribution_duration=0.5,
                ahead_number=1,
            )
            self._run(moment)
            distribution = template.window_ids.distribution_ids
            self.assertEqual(str(template.window_ids.closes_at), expected)
            self.assertEqual(str(distribution.date_start), expected)
            self.assertEqual(
                distribution.date_end - distribution.date_start,
                timedelta(minutes=30),
            )
            template.active = False

    def test_days_are_the_cooperatives(self):
        # 23:30 UTC on Friday 22 May is Saturday in Paris: that Saturday is over.
        template = self._template(ahead_number=1)
        self._run("2026-05-22 23:30:00")
        self.assertEqual(self._closings(template), [date(2026, 5, 30)])

    # ------------------------------------------------------------------
    # Closed days
    # ------------------------------------------------------------------

    def test_distribution_on_a_closed_day(self):
        self.env["coop.closed.day"].with_user(self.coordinator).create(
            {"name": "Whit Monday", "date_from": "2026-05-25"}
        )
        template = self._template(ahead_number=1, distribution_delay=2)
        self._run("2026-05-20 08:00:00")
        window = template.window_ids.with_user(self.referent)
        self.assertEqual(window.distribution_ids.closed_day_warning, "Whit Monday")
        self.assertIn("Town hall (Whit Monday)", window.closed_day_warning)
        window.sudo().distribution_ids.date_start -= timedelta(days=1)
        self.assertFalse(window.distribution_ids.closed_day_warning)

    def test_closed_day_on_which_baskets_are_handed_over_all_the_same(self):
        self.env["coop.closed.day"].create(
            {
                "name": "No volunteers",
                "date_from": "2026-05-25",
                "no_distribution": False,
            }
        )
        template = self._template(ahead_number=1, distribution_delay=2)
        self._run("2026-05-20 08:00:00")
        self.assertFalse(template.window_ids.closed_day_warning)

    def test_closed_day_of_another_point_is_no_matter(self):
        self.env["coop.closed.day"].create(
            {
                "name": "Hall let",
                "date_from": "2026-05-25",
                "collection_point_ids": [Command.set(self.other_point.ids)],
            }
        )
        template = self._template(ahead_number=1, distribution_delay=2)
        self._run("2026-05-20 08:00:00")
        self.assertFalse(template.window_ids.closed_day_warning)
