# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersCommon, CoopOrdersData


@tagged("post_install", "-at_install")
class TestNotices(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"coop_tz": "Europe/Paris", "email": "coop@example.com"})
        cls.env["coop.order.window"].search(
            [("id", "!=", cls.window.id), ("state", "in", ("open", "closed"))]
        ).state = "done"
        cls.cron = cls.env.ref("coop_orders.coop_order_notice_cron")
        cls.window.opens_at = cls.now
        cls.window.with_user(cls.coordinator).action_open()

    def _run(self, moment=None):
        self.env.flush_all()
        moment = moment or fields.Datetime.now()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _told(self, kind, channel="mail"):
        notices = self.env["coop.order.notice"].search(
            [
                ("window_id", "=", self.window.id),
                ("kind", "=", kind),
                ("channel", "=", channel),
            ]
        )
        return notices.partner_id

    def _mails(self, subject):
        return self.env["mail.mail"].search([("subject", "ilike", subject)])

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    def test_opening_to_those_who_may_order_and_want_it(self):
        self.member_b.coop_tell_opening = False
        self._run()
        self.assertEqual(self._told("opening"), self.member)
        mail = self._mails("you can order")
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn(f"/my/coop/window/{self.window.id}", mail.body_html)
        self.assertIn("/my/coop/profile", mail.body_html)
        self.assertIn(self.company.name, mail.body_html)

    def test_once(self):
        self._run()
        mails = self._mails("you can order")
        self._run()
        self.assertEqual(self._mails("you can order"), mails)
        self.assertEqual(len(mails), 2)

    def test_who_joins_meanwhile_is_told_too(self):
        self._run()
        self.outsider.coop_group_id = self.group
        self._run()
        self.assertEqual(
            self._told("opening"), self.member | self.member_b | self.outsider
        )

    def test_switched_off(self):
        self.window.write(
            {
                "tell_opening": False,
                "tell_reminder": False,
                "tell_closing": False,
                "tell_collection": False,
            }
        )
        self._order(self.window, self.member, {0: 1})
        self._order(self.window, self.member_b, {0: 1}, state="draft")
        self._run()
        self._run(self.window.closes_at - timedelta(hours=1))
        self.window.action_close()
        self._run()
        self._run(self.window.distribution_ids[0].date_start - timedelta(hours=1))
        self.assertFalse(self.window.notice_ids)

    def test_members_without_email_are_listed_not_skipped(self):
        self._run()
        self.assertEqual(self._told("opening", "call"), self.paper_member)
        activity = self.window.activity_ids
        self.assertEqual(activity.user_id, self.coordinator)
        notice = self.window.notice_ids.filtered(lambda n: n.channel == "call")
        window = self.window.with_user(self.referent)
        self.assertEqual(window.to_call_count, 1)
        notice.with_user(self.referent).action_called()
        self.assertEqual(notice.called_by_id, self.referent)
        window.invalidate_recordset()
        self.assertEqual(window.to_call_count, 0)
        self._run()
        self.assertEqual(len(self.window.activity_ids), 1)

    def test_another_groups_referent_sees_none_of_it(self):
        self._run()
        notices = self.env["coop.order.notice"].with_user(self.other_referent)
        self.assertFalse(notices.search([("window_id", "=", self.window.id)]))
        with self.assertRaises(AccessError):
            self.window.notice_ids[:1].with_user(self.other_referent).action_called()
        with self.assertRaises(AccessError):
            self.window.notice_ids.with_user(self.member_user).read(["partner_id"])

    def test_killed_between_two_batches(self):
        """Those already mailed are not mailed again, nobody is forgotten."""
        Window = type(self.window)
        tell, calls = Window._tell_batch, []

        def killed(window, kind, records):
            calls.append(kind)
            tell(window, kind, records)
            if len(calls) == 2:
                # The mails and their marks are written, not committed.
                raise RuntimeError("killed")

        path = "odoo.addons.coop_orders.models.coop_order_window_notice.BATCH"
        with (
            patch(path, 1),
            patch.object(Window, "_tell_batch", killed),
            self.assertLogs("odoo.addons.coop_orders", "ERROR"),
        ):
            self._run()
        self.assertEqual(len(self._told("opening")), 1)
        first = self._mails("you can order")
        self.assertEqual(first.recipient_ids, self._told("opening"))
        self._run()
        mails = self._mails("you can order")
        self.assertEqual(mails.recipient_ids, self.member | self.member_b)
        self.assertEqual(len(mails), 2)
        self.assertIn(first, mails)

    def test_language_of_the_member(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.member.lang = "fr_FR"
        self._run()
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.member.ids)])
        self.assertIn("vous pouvez commander", mail.subject)
        self.assertIn("Bonjour", mail.body_html)

    # ------------------------------------------------------------------
    # Reminder
    # ------------------------------------------------------------------

    def test_reminder_for_baskets_and_for_who_asked(self):
        self.window.tell_opening = False
        self._order(self.window, self.member, {0: 1}, state="draft")
        self.member_b.coop_remind_closing = True
        before = self.window.closes_at - timedelta(hours=24)
        self._run(before - timedelta(minutes=1))
        self.assertFalse(self.window.notice_ids)
        self._run(before)
        self._run(before + timedelta(hours=1))
        self.assertEqual(self._told("reminder"), self.member | self.member_b)
        basket = self._mails("your basket is not confirmed yet")
        self.assertEqual(basket.recipient_ids, self.member)
        asked = self._mails("closes soon")
        self.assertEqual(asked.recipient_ids, self.member_b)

    def test_no_reminder_for_who_confirmed(self):
        self.window.tell_opening = False
        self._order(self.window, self.member, {0: 1})
        self.member.coop_remind_closing = True
        self._run(self.window.closes_at - timedelta(hours=2))
        self.assertFalse(self.window.notice_ids)

    def test_hours_of_the_window(self):
        self.window.write({"tell_opening": False, "reminder_hours": 6})
        self._order(self.window, self.member, {0: 1}, state="draft")
        self._run(self.window.closes_at - timedelta(hours=7))
        self.assertFalse(self.window.notice_ids)
        self._run(self.window.closes_at - timedelta(hours=6))
        self.assertEqual(self._told("reminder"), self.member)

    # ------------------------------------------------------------------
    # Closing and collection
    # ------------------------------------------------------------------

    def test_closing_says_what_where_and_when(self):
        order = self._order(self.window, self.member, {0: 2, 3: 1})
        self._order(self.window, self.member_b, {0: 1}, state="draft")
        self.window.action_close()
        self._run()
        self._run()
        mail = self._mails("your order is confirmed")
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertEqual(mail.res_id, order.id)
        for text in ("Product 0", "Product 3", "Town hall", "9.00"):
            self.assertIn(text, mail.body_html.replace(",", "."))

    def test_closing_waits_until_all_orders_are_settled(self):
        self._order(self.window, self.member, {0: 2})
        self.window._close_door()
        self._run()
        self.assertFalse(self._told("closing"))
        self.window.action_close()
        self._run()
        self.assertEqual(self._told("closing"), self.member)

    def _collect_at(self, start):
        """A closed window, collected at an instant (UTC)."""
        self.window.write({"tell_opening": False, "tell_closing": False})
        self._order(self.window, self.member, {0: 2})
        self._order(
            self.window,
            self.member_b,
            {0: 1},
            distribution=self.window.distribution_ids[1],
        )
        self.window.action_close()
        start = fields.Datetime.to_datetime(start)
        self.window.distribution_ids[0].write(
            {"date_start": start, "date_end": start + timedelta(hours=2)}
        )
        self.window.collection_note = "Bags and a cool box"

    def test_collection_the_day_before(self):
        self._collect_at("2027-06-10 16:00:00")
        # 18:00 in Paris the day before is 16:00 UTC.
        self._run("2027-06-09 15:59:00")
        self.assertFalse(self._told("collection"))
        self._run("2027-06-09 16:00:00")
        self._run("2027-06-09 16:10:00")
        self._run("2027-06-10 17:00:00")
        self.assertEqual(self._told("collection"), self.member)
        mail = self._mails("waits for you tomorrow")
        self.assertEqual(len(mail), 1)
        for text in ("Town hall", "4.00", "Bags and a cool box", "18:00"):
            self.assertIn(text, mail.body_html)

    def test_collection_amount_is_of_what_was_allocated(self):
        order = self._order(self.window, self.member, {0: 4})
        self.window.action_close()
        self.assertAlmostEqual(order._coop_get_expected_total(), 8)
        order.order_line.offer_id.allocated_at = self.now
        order.order_line.quantity_allocated = 1
        self.assertAlmostEqual(order._coop_get_expected_total(), 2)

    def test_collection_on_the_night_of_winter_time(self):
        # Sunday 31 October 2027, 10:00 in Paris (09:00 UTC, winter time already);
        # 18:00 the day before is still summer time: 16:00 UTC.
        self._collect_at("2027-10-31 09:00:00")
        self._run("2027-10-30 15:59:00")
        self.assertFalse(self._told("collection"))
        self._run("2027-10-30 16:00:00")
        self.assertEqual(self._told("collection"), self.member)

    def test_collection_on_the_night_of_summer_time(self):
        # Sunday 28 March 2027, 00:30 in Paris is 23:30 UTC the day before: the
        # local day before is Saturday, 18:00 in Paris is 17:00 UTC.
        self._collect_at("2027-03-28 08:00:00")
        self._run("2027-03-27 16:59:00")
        self.assertFalse(self._told("collection"))
        self._run("2027-03-27 17:00:00")
        self.assertEqual(self._told("collection"), self.member)

    # ------------------------------------------------------------------
    # Numbers and privacy
    # ------------------------------------------------------------------

    def test_queries_for_200_members(self):
        def tell(count):
            window = self._create_window(
                self.env, group_ids=[(6, 0, self.other_group.ids)]
            )
            self.env["res.partner"].create(
                [
                    {
                        "name": f"Member {index}",
                        "email": f"m{index}@example.com" if index % 10 else False,
                        "lang": "en_US",
                        "is_coop_member": True,
                        "coop_group_id": self.other_group.id,
                    }
                    for index in range(count)
                ]
            )
            window.action_open()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for records in window._get_notice_batches("opening", 1000):
                window._tell_batch("opening", records)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        tell(1)
        few = tell(18)
        many = tell(180)
        # 20 members (one is the outsider), then these and 180 more.
        self.assertLess(many - few, 45, f"{few} queries for 20 members, {many} for 200")

    def test_orders_are_told_in_batches(self):
        def tell(count):
            window = self._create_window(self.env)
            members = self.env["res.partner"].create(
                [
                    {
                        "name": f"Member {index}",
                        "email": f"m{index}@example.com",
                        "lang": "en_US",
                        "is_coop_member": True,
                        "coop_group_id": self.group.id,
                        "collection_point_id": self.point.id,
                    }
                    for index in range(count)
                ]
            )
            window.action_open()
            lines = [(offer, 1) for offer in window.offer_ids]
            self.env["sale.order"]._coop_create_orders(
                window, [{"partner": member, "lines": lines} for member in members]
            )
            window.action_close()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for records in window._get_notice_batches("closing", 1000):
                window._tell_batch("closing", records)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        tell(1)
        few, many = tell(5), tell(55)
        self.assertLess(many - few, 50, f"{few} queries for 5, {many} for 55")

    def test_personal_data(self):
        self._run()
        sections = {
            section["key"]: section for section in self.member._coop_privacy_export()
        }
        self.assertEqual(len(sections["avertissements"]["rows"]), 1)
        self.assertIn("preferences", sections)
        notices = self.member.sudo().coop_notice_ids
        self.member.sudo()._coop_privacy_erase(dry_run=True)
        self.assertTrue(notices.exists())
        with freeze_time(self.now + timedelta(days=400)):
            self.env["coop.order.notice"]._gc_old_notices()
        self.assertFalse(notices.exists())


@tagged("post_install", "-at_install")
class TestPreferences(CoopOrdersData, HttpCase):
    def test_member_says_what_to_be_told_of(self):
        self._create_coop(self.env)
        self.authenticate("coop_member_a", "coop_member_a")
        page = self.url_open("/my/coop/profile").text
        self.assertIn("Tell me when an order opens", page)

        def save(**post):
            token = http.Request.csrf_token(self)
            self.url_open(
                "/my/coop/profile",
                data={"csrf_token": token, "coop_messages": "1", **post},
            )
            self.member.invalidate_recordset()

        save(coop_remind_closing="1")
        self.assertFalse(self.member.coop_tell_opening)
        self.assertTrue(self.member.coop_remind_closing)
        save(coop_tell_opening="1")
        self.assertTrue(self.member.coop_tell_opening)
        self.assertFalse(self.member.coop_remind_closing)
        # A form without these boxes changes nothing.
        self.url_open(
            "/my/coop/profile",
            data={"csrf_token": http.Request.csrf_token(self), "phone": ""},
        )
        self.member.invalidate_recordset()
        self.assertTrue(self.member.coop_tell_opening)
        self.assertTrue(self.member_b.coop_tell_opening)
