# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.coop_logistics.tests.test_reports import ReportCase


@tagged("post_install", "-at_install")
class TestReceipt(ReportCase):
    """What a member took and paid, by mail or on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.distribution.with_user(cls.user_referent)
        cls.own.coop_till_open(50.0)
        cls.alice = cls.order.with_user(cls.user_referent)

    def _get_mails(self, partner):
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    def _serve(self, order=None, **values):
        order = order or self.alice
        return order.coop_till_serve(
            {
                "payments": [
                    {"kind": "cash", "amount": 5.0, "given": 20.0},
                    {"kind": "later"},
                ],
                **values,
            }
        )

    def test_asked_for_once_it_comes_by_mail_each_time(self):
        self.assertFalse(self.alice.coop_till_read()["receipt"])
        self._serve(receipt=True)
        [mail] = self._get_mails(self.member)
        for word in ("Carottes", "15,70", "Alice Adhérente"):
            self.assertIn(word, mail.body_html)
        self.assertTrue(self.member.coop_receipt_by_mail)
        self.assertTrue(self.alice.coop_till_read()["receipt"])

    def test_not_asked_for(self):
        self._serve()
        self._serve(self.order_paper.with_user(self.user_referent), receipt=True)
        self.assertFalse(self._get_mails(self.member))
        self.assertFalse(self._get_mails(self.member_paper))

    def test_sent_again_from_the_basket(self):
        with self.assertRaises(UserError):
            self.alice.coop_till_receipt()
        self._serve()
        self.assertEqual(self.alice.coop_till_receipt(), self.member.email_normalized)
        self.assertEqual(len(self._get_mails(self.member)), 1)
        paulette = self.order_paper.with_user(self.user_referent)
        self._serve(paulette)
        with self.assertRaises(UserError):
            paulette.coop_till_receipt()
        for user in (self.user_member_2, self.user_buyer):
            with self.assertRaises(AccessError):
                self.order.with_user(user).coop_till_receipt()

    def test_on_paper(self):
        self._serve(collected_by="Sa voisine")
        text = self._render("coop_till.report_receipt", self.order, self.user_referent)
        # 2 kg × 2.00 + 3 × 1.50 + 0.4 kg × 18.00; change of 15 on 20
        for word in ("Alice", "Sa voisine", "Comté", "15,70", "15,00", "10,70"):
            self.assertIn(word, text)
