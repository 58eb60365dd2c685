# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestWaitingNotice(CoopOrdersCommon):
    """Two members wait for what a third one took; the window closes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window = cls._create_window(
            cls.env,
            offers={0: {"quantity_max": 3}, 1: {"quantity_max": 1}},
            tell_opening=False,
            tell_closing=False,
        )
        cls.window.action_open()
        cls._order(cls.window, cls.paper_member, {0: 3, 1: 1})
        for offer, partner in (
            (cls.window.offer_ids[0], cls.member),
            (cls.window.offer_ids[1], cls.member),
            (cls.window.offer_ids[0], cls.member_b),
        ):
            cls.env["coop.order.waiting"]._join(offer, partner, 1)

    def _run(self, moment=None):
        self.env.flush_all()
        cron = self.env.ref("coop_orders.coop_order_notice_cron")
        with (
            freeze_time(moment or fields.Datetime.now()),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _mails_to(self, partner):
        return self.env["mail.mail"].search(
            [
                ("recipient_ids", "in", partner.ids),
                ("subject", "ilike", "nothing came free"),
            ]
        )

    def test_one_mail_each_when_the_window_closes(self):
        self._run()
        self.assertFalse(self._mails_to(self.member))
        trigger = self.env["ir.cron.trigger"]
        domain = [
            ("cron_id", "=", self.env.ref("coop_orders.coop_order_notice_cron").id)
        ]
        before = trigger.search_count(domain)
        self.window.action_close()
        self.assertGreater(trigger.search_count(domain), before)
        self._run()
        self._run()
        mail = self._mails_to(self.member)
        self.assertEqual(len(mail), 1)
        self.assertIn("1 Product 0", mail.body_html)
        self.assertIn("1 Product 1", mail.body_html)
        other = self._mails_to(self.member_b)
        self.assertEqual(len(other), 1)
        self.assertNotIn("Product 1", other.body_html)

    def test_who_was_served_or_left_is_not_told(self):
        places = self.window.waiting_ids
        mine = places.filtered(lambda place: place.partner_id == self.member)
        mine._leave()
        self.window.action_cancel()
        self._run()
        self.assertFalse(self._mails_to(self.member))
        self.assertEqual(len(self._mails_to(self.member_b)), 1)

    def test_a_member_without_an_email_is_to_call(self):
        self.member_b.email = False
        self.window.action_close()
        self._run()
        notice = self.window.notice_ids.filtered(lambda n: n.kind == "waiting")
        called = notice.filtered(lambda n: n.channel == "call")
        self.assertEqual(called.partner_id, self.member_b)

    def test_not_days_later(self):
        self.window.action_close()
        self._run(fields.Datetime.now() + timedelta(days=3))
        self.assertFalse(self._mails_to(self.member))


@tagged("post_install", "-at_install")
class TestInvitations(CoopOrdersCommon):
    """Who would be refused is not told to come and order."""

    def test_refused_members_are_not_invited(self):
        self.window.charter_rule = "yes"
        self.member.charter_signed_on = self.now.date()
        self.member_b.charter_signed_on = False
        self.window.action_open()
        invited = self.window._search_partners_to_tell("opening")
        self.assertIn(self.member, invited)
        self.assertNotIn(self.member_b, invited)
        self.env["coop.order.permission"].create(
            {
                "window_id": self.window.id,
                "partner_id": self.member_b.id,
                "reason": "Signs on Tuesday",
            }
        )
        self.assertIn(self.member_b, self.window._search_partners_to_tell("opening"))

    def test_the_number_of_queries_does_not_grow(self):
        self.window.write({"charter_rule": "yes", "debt_rule": "due"})
        self.window.action_open()
        self.window._search_partners_to_tell("opening")
        counts = []
        for _round in range(2):
            self.env["res.partner"].create(
                [
                    {
                        "name": f"Member {index}",
                        "is_coop_member": True,
                        "email": f"m{index}@example.com",
                        "coop_group_id": self.group.id,
                    }
                    for index in range(20)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.window._search_partners_to_tell("opening")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
