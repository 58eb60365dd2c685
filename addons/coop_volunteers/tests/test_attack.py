# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What others may know of a member's shifts, tried by every door."""

from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .common import ShiftCommon

SECRET = "chimiothérapie"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 11:00:00")
class TestAttack(ShiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls._shift(start=datetime(2026, 3, 3, 8))
        cls.absence = cls._register(cls.shift, cls.member_2, state="absent")
        cls.absence.reason = SECRET
        cls.leave = cls.env["coop.member.leave"].create(
            {
                "member_id": cls.member_2.id,
                "type_id": cls.env.ref(
                    "coop_volunteers.coop_member_leave_type_parental"
                ).id,
                "date_from": "2026-04-01",
                "date_to": "2026-05-01",
                "reason": SECRET,
            }
        )
        (cls.member | cls.member_2)._update_volunteer_status()
        # The referent of the group of the victim: they see the member, no more.
        cls.group_nancy.referent_ids = cls.user_referent.partner_id
        cls.clerk = new_test_user(cls.env, "clerk", groups="base.group_user")
        cls.others = (
            cls.user_member,
            cls.user_referent,
            cls.user_buyer,
            cls.user_coordinator,
            cls.clerk,
        )

    def _assert_hidden(self, ask, *secrets):
        """An access error, or an answer without the secret."""
        try:
            answer = str(ask())
        except AccessError:
            return
        for secret in secrets:
            self.assertNotIn(secret, answer)

    def test_fields_of_the_member(self):
        fields = [
            name
            for name, field in self.member._fields.items()
            if name.startswith(("volunteer_", "shift_"))
        ]
        self.assertGreater(len(fields), 15)
        for user in self.others:
            partners = self.env["res.partner"].with_user(user)
            visible = set(partners.fields_get())
            for name in fields:
                with self.subTest(user=user.login, field=name):
                    self.assertNotIn(name, visible)
                    for ask in self._ways_to_read(partners, name):
                        self._assert_refused(ask)

    def _ways_to_read(self, partners, name):
        known = [(name, "!=", False)]
        victim = partners.browse(self.member_2.id)
        return (
            lambda: victim.read([name]),
            lambda: partners.search(known),
            lambda: partners.name_search("", known),
            lambda: partners.search([], order=f"{name} desc"),
            lambda: partners.formatted_read_group([], [name], ["__count"]),
            lambda: partners.formatted_read_group([], [], [f"{name}:count"]),
            lambda: partners.web_search_read([], {name: {}}),
            lambda: victim.export_data([name])["datas"][0][0] or self._refused(),
        )

    def _refused(self):
        raise ValueError("An empty answer tells nothing.")

    def _assert_refused(self, ask):
        with self.assertRaises(Exception) as caught:
            ask()
        # Of a right that is missing, or of a field that cannot be asked that way.
        self.assertIsInstance(caught.exception, (UserError, ValueError))

    def test_through_another_model(self):
        """A filter on a related record tells as much as the record."""
        paths = (
            ("coop.shift", "referent_id.volunteer_status"),
            ("res.users", "partner_id.volunteer_status"),
            ("coop.group", "referent_ids.volunteer_status"),
        )
        for user in self.others:
            for model, path in paths:
                with self.subTest(user=user.login, path=path):
                    records = self.env[model].with_user(user)
                    if not records.has_access("read"):
                        continue
                    with self.assertRaises(AccessError):
                        records.search([(path, "!=", False)])
        for user in (self.user_member, self.user_referent, self.user_buyer, self.clerk):
            shifts = self.env["coop.shift"].with_user(user)
            # Only one's own registrations are looked into.
            for domain in (
                [("registration_ids.member_id", "=", self.member_2.id)],
                [("registration_ids.state", "=", "absent")],
                [("registration_ids", "any", [("state", "=", "absent")])],
            ):
                with self.subTest(user=user.login, domain=domain):
                    self._assert_hidden(
                        lambda shifts=shifts, domain=domain: shifts.search(domain),
                        str(self.shift),
                    )

    def test_how_often_somebody_comes(self):
        """Of a shift with one person, its forecast is theirs."""
        for user in self.others:
            shifts = self.env["coop.shift"].with_user(user)
            for name in ("forecast_present", "forecast_risk", "forecast_missing"):
                with self.subTest(user=user.login, field=name):
                    own = shifts.browse(self.shift.id)
                    self._assert_refused(lambda own=own, name=name: own.read([name]))
                    domain = [(name, ">", 0)]
                    self._assert_refused(
                        lambda shifts=shifts, domain=domain: shifts.search(domain)
                    )

    def test_records_of_others(self):
        models = (
            "coop.shift.registration",
            "coop.shift.ledger",
            "coop.member.leave",
            "coop.shift.extension",
            "coop.shift.notice",
            "coop.shift.trace",
            "coop.shift.message",
            "coop.shift.fixed.change",
            "coop.shift.report",
            "coop.volunteer.day",
            "coop.shift.template.fixed",
        )
        for user in self.others:
            for model in models:
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    if not records.has_access("read"):
                        continue
                    owner = next(
                        name
                        for name in ("member_id", "partner_id")
                        if name in records._fields
                    )
                    self.assertFalse(
                        records.search([(owner, "=", self.member_2.id)]), model
                    )
                    rows = records.formatted_read_group([], [owner], ["__count"])
                    self.assertNotIn(self.member_2.id, [r[owner][0] for r in rows])

    def test_what_was_told_is_on_no_card(self):
        """A mail that waits, or could not leave, is not read on the member's card."""
        self.policy.tell_cycle = True
        self.env["coop.shift.notice"]._tell(
            "cycle", self.member_2, self.member_2, "cycle:test"
        )
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.member_2.id)])
        self.assertTrue(mail)
        for user in self.others:
            with self.subTest(user=user.login):
                messages = self.env["mail.message"].with_user(user)
                for domain in (
                    [("id", "in", mail.mail_message_id.ids)],
                    [("model", "=", "res.partner"), ("res_id", "=", self.member_2.id)],
                    [("subject", "ilike", "cycle")],
                ):
                    self._assert_hidden(
                        lambda messages=messages, domain=domain: messages.search(
                            domain
                        ).mapped("body"),
                        "cycle of shifts",
                        "cycle de créneaux",
                    )

    def test_reasons_in_no_message(self):
        for user in self.others:
            messages = self.env["mail.message"].with_user(user)
            tracking = self.env["mail.tracking.value"].with_user(user)
            self._assert_hidden(
                lambda messages=messages: messages.search([]).mapped("body"), SECRET
            )
            self._assert_hidden(
                lambda tracking=tracking: tracking.search(
                    [("old_value_char", "ilike", SECRET)]
                ).mapped("old_value_char"),
                SECRET,
            )


