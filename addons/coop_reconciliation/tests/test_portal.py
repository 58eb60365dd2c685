# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestClaimPortal(HttpCase):
    """A supplier sees and answers its own claims, nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [{"name": "Ferme A", "email": "a@example.org"}, {"name": "Ferme B"}]
        )
        cls.mine, cls.other = partners
        cls.user = new_test_user(
            cls.env, "ferme_a", "base.group_portal", partner_id=cls.mine.id
        )
        product = cls.env["product.product"].create({"name": "Nougat"})
        cls.buyer = new_test_user(
            cls.env, "claim_buyer", "purchase.group_purchase_user"
        )
        vals = {"user_id": cls.buyer.id}
        vals |= {"line_ids": [Command.create({"product_id": product.id})]}
        claims = cls.env["coop.supplier.claim"].create(
            [{**vals, "partner_id": p.id} for p in (cls.mine, cls.other, cls.mine)]
        )
        cls.claim, cls.foreign, cls.draft = claims
        (cls.claim + cls.foreign).action_mark_sent()

    def _answer(self, claim, **data):
        return self.url_open(
            f"/my/claims/{claim.id}/answer",
            data={"csrf_token": self.csrf_token(), **data},
        )

    def csrf_token(self):
        from odoo import http

        return http.Request.csrf_token(self)

    def test_list_and_page(self):
        self.authenticate("ferme_a", "ferme_a")
        page = self.url_open("/my/claims").text
        self.assertIn(self.claim.name, page)
        self.assertNotIn(self.foreign.name, page)
        self.assertNotIn(self.draft.name, page)
        page = self.url_open(f"/my/claims/{self.claim.id}")
        self.assertIn(self.claim.name, page.text)

    def test_foreign_and_draft_are_hidden(self):
        self.authenticate("ferme_a", "ferme_a")
        for claim in (self.foreign, self.draft):
            page = self.url_open(f"/my/claims/{claim.id}")
            self.assertTrue(page.url.rstrip("/").endswith("/my"), page.url)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nothing_by_rpc(self):
        claims = self.env["coop.supplier.claim"].with_user(self.user)
        self.assertEqual(claims.search([]), self.claim)
        with self.assertRaises(AccessError):
            claims.browse(self.foreign.id).read(["name"])
        with self.assertRaises(AccessError):
            claims.browse(self.claim.id).write({"state": "closed"})
        with self.assertRaises(AccessError):
            claims.browse(self.claim.id).action_close()

    def test_agree(self):
        self.authenticate("ferme_a", "ferme_a")
        self._answer(self.claim, answer="acknowledge", message="Avoir demain")
        self.assertEqual(self.claim.state, "acknowledged")
        self.assertEqual(self.claim.answer, "Avoir demain")
        self.assertIn("Avoir demain", "".join(self.claim.message_ids.mapped("body")))

    def test_refuse_with_a_reason(self):
        self.authenticate("ferme_a", "ferme_a")
        page = self._answer(self.claim, answer="reject", message="Pesé deux fois")
        self.assertEqual(self.claim.state, "rejected")
        self.assertEqual(self.claim.answer, "Pesé deux fois")
        self.assertIn("Pesé deux fois", page.text)
        # The buyer has something to do.
        self.assertEqual(self.claim.activity_ids.user_id, self.buyer)
        self.assertIn("Pesé deux fois", self.claim.activity_ids.note)

    def test_what_the_supplier_writes_is_text(self):
        self.authenticate("ferme_a", "ferme_a")
        self._answer(self.claim, answer="reject", message="<b>3 < 4</b>")
        self.assertIn("&lt;b&gt;3 &lt; 4", self.claim.activity_ids.note)

    def test_refuse_without_a_reason(self):
        self.authenticate("ferme_a", "ferme_a")
        page = self._answer(self.claim, answer="reject", message="  ")
        self.assertEqual(page.status_code, 200)
        self.assertIn("alert-danger", page.text)
        self.assertEqual(self.claim.state, "sent")
        self.assertFalse(self.claim.answer_kind)

    def test_replace(self):
        self.authenticate("ferme_a", "ferme_a")
        self._answer(self.claim, answer="replace", message="Mardi")
        self.assertEqual(self.claim.state, "acknowledged")
        self.assertEqual(self.claim.answer_kind, "replace")
        self.assertEqual(self.claim.activity_ids.user_id, self.buyer)
        # It is settled when the goods are there, which the buyer says.
        self.claim.with_user(self.buyer).action_replace()
        self.assertEqual(self.claim.state, "replaced")

    def test_upheld(self):
        self.authenticate("ferme_a", "ferme_a")
        self._answer(self.claim, answer="reject", message="Non")
        claim = self.claim.with_user(self.buyer)
        claim.action_uphold()
        self.assertEqual(claim.state, "sent")
        self.assertTrue(claim.remind_on)

    def test_answer_of_another(self):
        self.authenticate("ferme_a", "ferme_a")
        self._answer(self.foreign, answer="acknowledge")
        self.assertEqual(self.foreign.state, "sent")

    def test_only_known_answers(self):
        self.authenticate("ferme_a", "ferme_a")
        self._answer(self.claim, answer="closed")
        self.assertEqual(self.claim.state, "sent")

    @mute_logger("odoo.http")
    def test_without_csrf_token(self):
        self.authenticate("ferme_a", "ferme_a")
        page = self.url_open(
            f"/my/claims/{self.claim.id}/answer", data={"answer": "acknowledge"}
        )
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self.claim.state, "sent")

    def test_secret_link_of_the_mail(self):
        token = self.claim._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f"/my/claims/{self.claim.id}?access_token={token}")
        self.assertIn(self.claim.name, page.text)
        self._answer(self.claim, answer="acknowledge", access_token=token)
        self.assertEqual(self.claim.state, "acknowledged")

    def test_wrong_link(self):
        self.authenticate(None, None)
        self._answer(self.claim, answer="acknowledge", access_token="x")
        self.assertEqual(self.claim.state, "sent")
