# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessDenied, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CoopCommon

PASSWORD = "une phrase assez longue"


@tagged("post_install", "-at_install")
class TestIdentity(CoopCommon):
    """No account becomes somebody's by an address that was only typed."""

    def _sign_up(self, email, token=None, **values):
        """As a visitor: Odoo's own sign-up, open or by an invitation."""
        public = self.env.ref("base.public_user")
        users = self.env["res.users"].with_user(public).sudo()
        self.company.coop_open_signup = True
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        users.signup(
            {"login": email, "name": "Qui veut", "password": PASSWORD, **values}, token
        )
        return self.env["res.users"].search([("login", "=", email)])

    def test_nobody_signs_up_alone(self):
        self.company.coop_open_signup = False
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        users = self.env["res.users"].with_user(self.env.ref("base.public_user")).sudo()
        self.assertEqual(users._get_signup_invitation_scope(), "b2b")
        with self.assertRaisesRegex(Exception, "invit|uninvited"):
            users.signup({"login": "x@example.com", "name": "X", "password": PASSWORD})

    def test_a_stranger_s_account_is_marked(self):
        user = self._sign_up("futur.adherent@example.com")
        self.assertTrue(user.partner_id.coop_email_unproved)

    def test_typing_an_address_proves_nothing(self):
        partner = self.member
        for way in (
            lambda: self.user_member.with_user(self.user_member).write(
                {"email": "somebody.else@example.com"}
            ),
            # Odoo's account page writes as superuser, on behalf of the same user.
            lambda: (
                partner.with_user(self.user_member)
                .sudo()
                .write({"email": "somebody.else@example.com"})
            ),
        ):
            with self.env.cr.savepoint() as savepoint:
                way()
                self.assertTrue(partner.coop_email_unproved)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertFalse(partner.coop_email_unproved)

    def test_staff_vouch_for_what_they_write(self):
        self.member.coop_email_unproved = True
        self.member.with_user(self.user_coordinator).email = "vu@example.com"
        self.assertFalse(self.member.coop_email_unproved)

    def test_the_link_gives_the_card_its_owner_s_account(self):
        """A stranger signed up with a member's address; the member gets the link."""
        user = self._sign_up("nouvelle@example.com")
        card = self.env["res.partner"].create(
            {
                "name": "Nouvelle Adhérente",
                "email": "nouvelle@example.com",
                "is_coop_member": True,
            }
        )
        card.with_user(self.user_coordinator)._coop_invite_by_mail()
        self.assertFalse(card.user_ids)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("token=", mail.body_html)
        stranger = user.partner_id
        self._sign_up(
            "nouvelle@example.com",
            card._generate_signup_token(),
            password=PASSWORD + " !",
        )
        self.assertEqual(card.user_ids, user)
        self.assertFalse(stranger.active)
        self.assertFalse(card.coop_email_unproved)
        # The stranger's password opens it no more.
        with self.assertRaises(AccessDenied):
            user.with_user(user)._check_credentials(
                {"type": "password", "password": PASSWORD}, {"interactive": True}
            )

    def test_a_member_s_number_logs_in(self):
        users = self.env["res.users"].sudo()
        number = self.member.coop_number
        self.assertEqual(
            users.search(users._get_login_domain(number)), self.user_member
        )
        self.member.action_coop_leave()
        self.assertFalse(users.search(users._get_login_domain(number)))

    def test_a_short_password_is_refused(self):
        with self.assertRaises(UserError):
            self.user_member.password = "a"

    # ------------------------------------------------------------------
    # A code on paper
    # ------------------------------------------------------------------

    def test_a_code_opens_once(self):
        member = self.member_paper
        code = member._coop_make_code()
        partners = self.env["res.partner"].with_user(self.env.ref("base.public_user"))
        find = partners._coop_find_by_code
        self.assertFalse(find(self.company, member.coop_number, "AAAA-AAAA"))
        found = find(self.company, member.coop_number, code.lower())
        self.assertEqual(found, member)
        user = found._coop_open_account(PASSWORD)
        self.assertEqual(user.login, member.coop_number)
        self.assertTrue(user._is_portal())
        self.assertFalse(find(self.company, member.coop_number, code))

    def test_guesses_are_limited(self):
        member = self.member_paper
        code = member._coop_make_code()
        find = self.env["res.partner"]._coop_find_by_code
        for _index in range(10):
            self.assertFalse(find(self.company, member.coop_number, "ZZZZ-ZZZZ"))
        self.assertFalse(find(self.company, member.coop_number, code))

    def test_the_letter(self):
        action = self.member_paper.with_user(self.user_coordinator).action_coop_invite()
        html = self.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], self.member_paper.ids, data=action["data"]
        )[0]
        code = action["data"]["codes"][self.member_paper.id]
        self.assertIn(code, html.decode())
        self.assertIn(self.member_paper.coop_number, html.decode())

    # ------------------------------------------------------------------
    # Asking to join
    # ------------------------------------------------------------------

    def _ask(self, **values):
        requests = self.env["coop.join.request"].with_user(
            self.env.ref("base.public_user")
        )
        values = {"name": "Alba Ferreira", "email": "alba@example.com", **values}
        return requests._ask(self.company, values)

    def test_asked_and_accepted(self):
        asked = self._ask(group_id=str(self.group_toul.id), message="Voisine")
        (task,) = asked.activity_ids
        self.assertEqual(task.user_id, self.user_referent)
        self.assertEqual(self._ask(), asked)
        asked.with_user(self.user_referent).action_accept()
        member = asked.partner_id
        self.assertTrue(member.coop_is_active)
        self.assertEqual(member.coop_group_id, self.group_toul)
        self.assertEqual(member.user_ids.login, "alba@example.com")
        with self.assertRaises(UserError):
            asked.with_user(self.user_referent).action_accept()

    def test_refused_in_words_and_looked_at_again(self):
        asked = self._ask().with_user(self.user_coordinator)
        with self.assertRaises(UserError):
            asked.action_refuse()
        asked.answer = "Le groupe est <b>complet</b>"
        asked.action_refuse()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, "alba@example.com")
        self.assertIn("&lt;b&gt;complet", mail.body_html)
        asked.action_reopen()
        self.assertEqual(asked.state, "new")

    def test_a_known_card_is_offered_to_its_address(self):
        """Whoever typed it learns nothing and gets nothing."""
        self.member.email = self.user_member.login = "connue@example.com"
        before = self.env["coop.join.request"].search_count([])
        self.assertFalse(self._ask(email="connue@example.com"))
        self.assertEqual(self.env["coop.join.request"].search_count([]), before)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.recipient_ids, self.member)

    def test_what_is_missing_is_named(self):
        for values, words in (
            ({"name": " "}, "name"),
            ({"email": "x"}, "e-mail"),
            ({"email": "", "phone": ""}, "e-mail"),
            ({"email": "", "phone": "12"}, "phone"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, words):
                self._ask(**values)

    def test_another_group_s_referent(self):
        asked = self._ask(group_id=str(self.group_nancy.id))
        requests = self.env["coop.join.request"].with_user(self.user_referent)
        self.assertNotIn(asked, requests.search([]))


@tagged("post_install", "-at_install")
class TestJoinPages(HttpCase):
    def test_what_was_typed_stays(self):
        page = self.url_open("/coop/join").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = self.url_open(
            "/coop/join",
            data={"name": "Alba <i>", "email": "faux", "csrf_token": token},
        ).text
        self.assertIn("Alba &lt;i&gt;", answer)
        self.assertIn('value="faux"', answer)
        self.assertIn("alert-danger", answer)

    def test_a_code_opens_the_member_s_page(self):
        user = new_test_user(self.env, "lettre", "base.group_portal")
        user.partner_id.write({"is_coop_member": True, "name": "Lettre"})
        code = user.partner_id._coop_make_code()
        page = self.url_open("/coop/code").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        data = {
            "number": user.partner_id.coop_number,
            "code": code,
            "password": PASSWORD,
            "password_again": PASSWORD,
            "csrf_token": token,
        }
        answer = self.url_open("/coop/code", data={**data, "code": "XXXX"})
        self.assertIn("alert-danger", answer.text)
        answer = self.url_open("/coop/code", data=data)
        self.assertTrue(answer.url.endswith("/my/coop"), answer.url)

    def test_a_member_starts_at_home(self):
        user = new_test_user(self.env, "chez_soi", "base.group_portal")
        user.partner_id.write({"is_coop_member": True, "name": "Chez soi"})
        page = self.url_open("/web/login").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = self.url_open(
            "/web/login",
            data={
                "login": user.partner_id.coop_number,
                "password": "chez_soi",
                "csrf_token": token,
            },
        )
        self.assertTrue(answer.url.endswith("/my/coop"), answer.url)

    def test_sign_up_is_closed(self):
        self.assertEqual(self.url_open("/web/signup").status_code, 404)