@tagged("post_install", "-at_install")
class TestAttackPages(ShiftCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls._shift(start=datetime(2027, 3, 3, 8))
        cls.theirs = cls._register(cls.shift, cls.member_2)
        cls.member_2._set_feed_token()

    def test_pages_with_the_ids_of_another(self):
        self.authenticate("coop_member", "coop_member")
        name = self.member_2.name
        for path in (
            f"/my/coop/shifts/{self.theirs.id}",
            f"/my/coop/shifts/{self.theirs.id}.ics",
            f"/my/coop/shifts/{self.theirs.id}?for={self.member_2.id}",
            f"/my/coop/shifts?for={self.member_2.id}",
            f"/my/coop/shifts/points?for={self.member_2.id}",
            f"/my/coop/shifts/keys?for={self.member_2.id}",
            f"/my/coop/shifts/requests?for={self.member_2.id}",
            f"/my/coop/shifts/code.svg?for={self.member_2.id}",
        ):
            with self.subTest(path=path):
                answer = self.url_open(path)
                self.assertIn(answer.status_code, (403, 404))
                self.assertNotIn(name, answer.text)

    def test_feed_of_a_guess(self):
        token = self.member_2.volunteer_feed_token
        self.assertEqual(
            self.url_open(f"/coop/shifts/feed/{token}.ics").status_code, 200
        )
        for guess in (token[:-1], token + "a", "%", "_" * len(token), "False", "0"):
            answer = self.url_open(f"/coop/shifts/feed/{guess}.ics")
            self.assertEqual(answer.status_code, 404, guess)
        self.member_2.is_coop_member = False
        answer = self.url_open(f"/coop/shifts/feed/{token}.ics")
        self.assertEqual(answer.status_code, 404)
