# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon

# 2 kg × 2.00 + 3 × 1.50 + 0.437 kg × 18.00
WEIGHED = 16.37


class HomeCase(LogisticsCommon):
    """Alice's basket is brought to her home by Bruno, who drives the round."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "coop_home_delivery": True,
                "coop_home_cash": True,
                "coop_home_cheque": True,
                "coop_home_keep_days": 1,
            }
        )
        cls.order.coop_home_delivery = True
        cls._coop_receive()
        cls.window.distribution_ids.action_prepare()
        cls.window.distribution_ids.action_open()
        cls.trip = cls.env["coop.round"].create(
            {
                "driver_id": cls.member_2.id,
                "stop_ids": [
                    Command.create({"kind": "home", "order_id": cls.order.id}),
                    Command.create(
                        {"kind": "point", "distribution_id": cls.distribution_2.id}
                    ),
                ],
            }
        )
        cls.stop = cls.trip.stop_ids.filtered("order_id").with_user(cls.user_member_2)
        cls.cheese_line = cls.order.order_line.filtered(
            lambda line: line.product_id == cls.cheese
        )

    def _weigh(self):
        own = self.order.with_user(self.user_referent)
        return own.coop_till_ready({"quantities": {self.cheese_line.id: 0.437}})

    def _done(self, stop=None, **payment):
        return (stop or self.stop)._set_done(
            {
                "state": "done",
                "counted": "1",
                "signed_by": self.member.name,
                "payment": payment,
            }
        )

    def _get_payments(self):
        return self.env["account.payment"].search(
            [("coop_order_id", "=", self.order.id)]
        )


@tagged("post_install", "-at_install")
class TestHomeServe(HomeCase):
    def test_invoiced_as_it_was_weighed_and_paid_later(self):
        self.assertAlmostEqual(self._weigh(), WEIGHED)
        self.assertEqual(self.order.serve_state, "expected")
        self._done(kind="later")
        self.assertEqual(self.order.serve_state, "served")
        self.assertEqual(self.order.served_by_id, self.user_member_2)
        self.assertEqual(set(self.order.picking_ids.mapped("state")), {"done"})
        self.assertAlmostEqual(self.cheese_line.qty_delivered, 0.437)
        self.assertEqual(self.order.invoice_ids.state, "posted")
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, WEIGHED)
        self.assertAlmostEqual(self.order.coop_amount_due, WEIGHED)
        self.assertEqual(self.order.coop_promised_kind, "later")
        said = " ".join(self.order.message_ids.mapped("body"))
        self.assertIn("Bruno", said)
        # To the gram, as it was weighed.
        self.assertIn("437 kg", said)

    def test_not_weighed_it_is_what_was_allocated(self):
        self._done(kind="transfer")
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, 15.7)
        self.assertEqual(self.order.coop_promised_kind, "transfer")

    def test_cash_at_the_door_goes_into_a_purse_that_the_referent_counts(self):
        self._weigh()
        self._done(kind="cash", amount=WEIGHED)
        self.assertEqual(self.order.coop_payment_state, "paid")
        self.assertEqual(self.order.invoice_ids.payment_state, "paid")
        purse = self._get_payments().cash_session_id
        self.assertTrue(purse.is_purse)
        self.assertEqual(purse.user_id, self.user_member_2)
        self.assertEqual(purse.served_count, 1)
        self.assertAlmostEqual(purse.expected_cash, WEIGHED)
        own = purse.with_user(self.user_referent)
        tills = self.distribution.with_user(self.user_referent).coop_till_load()
        self.assertTrue(tills["tills"][0]["is_purse"])
        self.assertEqual(own.action_count()["params"]["session_id"], purse.id)
        own.close_with_count(
            {
                "counts": {"10": 1, "5": 1, "1": 1, "0.2": 1, "0.1": 1, "0.05": 1}
                | {"0.02": 1}
            }
        )
        self.assertEqual(purse.state, "closed")
        self.assertFalse(purse.has_difference)

    def test_part_of_it_by_cheque_the_rest_later(self):
        self._weigh()
        with self.assertRaises(UserError):
            self._done(kind="cheque", amount=10.0)
        self.assertEqual(self.order.serve_state, "expected")
        self._done(kind="cheque", amount=10.0, number="0012345", bank="CA")
        self.assertEqual(self._get_payments().coop_cheque_number, "0012345")
        self.assertAlmostEqual(self.order.coop_amount_due, WEIGHED - 10.0)
        self.assertAlmostEqual(self.order.coop_promised_amount, WEIGHED - 10.0)

    def test_refused_ways_of_paying_leave_nothing_half_done(self):
        self.company.coop_home_cash = False
        for payment in (
            {"kind": "cash", "amount": 15.7},
            {"kind": "cheque", "amount": 99.0, "number": "1"},
            {"kind": "card", "amount": 15.7},
            {"kind": "gold"},
        ):
            with self.subTest(payment=payment), self.assertRaises(UserError):
                self._done(**payment)
            self.stop.invalidate_recordset()
            self.order.invalidate_recordset()
            self.assertEqual(self.stop.state, "to_do")
            self.assertEqual(self.order.serve_state, "expected")
            self.assertFalse(self.order.invoice_ids)

    def test_sent_twice_it_is_done_once(self):
        self._done(kind="cash", amount=15.7)
        self.assertTrue(self._done(kind="cash", amount=15.7))
        self.assertEqual(len(self._get_payments()), 1)
        self.assertEqual(len(self.order.invoice_ids), 1)
        helper = self.stop.with_user(self.user_coordinator)
        with self.assertRaisesRegex(UserError, "twice"):
            self._done(helper, kind="cash", amount=15.7)
        with self.assertRaises(UserError):
            self.stop._set_done({"state": "to_do"})
        with self.assertRaises(UserError):
            self.stop._set_done({"state": "absent"})
        self.assertEqual(len(self._get_payments()), 1)
        self.assertEqual(self.order.serve_state, "served")

    def test_fetched_at_the_till_it_is_not_brought(self):
        own = self.distribution.with_user(self.user_referent)
        own.coop_till_open(0.0)
        self.order.with_user(self.user_referent).coop_till_serve(
            {"payments": [{"kind": "cash", "amount": 15.7}]}
        )
        self.assertEqual(self.stop.state, "done")
        self.assertEqual(self.stop.counted, 0)
        with self.assertRaises(UserError):
            self._done(kind="cash", amount=15.7)
        self.assertEqual(len(self._get_payments()), 1)

    def test_brought_home_it_is_not_served_at_the_till(self):
        self._done(kind="cash", amount=15.7)
        own = self.distribution.with_user(self.user_referent)
        own.coop_till_open(0.0)
        with self.assertRaises(UserError):
            self.order.with_user(self.user_referent).coop_till_serve(
                {"payments": [{"kind": "cash", "amount": 15.7}]}
            )
        self.assertEqual(len(self._get_payments()), 1)

    def test_nobody_at_home_it_is_kept_and_somebody_calls(self):
        self.stop._set_done({"state": "absent", "note": "Volets fermés"})
        self.assertEqual(self.order.serve_state, "expected")
        tomorrow = self.order._coop_get_today() + timedelta(days=1)
        self.assertEqual(self.order.home_kept_until, tomorrow)
        call = self.order.activity_ids
        self.assertEqual(call.user_id, self.user_referent)
        self.assertIn("Volets fermés", call.summary)
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.member.ids)], limit=1
        )
        self.assertIn(self.user_referent.partner_id.name, mail.body_html)
        # The room empties: the basket is still hers.
        self.distribution.with_user(self.user_referent).action_count()
        self.assertEqual(self.order.serve_state, "expected")
        self.assertEqual(self.order_paper.serve_state, "no_show")
        self.order._cron_free_kept()
        self.assertEqual(self.order.serve_state, "expected")
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.order._cron_free_kept()
        self.assertEqual(self.order.serve_state, "no_show")
        left = self.distribution._get_own_left_overs()
        self.assertAlmostEqual(left[self.eggs_offer], 6.0)

    def test_kept_it_is_fetched_the_day_after(self):
        self.stop._set_done({"state": "absent"})
        own = self.distribution.with_user(self.user_referent)
        own.coop_till_open(0.0)
        row = next(r for r in own.coop_till_load()["orders"] if r.get("home"))
        self.assertTrue(row["kept"])
        self.order.with_user(self.user_referent).coop_till_serve(
            {"payments": [{"kind": "cash", "amount": 15.7}]}
        )
        self.assertFalse(self.order.home_kept_until)
        self.assertEqual(self.stop.state, "absent")

    def test_refused_it_is_left_over(self):
        self.stop._set_done({"state": "refused", "note": "Plus besoin"})
        self.assertEqual(self.order.serve_state, "no_show")
        self.assertEqual(set(self.order.picking_ids.mapped("state")), {"cancel"})
        self.assertIn("Plus besoin", self.order.activity_ids.summary)
        self.assertFalse(self.order.invoice_ids)

    def test_a_cooperative_that_keeps_nothing(self):
        self.company.coop_home_keep_days = 0
        self.stop._set_done({"state": "absent"})
        self.assertEqual(self.order.serve_state, "no_show")

    def test_wrong_stop_corrected_then_handed_over(self):
        self.stop._set_done({"state": "refused"})
        self.stop._set_done({"state": "to_do"})
        self.assertEqual(self.order.serve_state, "expected")
        self.assertFalse(self.order.activity_ids)
        self.stop._set_done({"state": "absent"})
        self._done(kind="later")
        self.assertEqual(self.order.serve_state, "served")
        self.assertFalse(self.order.home_kept_until)
        self.assertFalse(self.order.activity_ids)

    def test_still_on_its_way_when_the_room_empties(self):
        self.distribution.with_user(self.user_referent).action_count()
        self.assertEqual(self.order.serve_state, "expected")
        self._done(kind="later")
        self.assertEqual(self.order.serve_state, "served")

    def test_weighed_by_who_runs_the_day_only(self):
        for user in (self.user_member_2, self.user_buyer):
            with self.assertRaises(AccessError):
                self.order.with_user(user).coop_till_ready({})
        with self.assertRaises(UserError):
            self.order_paper.with_user(self.user_referent).coop_till_ready({})

    def test_purse_of_another_point(self):
        self._done(kind="cash", amount=15.7)
        purse = self._get_payments().cash_session_id
        self.point_1.referent_ids = False
        self.group_toul.referent_ids = False
        with self.assertRaises(AccessError):
            purse.with_user(self.user_referent).close_with_count({"counts": {}})
        for user in (self.user_member_2, self.user_member):
            with self.assertRaises(AccessError):
                purse.with_user(user).close_with_count({"counts": {}})


@tagged("post_install", "-at_install")
class TestCredit(HomeCase):
    """What a member has in advance pays the basket: at the door and at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journal = cls.env["account.journal"]._coop_get_payment_journal(
            cls.company, "transfer"
        )
        cls.advance = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": cls.member.id,
                "amount": 10.0,
                "journal_id": journal.id,
            }
        )
        cls.advance.action_post()
        if not cls.advance.move_id:
            # A bank journal without an outstanding account waits for its statement.
            cls.advance.outstanding_account_id = journal.default_account_id
            cls.advance._generate_journal_entry()
            cls.advance.move_id.action_post()

    def test_at_the_door(self):
        self.assertAlmostEqual(self.stop._get_home_values()["due"], 5.7)
        self._done(kind="cash", amount=5.7)
        self.assertEqual(self.order.coop_amount_due, 0.0)

    def test_at_the_till(self):
        own = self.distribution.with_user(self.user_referent)
        own.coop_till_open(0.0)
        alice = self.order.with_user(self.user_referent)
        self.assertAlmostEqual(alice.coop_till_read()["credit"], 10.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            alice.coop_till_serve({"payments": [{"kind": "cash", "amount": 15.7}]})
        result = alice.coop_till_serve({"payments": [{"kind": "cash", "amount": 5.7}]})
        self.assertAlmostEqual(result["paid"], 5.7)
        self.assertEqual(self.order.coop_payment_state, "paid")
        self.assertEqual(alice.coop_till_read()["credit"], 0.0)


@tagged("post_install", "-at_install")
class TestHomeRoute(HomeCase, HttpCase):
    def _post(self, **values):
        return self.url_open(
            f"/my/coop/rounds/{self.trip.id}/stop/{self.stop.id}",
            data={"csrf_token": http.Request.csrf_token(self), **values},
        )

    def test_from_the_driver_s_phone(self):
        self.authenticate("coop_member_2", "coop_member_2")
        page = self.url_open(f"/my/coop/rounds/{self.trip.id}").text
        self.assertIn("15,70", page)
        self.assertIn('name="number"', page)
        values = {"state": "done", "counted": "1", "signed_by": "Alice"}
        page = self._post(**values, kind="cash", amount="beaucoup")
        self.assertIn('role="alert"', page.text)
        self.assertEqual(self.order.serve_state, "expected")
        self._post(**values, kind="cash", amount="15,70")
        self.assertEqual(self.order.coop_payment_state, "paid")
        self.assertEqual(self.order.collected_by, "Alice")
        page = self.url_open(f"/my/coop/rounds/{self.trip.id}").text
        self.assertIn("15,70", page)
        self.assertIn("15,70", self.url_open("/my/coop").text)

    def test_the_last_stop_sent_twice(self):
        self.trip.stop_ids.filtered("distribution_id").unlink()
        self.authenticate("coop_member_2", "coop_member_2")
        for _time in range(2):
            page = self._post(
                state="done", counted="1", signed_by="Alice", kind="later"
            )
            self.assertEqual(page.status_code, 200)
            self.assertTrue(page.url.endswith("/my/coop"))
        self.assertEqual(self.trip.state, "done")
        self.assertEqual(len(self.order.invoice_ids), 1)
