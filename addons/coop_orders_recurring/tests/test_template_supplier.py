# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

import psycopg2.errors
from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_template import TemplateCommon


@tagged("post_install", "-at_install")
class TestTemplateSupplier(TemplateCommon):
    """The baker closes on Tuesday at six, the others on Wednesday at eight."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.baker, cls.farmer = cls.producers[:2]

    def _make(self, moment, rule=None, **values):
        """The next window of a template with a rule for the baker, and its template."""
        template = self._template(
            **{
                "weekday": "2",
                "closing_hour": 20,
                "distribution_delay": 2,
                "distribution_hour": 17.5,
                "ahead_number": 1,
                "first_date": moment[:10],
                "supplier_ids": [
                    Command.create(
                        {
                            "partner_id": self.baker.id,
                            "closing_weekday": "1",
                            "closing_hour": 18,
                            **(rule or {}),
                        }
                    )
                ],
                **values,
            }
        )
        self.window.template_id = template
        self._run(moment)
        return template.window_ids - self.window, template

    def _row(self, window, producer):
        return window.supplier_ids.filtered(lambda row: row.partner_id == producer)

    def test_the_baker_closes_before_the_others(self):
        window, _template = self._make("2026-05-14 08:00:00")
        self.assertEqual(str(window.closes_at), "2026-05-20 18:00:00")
        self.assertEqual(
            str(self._row(window, self.baker).closes_at), "2026-05-19 16:00:00"
        )
        self.assertFalse(self._row(window, self.farmer).closes_at)
        bread, milk = (
            window.offer_ids.filtered(lambda o, p=p: o.supplier_id == p)[0]
            for p in (self.baker, self.farmer)
        )
        self.assertEqual(str(bread.closes_at), "2026-05-19 16:00:00")
        self.assertEqual(bread.closes_at + timedelta(hours=26), milk.closes_at)

    def test_the_same_weekday_is_the_same_day(self):
        window, _template = self._make(
            "2026-05-14 08:00:00", {"closing_weekday": "2", "closing_hour": 12}
        )
        self.assertEqual(
            str(self._row(window, self.baker).closes_at), "2026-05-20 10:00:00"
        )

    def test_delivery_before_the_first_distribution(self):
        window, _template = self._make(
            "2026-05-14 08:00:00",
            {"delivery_day": "1", "delivery_hour": 7.5},
            point_ids=[
                Command.create(
                    {
                        "collection_point_id": self.point.id,
                        "distribution_weekday": "5",
                    }
                ),
                Command.create(
                    {
                        "collection_point_id": self.other_point.id,
                        "distribution_weekday": "4",
                    }
                ),
            ],
        )
        # Handed over on Friday 22 and Saturday 23: delivered on Thursday.
        row = self._row(window, self.baker)
        self.assertEqual(str(row.delivery_date), "2026-05-21 05:30:00")
        with freeze_time("2026-05-15 08:00:00"):
            window.action_open()
        self.assertEqual(str(row.delivery_date), "2026-05-21 05:30:00")

    def test_the_template_comes_before_what_the_producer_says(self):
        self.baker.write({"coop_delivers_3": True, "coop_lead_days": 3})
        self.farmer.write({"coop_delivers_3": True, "coop_lead_days": 2})
        window, _template = self._make("2026-05-14 08:00:00", {"delivery_day": "0"})
        baker, farmer = (
            self._row(window, producer) for producer in (self.baker, self.farmer)
        )
        self.assertEqual(str(baker.closes_at), "2026-05-19 16:00:00")
        self.assertEqual(str(baker.delivery_date), "2026-05-22 06:00:00")
        # Delivers on Thursdays, needs two days: Tuesday at eight.
        self.assertEqual(str(farmer.closes_at), "2026-05-19 06:00:00")
        self.assertEqual(str(farmer.delivery_date), "2026-05-21 06:00:00")

    def test_a_producer_added_later_follows_too(self):
        self.window.offer_ids.filtered(
            lambda offer: offer.supplier_id == self.baker
        ).unlink()
        self.window.supplier_ids.filtered(
            lambda row: row.partner_id == self.baker
        ).unlink()
        window, _template = self._make("2026-05-14 08:00:00")
        self.assertFalse(self._row(window, self.baker))
        self.env["coop.order.offer"].with_user(self.coordinator).create(
            {"window_id": window.id, "product_id": self.products[0].id}
        )
        self.assertEqual(
            str(self._row(window, self.baker).closes_at), "2026-05-19 16:00:00"
        )

    def test_what_the_coordinator_clears_stays_cleared(self):
        window, _template = self._make("2026-05-14 08:00:00")
        row = self._row(window, self.baker).with_user(self.coordinator)
        row.closes_at = False
        with freeze_time("2026-05-15 08:00:00"):
            window.with_user(self.coordinator).action_open()
        self.assertFalse(row.closes_at)

    def test_made_too_late_for_the_baker(self):
        # Wednesday noon for Thursday evening: the baker closed yesterday.
        window, _template = self._make("2026-05-20 10:00:00", weekday="3")
        row = self._row(window, self.baker)
        self.assertEqual(str(row.closes_at), "2026-05-19 16:00:00")
        self.assertIn(self.baker.name, "".join(window.message_ids.mapped("body")))

    # ------------------------------------------------------------------
    # Nights on which the clock changes
    # ------------------------------------------------------------------

    def test_summer_time_on_one_side_winter_time_on_the_other(self):
        # Closes on Monday 26 October, the first day of winter time was Sunday 25.
        window, _template = self._make(
            "2026-10-20 08:00:00",
            {"closing_weekday": "5", "delivery_day": "1"},
            weekday="0",
            open_days=5,
        )
        row = self._row(window, self.baker)
        self.assertEqual(str(window.closes_at), "2026-10-26 19:00:00")
        self.assertEqual(str(row.closes_at), "2026-10-24 16:00:00")
        self.assertEqual(str(row.delivery_date), "2026-10-27 07:00:00")

    def test_hours_of_the_night_itself(self):
        for moment, expected in (
            # 02:30 does not exist: half past three. It exists twice: the first one.
            ("2026-03-24 08:00:00", "2026-03-29 01:30:00"),
            ("2026-10-20 08:00:00", "2026-10-25 00:30:00"),
        ):
            window, template = self._make(
                moment,
                {"closing_weekday": "6", "closing_hour": 2.5},
                weekday="6",
                closing_hour=20,
            )
            self.assertEqual(str(self._row(window, self.baker).closes_at), expected)
            template.active = False

    def test_another_time_zone(self):
        self.company.coop_tz = "Indian/Reunion"
        window, _template = self._make("2026-05-14 08:00:00", {"delivery_day": "0"})
        row = self._row(window, self.baker)
        self.assertEqual(str(row.closes_at), "2026-05-19 14:00:00")
        self.assertEqual(str(row.delivery_date), "2026-05-22 04:00:00")

    # ------------------------------------------------------------------
    # Rules that no window can follow
    # ------------------------------------------------------------------

    def test_rules_that_cannot_be_followed_are_refused(self):
        for rule, values, message in (
            (
                {"closing_weekday": "2", "closing_hour": 20},
                {},
                "closed already: choose an earlier hour",
            ),
            ({"closing_weekday": "3"}, {"open_days": 5}, "before the window opens"),
            (
                {"closing_weekday": "1", "delivery_day": "7"},
                {},
                "before the orders are known",
            ),
            ({"closing_hour": 24}, {}, "between 0 and 24"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self._make("2026-05-14 08:00:00", rule, **values)

    def test_a_template_that_changes_is_checked_again(self):
        _window, template = self._make("2026-05-14 08:00:00")
        with self.assertRaisesRegex(ValidationError, "before the window opens"):
            template.with_user(self.coordinator).open_days = 1

    def test_a_producer_once(self):
        template = self._template()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            template.supplier_ids = [
                Command.create({"partner_id": self.baker.id}) for _twice in range(2)
            ]

    # ------------------------------------------------------------------
    # The coordinator's form
    # ------------------------------------------------------------------

    def test_the_form_says_when_the_next_time_is(self):
        template = self._template(
            weekday="2", closing_hour=20, distribution_delay=2, first_date="2040-05-16"
        )
        form = Form(template.with_user(self.coordinator).with_context(lang="en_US"))
        with form.supplier_ids.new() as row:
            row.partner_id = self.baker
            row.closing_weekday = "1"
            row.delivery_day = "0"
            row.delivery_hour = 7.5
        form.save()
        self.assertEqual(
            template.supplier_ids.with_context(lang="en_US").next_moments,
            "Tue 15 May 18:00 → Fri 18 May 07:30",
        )

    def test_referents_read_members_do_not(self):
        _window, template = self._make("2026-05-14 08:00:00")
        rule = template.supplier_ids
        self.assertEqual(
            rule.with_user(self.referent).closing_weekday,
            "1",
        )
        with self.assertRaises(AccessError):
            rule.with_user(self.referent).closing_hour = 12
        for user in (self.member_user, self.producer_user):
            with self.assertRaises(AccessError):
                rule.with_user(user).read(["closing_hour"])
