# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from .producer_common import ProducerData

NEW = "bea@example.com"


class HelperData(ProducerData):
    @classmethod
    def _create_helpers(cls, env):
        cls._create_sent_window(env)
        # Another contact of the farm, whom staff gave an account.
        cls.member_user.partner_id.email = "member@example.com"
        cls.other_helper_user = new_test_user(
            env, "coop_other_helper", "base.group_portal", lang="en_US"
        )
        cls.other_helper_user.partner_id.email = "other@example.com"
        cls.other_helper = cls._invite(cls, "other@example.com", cls.other_farm)

    def _invite(self, email, producer=None, name="Béa", user=None):
        return (
            self.env["coop.producer.helper"]
            .with_user(user or self.buyer)
            .create(
                {
                    "producer_id": (producer or self.farm).id,
                    "name": name,
                    "email": email,
                }
            )
        )

    def _find(self, email):
        return self.env["coop.producer.helper"].search([("email", "=", email)])


@tagged("post_install", "-at_install")
class TestProducerHelper(HelperData, BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_helpers(cls.env)

    def test_the_buyer_invites_a_person(self):
        helper = self._invite("  Bea@Example.com ")
        user = self.env["res.users"].search([("login", "=", NEW)])
        self.assertEqual(helper.sudo().user_id, user)
        self.assertTrue(user._is_portal())
        self.assertEqual(user.partner_id.commercial_partner_id, user.partner_id)
        mail = self.env["mail.mail"].search([("email_to", "=", NEW)])
        self.assertIn("token=", mail.body_html)
        self.assertIn("Béa", self.farm.message_ids[0].body)

    def test_rpc_of_a_helper_ends_with_the_access(self):
        helper = self._invite(NEW)
        user = helper.sudo().user_id
        orders = self.env["purchase.order"].with_user(user)
        lines = self.env["purchase.order.line"].with_user(user)
        self._create_draft_purchase(self.env)
        self.assertEqual(orders.search([]), self.purchase)
        self.assertEqual(lines.search([]), self.purchase.order_line)
        with self.assertRaises(AccessError):
            self.other_purchase.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            self.purchase.with_user(user).write({"coop_delivery_note_ref": "x"})
        helper.with_user(self.buyer).unlink()
        self.assertFalse(orders.search([]))
        self.assertFalse(lines.search([]))
        with self.assertRaises(AccessError):
            self.purchase.with_user(user).read(["name"])
        self.assertIn("was withdrawn", self.farm.message_ids[0].body)

    def test_portal_users_reach_no_helper_by_rpc(self):
        helper = self._invite(NEW)
        for user in (self.producer_user, self.member_user, helper.sudo().user_id):
            with self.assertRaises(AccessError):
                helper.with_user(user).read(["email"])
            with self.assertRaises(AccessError):
                self._invite("x@example.com", user=user)
            with self.assertRaises(AccessError):
                helper.with_user(user).unlink()

    def test_an_address_that_a_member_has(self):
        helper = self._invite("member@example.com")
        self.assertEqual(helper.sudo().user_id, self.member_user)
        self.assertEqual(self.member_user._coop_get_producer(), self.farm)
        self.assertTrue(self.member_user.partner_id.is_coop_member)
        mail = self.env["mail.mail"].search([("email_to", "=", "member@example.com")])
        # Already known: no new password.
        self.assertNotIn("token=", mail.body_html)

    def test_a_member_without_account_stays_one_person(self):
        self.paper_member.email = "odile@example.com"
        helper = self._invite("odile@example.com")
        self.assertEqual(helper.sudo().user_id.partner_id, self.paper_member)

    def test_two_members_with_one_address(self):
        (self.paper_member | self.member_b).email = "house@example.com"
        self.member_b_user.active = False
        self.paper_member.copy({"email": "house@example.com"})
        partner = self._invite("house@example.com").sudo().user_id.partner_id
        self.assertNotIn(partner, self.paper_member | self.member_b)
        self.assertFalse(partner.is_coop_member)

    def test_addresses_that_are_refused(self):
        self.buyer.partner_id.email = "buyer@example.com"
        self.member_b.email = self.outsider.email = "both@example.com"
        self._invite(NEW)
        cases = {
            "bea": "one e-mail address",
            "": "one e-mail address",
            "a@example.com, b@example.com": "one e-mail address",
            "buyer@example.com": "works for the cooperative",
            "farm@example.com": "has this access already",
            NEW: "has this access already",
            "other@example.com": "another producer already",
            "both@example.com": "use another address",
        }
        count = self.env["coop.producer.helper"].search_count([])
        for email, sentence in cases.items():
            with self.assertRaisesRegex(UserError, sentence, msg=email):
                self._invite(email)
        with self.assertRaisesRegex(UserError, "the name of who helps"):
            self._invite("new@example.com", name="  ")
        self.assertEqual(self.env["coop.producer.helper"].search_count([]), count)

    def test_an_access_is_not_moved(self):
        helper = self._invite(NEW)
        for values in ({"email": "x@example.com"}, {"producer_id": self.other_farm.id}):
            with self.assertRaisesRegex(UserError, "Withdraw this access"):
                helper.write(values)
        helper.name = "Béatrice"

    def test_only_buyers_among_staff(self):
        for user in (self.referent, self.coordinator):
            with self.assertRaises(AccessError):
                self._invite(NEW, user=user)


@tagged("post_install", "-at_install")
class TestProducerHelperPortal(HelperData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_helpers(cls.env)
        cls.url = f"/my/producer/orders/{cls.purchase.id}"

    def _log_in_helper(self):
        """Béa, invited by the producer, with an open session."""
        helper = self._invite(NEW)
        user = helper.sudo().user_id
        user.password = "bea-bea-bea"
        user.lang = "en_US"
        self.authenticate(NEW, "bea-bea-bea")
        return helper

    def test_the_producer_invites_and_withdraws(self):
        self.authenticate("coop_producer", "coop_producer")
        self.assertIn("/my/producer/helpers", self.url_open("/my/producer").text)
        page = self._post("/my/producer/helpers", name="Béa", email=NEW).text
        self.assertIn("was written to at bea@example.com", page)
        self.assertNotIn("other@example.com", page)
        helper = self._find(NEW)
        self.assertEqual(helper.producer_id, self.farm)
        page = self._post(f"/my/producer/helpers/{helper.id}/withdraw").text
        self.assertIn("Béa has no access any more", page)
        self.assertFalse(self._find(NEW))

    def test_what_is_refused_is_said_and_kept(self):
        self.authenticate("coop_producer", "coop_producer")
        page = self._post("/my/producer/helpers", name="Béa", email="other@example.com")
        self.assertIn("another producer already", page.text)
        self.assertIn('value="Béa"', page.text)
        self.assertNotIn("Withdraw", page.text)

    def test_another_producer_s_helper_is_not_withdrawn(self):
        self.authenticate("coop_producer", "coop_producer")
        self._post(f"/my/producer/helpers/{self.other_helper.id}/withdraw")
        self.env.invalidate_all()
        self.assertTrue(self.other_helper.exists())

    def test_a_helper_sees_and_answers_this_producer_only(self):
        self._log_in_helper()
        self.assertIn("/my/producer", self.url_open("/my").text)
        page = self.url_open("/my/producer").text
        self.assertIn(self.purchase.name, page)
        self.assertNotIn(self.other_purchase.name, page)
        self.assertNotIn("/my/producer/helpers", page)
        self._post(f"{self.url}/confirm", answer="all")
        self.assertEqual(self.purchase.coop_confirmation_state, "full")
        self.assertEqual(self.purchase.message_ids[0].author_id.name, "Béa")
        catalogue = self.url_open("/my/producer/catalogue").text
        self.assertIn("Product 2", catalogue)
        self.assertNotIn("Product 0", catalogue)
        for path in (
            f"/my/producer/orders/{self.other_purchase.id}",
            f"/my/producer/orders/{self.other_purchase.id}/order.pdf",
        ):
            response = self.url_open(path, allow_redirects=False)
            self.assertEqual(response.status_code, 303, path)
        self._post(
            f"/my/producer/orders/{self.other_purchase.id}/confirm", answer="all"
        )
        photo = f"/my/producer/catalogue/{self.other_seller.id}/photo"
        self.assertEqual(self.url_open(photo).status_code, 404)
        self.env.invalidate_all()
        self.assertFalse(self.other_purchase.coop_confirmed_at)

    def test_a_helper_s_days_are_the_producer_s(self):
        self._log_in_helper()
        self._post("/my/producer/delivery", coop_delivers_1="1", lead_days="2")
        self.env.invalidate_all()
        self.assertTrue(self.farm.coop_delivers_1)
        self.assertEqual(self.farm.coop_lead_days, 2)

    def test_a_helper_invites_nobody(self):
        helper = self._log_in_helper()
        page = self.url_open("/my/producer/helpers", allow_redirects=False)
        self.assertEqual(page.status_code, 303)
        self._post("/my/producer/helpers", name="Zoé", email="zoe@example.com")
        self._post(f"/my/producer/helpers/{helper.id}/withdraw")
        self.env.invalidate_all()
        self.assertFalse(self._find("zoe@example.com"))
        self.assertTrue(helper.exists())

    def test_withdrawn_with_an_open_session(self):
        helper = self._log_in_helper()
        self.assertIn(self.purchase.name, self.url_open(self.url).text)
        # An old link of Odoo's leads to the page, without the order's secret.
        old = self.url_open(f"/my/purchase/{self.purchase.id}")
        self.assertNotIn("access_token", old.url)
        helper.with_user(self.buyer).unlink()
        for path in (
            "/my/producer",
            "/my/producer/orders",
            "/my/producer/catalogue",
            "/my/producer/helpers",
            self.url,
            f"{self.url}/delivery_note.pdf",
        ):
            page = self.url_open(path)
            self.assertTrue(page.url.endswith("/my"), path)
            self.assertNotIn(self.purchase.name, page.text)
        photo = f"/my/producer/catalogue/{self.sellers[0].id}/photo"
        self.assertEqual(self.url_open(photo).status_code, 404)
        self._post(f"{self.url}/confirm", answer="all")
        self._post("/my/producer/delivery", coop_delivers_3="1", lead_days="9")
        key = self.sellers[0].id
        self._post(
            "/my/producer/catalogue",
            **{f"price_{key}": "99", f"was_price_{key}": "1.00"},
        )
        self.env.invalidate_all()
        self.assertFalse(self.purchase.coop_confirmed_at)
        self.assertFalse(self.farm.coop_delivers_3)
        self.assertNotEqual(self.sellers[0].price, 99)

    def test_members_and_staff_do_not_invite(self):
        for login in ("coop_member_a", "coop_buyer"):
            self.authenticate(login, login)
            self._post("/my/producer/helpers", name="Zoé", email="zoe@example.com")
            self.assertFalse(self._find("zoe@example.com"), login)
