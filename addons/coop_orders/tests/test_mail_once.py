# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.coop_base.tests.mailbox import Mailbox

from .common import CoopOrdersCommon


@tagged("post_install", "-at_install")
class TestMailOnce(CoopOrdersCommon):
    """A mail found with its attempt noted may have left: it does not leave again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.action_open()
        cls._order(cls.window, cls.member, {0: 1})
        cls.producers.buyer_id = cls.buyer
        cls.window.with_user(cls.buyer).action_close_and_send()
        cls.purchase = cls.window.purchase_order_ids
        cls.mail = cls.env["mail.mail"].search(
            [("model", "=", "purchase.order"), ("res_id", "=", cls.purchase.id)]
        )

    def _send_queue(self):
        """As the cron does, which commits: not in a test."""
        mail_class = type(self.mail)
        with (
            patch.object(self.env.cr, "commit"),
            patch.object(type(self.mailbox.servers), "_disable_send", lambda _s: False),
            patch.object(mail_class, "_coop_note_attempt", autospec=True) as noted,
        ):
            self.mail.filtered(lambda m: m.state == "outgoing").send(auto_commit=True)
        return noted.call_count

    def _count_arrived(self):
        """Mails of the producer: the buyer is told of what to do by mail too."""
        address = self.purchase.partner_id.email
        return sum(address in addresses for addresses, _m in self.mailbox.messages)

    def test_in_doubt_it_stays_and_the_buyer_asks(self):
        self.mailbox = Mailbox.open(self)
        self.mail.coop_attempted_at = fields.Datetime.now()
        self.assertEqual(self._send_queue(), 0)
        self.assertEqual(self._count_arrived(), 0)
        self.assertEqual(self.mail.state, "exception")
        self.assertIn("may have arrived", self.mail.failure_reason)
        activity = self.purchase.activity_ids
        self.assertIn("whether the order arrived", activity.summary)
        self.assertEqual(activity.user_id, self.buyer)

    def test_sent_again_by_hand_it_leaves(self):
        self.mailbox = Mailbox.open(self)
        self.mail.coop_attempted_at = fields.Datetime.now()
        self._send_queue()
        self.mail.action_retry()
        self.assertEqual(self._send_queue(), 1)
        self.assertEqual(self._count_arrived(), 1)
        self.assertEqual(self.mail.state, "sent")
