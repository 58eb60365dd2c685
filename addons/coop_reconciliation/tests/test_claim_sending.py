# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from .common import ReconciliationCommon

START = "2026-06-18 08:00:00"
SENDING = "odoo.addons.coop_reconciliation.models.coop_supplier_claim_send"


class ClaimSendingCase(ReconciliationCommon):
    """Two nougats billed and not received; the policy sends claims by itself."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(START))
        report = type(self.env["ir.actions.report"])
        self.startPatcher(
            patch.object(
                report, "_render_qweb_pdf", lambda *a, **k: (b"%PDF-1.4 claim", "pdf")
            )
        )
        # The cron commits after each claim: here each test is undone as one.
        self.commits = self.startPatcher(patch.object(self.env.cr, "commit"))
        self.policy.claim_auto_send = True
        self.order, self.bill = self._short_delivery("FA-1")
        self.claim = self.order.claim_ids.with_user(self.buyer)

    def _short_delivery(self, number, received=18):
        order = self._order([(self.nougat, 20, 6.9)])
        self._receive(order, {self.nougat: received}, note=f"BL {number}")
        bill = self._bill([(self.nougat, 20, 6.9)], ref=number, order=order)
        bill.action_coop_match()
        return order, bill

    def _cron(self, name="send", after=None):
        method = f"_cron_{name}_claims"
        claims = self.env["coop.supplier.claim"]
        with freeze_time(after) if after else freeze_time(fields.Datetime.now()):
            getattr(claims, method)()
        self.env.invalidate_all()

    def _mails(self, claim=None):
        """Those of the supplier: a task is told to its buyer by mail, too."""
        return self.env["mail.mail"].search(
            [
                ("model", "=", "coop.supplier.claim"),
                ("res_id", "in", (claim or self.claim).ids),
                ("recipient_ids", "in", self.supplier.ids),
            ]
        )


@tagged("post_install", "-at_install")
class TestClaimSending(ClaimSendingCase):
    """Sent by itself after the delay, once, unless somebody stops it."""

    def test_planned_after_the_delay(self):
        self.assertEqual(self.claim.state, "draft")
        self.assertEqual(
            self.claim.send_at, fields.Datetime.now() + timedelta(hours=24)
        )
        self._cron(after="2026-06-19 07:59:00")
        self.assertEqual(self.claim.state, "draft")
        self.assertFalse(self._mails())

    def test_sent_once_the_delay_is_over(self):
        self._cron(after="2026-06-19 08:00:00")
        self.assertEqual(self.claim.state, "sent")
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.supplier)
        self.assertTrue(mail.attachment_ids.filtered(lambda a: ".pdf" in a.name))
        if self._has_french():
            self.assertIn("Réclamation", mail.subject)
        self.assertEqual(self.bill.match_state, "accepted")

    def test_sent_only_once(self):
        self._cron(after="2026-06-19 08:00:00")
        self._cron(after="2026-06-19 09:00:00")
        self.assertEqual(len(self._mails()), 1)

    def test_one_transaction_a_claim(self):
        """What the first claim sent is committed before the second one is tried."""
        self._short_delivery("FA-2")
        self.commits.reset_mock()
        self._cron(after="2026-06-19 08:00:00")
        self.assertGreaterEqual(self.commits.call_count, 2)

    def test_stopped(self):
        self.claim.action_stop_sending()
        self.assertFalse(self.claim.send_at)
        self._cron(after="2026-06-20 08:00:00")
        self.assertEqual(self.claim.state, "draft")
        self.assertFalse(self._mails())
        self.assertIn("stopped", self.claim.message_ids[0].body)

    def test_stopped_from_the_order(self):
        order = self.order.with_user(self.buyer)
        self.assertTrue(order.claim_send_words)
        order.action_stop_claims()
        self.assertFalse(order.claim_send_words)
        self.assertTrue(self.claim.send_stopped)

    def test_stopped_stays_stopped_when_completed(self):
        self.claim.action_stop_sending()
        bill = self._bill([(self.nougat, 1, 9.9)], ref="FA-1b", order=self.order)
        bill.action_coop_match()
        self.assertFalse(self.claim.send_at)

    def test_planned_again(self):
        self.claim.action_stop_sending()
        self.claim.action_plan_sending()
        self.assertTrue(self.claim.send_at)
        self._cron(after="2026-06-19 08:00:00")
        self.assertEqual(self.claim.state, "sent")

    def test_the_policy_of_the_supplier(self):
        self.env["coop.match.policy"].create(
            {"partner_id": self.supplier.id, "claim_auto_send": False}
        )
        order, __ = self._short_delivery("FA-3")
        self.assertFalse(order.claim_ids.send_at)
        # And what was planned before follows it, too.
        self._cron(after="2026-06-19 08:00:00")
        self.assertEqual(self.claim.state, "draft")
        with self.assertRaises(UserError):
            self.claim.action_stop_sending()
            self.claim.send_stopped = True
            self.claim.action_plan_sending()

    def test_written_by_hand_waits_for_a_person(self):
        claim = self.claim.create(
            {
                "partner_id": self.supplier.id,
                "line_ids": [Command.create({"product_id": self.oil.id})],
            }
        )
        self.assertFalse(claim.send_at)

    def test_matched_again_keeps_its_hour(self):
        planned = self.claim.send_at
        with freeze_time("2026-06-18 20:00:00"):
            self.bill.action_coop_match()
        self.assertEqual(self.claim.send_at, planned)

    def test_new_line_gives_the_time_to_read_it(self):
        order = self._order([(self.oil, 10, 13.5), (self.nougat, 20, 6.9)])
        picking = self._receive(order, {self.nougat: 18}, note="BL-8")
        picking.with_user(self.buyer).action_draft_claim()
        claim = order.claim_ids
        self.assertEqual(str(claim.send_at), "2026-06-19 08:00:00")
        with freeze_time("2026-06-18 20:00:00"):
            lines = [(self.oil, 10, 14.0), (self.nougat, 20, 6.9)]
            self._bill(lines, ref="FA-8", order=order).action_coop_match()
        self.assertEqual(order.claim_ids, claim)
        self.assertEqual(len(claim.line_ids), 2)
        self.assertEqual(str(claim.send_at), "2026-06-19 20:00:00")

    def test_accepted_meanwhile_is_not_claimed(self):
        self.bill.action_coop_accept()
        self._cron(after="2026-06-19 08:00:00")
        self.assertEqual(self.claim.state, "closed")
        self.assertFalse(self._mails())

    def test_without_address_the_buyer_is_asked(self):
        self.supplier.email = False
        self._cron(after="2026-06-19 08:00:00")
        self.assertEqual(self.claim.state, "draft")
        self.assertEqual(self.claim.activity_ids.user_id, self.buyer)
        self.assertIn(self.supplier.name, self.claim.activity_ids.note)
        self._cron(after="2026-06-19 09:00:00")
        self.assertEqual(len(self.claim.activity_ids), 1)

    @mute_logger(SENDING)
    def test_one_that_fails_stops_no_other(self):
        order, __ = self._short_delivery("FA-2")
        send = type(self.claim).action_send

        def failing(claims):
            if claims == self.claim:
                raise ValueError("no printer")
            return send(claims)

        with patch.object(type(self.claim), "action_send", failing):
            self._cron(after="2026-06-19 08:00:00")
        self.assertEqual(self.claim.state, "draft")
        self.assertEqual(order.claim_ids.state, "sent")
        # What to do, in the buyer's words; the reason is in the server's log.
        note = self.claim.activity_ids.note
        self.assertNotIn("no printer", note)
        self.assertIn(self.claim.name, note)
        self.assertIn(self.supplier.name, note)
        self.assertEqual(len(re.findall(r"[.!?](?=\s|<|$)", note)), 1, note)

    def test_words(self):
        claim = self.claim.with_context(lang="en_US", tz="Europe/Paris")
        self.buyer.tz = "Europe/Paris"
        day = format_date(claim.env, fields.Date.to_date("2026-06-19"))
        self.assertIn(day, claim.send_words)
        self.assertIn("10:00", claim.send_words)
        self.assertIn("24 h 0 min", claim.send_words)
        self.claim.action_mark_sent()
        self.assertFalse(self.claim.send_words)

    def test_delays_are_not_negative(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.policy.claim_send_hours = -1
            self.env.flush_all()

    def test_sent_at_reception_is_not_claimed_again(self):
        """Sent before the bill came: the bill's difference takes that claim."""
        order = self._order([(self.nougat, 20, 6.9)])
        picking = self._receive(order, {self.nougat: 18}, note="BL-9")
        picking.with_user(self.buyer).action_draft_claim()
        self._cron(after="2026-06-19 08:00:00")
        self.assertEqual(order.claim_ids.state, "sent")
        bill = self._bill([(self.nougat, 20, 6.9)], ref="FA-9", order=order)
        bill.action_coop_match()
        self.assertEqual(len(order.claim_ids), 1)
        self.assertEqual(len(order.claim_ids.line_ids), 1)
        self.assertEqual(order.claim_ids.bill_id, bill)
        self.assertEqual(bill.match_state, "accepted")

    def test_mail_in_doubt_is_not_sent_again(self):
        self.claim.action_send()
        mail = self._mails()
        mail.claim_attempted_at = fields.Datetime.now()
        servers = type(self.env["ir.mail_server"])
        with (
            patch.object(servers, "_disable_send", lambda _s: False),
            patch.object(servers, "_connect__", lambda *a, **k: None),
            patch.object(servers, "send_email") as sent,
        ):
            mail.send(auto_commit=True)
        # The buyer is told by mail, the supplier gets nothing.
        messages = "".join(str(call) for call in sent.call_args_list)
        self.assertNotIn(self.supplier.email, messages)
        self.assertEqual(mail.state, "exception")
        self.assertIn("may have arrived", mail.failure_reason)
        self.assertEqual(self.claim.activity_ids.user_id, self.buyer)

    def test_attempt_is_committed_before_the_mail_leaves(self):
        self.claim.action_send()
        mail = self._mails()
        self.commits.reset_mock()
        servers = type(self.env["ir.mail_server"])

        def leave(*args, **kwargs):
            self.assertTrue(mail.claim_attempted_at)
            self.assertTrue(self.commits.called)
            return "message"

        with (
            patch.object(servers, "_disable_send", lambda _s: False),
            patch.object(servers, "_connect__", lambda *a, **k: None),
            patch.object(servers, "send_email", side_effect=leave) as sent,
        ):
            mail.send(auto_commit=True)
        self.assertEqual(sent.call_count, 1)
        self.assertEqual(mail.state, "sent")


@tagged("post_install", "-at_install")
class TestClaimReminders(ClaimSendingCase):
    """Reminded as the policy says, then the buyer calls."""

    def setUp(self):
        super().setUp()
        self.policy.write({"claim_remind_days": 7, "claim_remind_max": 2})
        self.claim.action_send()

    def _reminders(self):
        return self._mails().filtered(lambda m: m != self.first)

    def _remind(self, day):
        self._cron("remind", after=f"2026-{day} 06:00:00")

    def test_planned_when_sent(self):
        self.assertEqual(str(self.claim.remind_on), "2026-06-25")

    def test_each_reminder_once_then_the_buyer_calls(self):
        self.first = self._mails()
        self._remind("06-24")
        self.assertFalse(self._reminders())
        self._remind("06-25")
        self._remind("06-25")
        self.assertEqual(len(self._reminders()), 1)
        self._remind("07-01")
        self.assertEqual(len(self._reminders()), 1)
        self._remind("07-02")
        self.assertEqual(len(self._reminders()), 2)
        self.assertFalse(self.claim.activity_ids)
        self._remind("07-09")
        self._remind("07-16")
        self.assertEqual(len(self._reminders()), 2)
        self.assertEqual(len(self.claim.activity_ids), 1)
        self.assertEqual(self.claim.activity_ids.user_id, self.buyer)
        self.assertFalse(self.claim.remind_on)
        self.assertEqual(self.claim.reminder_count, 2)

    def test_in_the_supplier_language_with_the_claim(self):
        self.first = self._mails()
        self._remind("06-25")
        mail = self._reminders()
        self.assertEqual(mail.recipient_ids, self.supplier)
        self.assertIn(self.claim.name, mail.subject)
        self.assertTrue(mail.attachment_ids.filtered(lambda a: ".pdf" in a.name))
        if self._has_french():
            self.assertIn("Relance", mail.subject)
            self.assertIn("Bonjour", mail.body_html)
        else:
            self.assertIn("Reminder", mail.subject)

    def test_answered_gives_time_for_the_credit_note(self):
        with freeze_time("2026-06-24 08:00:00"):
            self.claim.action_acknowledge()
        self.assertEqual(str(self.claim.remind_on), "2026-07-01")

    def test_settled_is_not_reminded(self):
        self.first = self._mails()
        self.claim.action_close()
        self.assertFalse(self.claim.remind_on)
        self._remind("06-25")
        self.assertFalse(self._reminders())

    def test_refused_is_not_reminded(self):
        self.first = self._mails()
        self.claim.action_reject()
        self._remind("06-25")
        self.assertFalse(self._reminders())

    def test_never(self):
        self.policy.claim_remind_days = 0
        self.claim.action_acknowledge()
        self.assertFalse(self.claim.remind_on)

    def test_without_address_the_buyer_calls_at_once(self):
        self.first = self._mails()
        self.supplier.email = False
        self._remind("06-25")
        self.assertFalse(self._reminders())
        self.assertEqual(self.claim.activity_ids.user_id, self.buyer)

    def test_by_hand(self):
        self.first = self._mails()
        self.claim.action_remind()
        self.assertEqual(len(self._reminders()), 1)
        self.assertEqual(self.claim.reminder_count, 1)
        self.assertEqual(str(self.claim.remind_on), "2026-06-25")

    def test_after_weeks_of_a_stopped_server_one_reminder(self):
        self.first = self._mails()
        self._remind("08-01")
        self.assertEqual(len(self._reminders()), 1)
        self.assertEqual(str(self.claim.remind_on), "2026-08-08")
