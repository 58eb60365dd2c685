# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import DATA, ReconciliationCommon


@tagged("post_install", "-at_install")
class TestWorkList(ReconciliationCommon, HttpCase):
    """The work list: what it shows, its keys, and who may use them."""

    browser_size = "1300x850"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._product("Farine", 2.0)

    def setUp(self):
        super().setUp()
        # Other bills of the database would come before these.
        self.env["account.move"].search([("match_state", "=", "exception")]).write(
            {"match_wait": True}
        )
        self.policy.auto_claim = False
        self.bills = self.env["account.move"]
        for number, received in ((1, 5), (2, 8)):
            order = self._order([(self.product, 10, 2.0)])
            self._receive(order, {self.product: received}, note=f"BL-{number}")
            self.bills |= self._bill(
                [(self.product, 10, 2.0)], ref=f"WL-{number}", order=order
            )
        self.bills.action_coop_match()

    def _list(self, user=None):
        model = self.env["account.move"].with_user(user or self.accountant)
        return model.coop_work_list()

    def test_worst_first_in_words(self):
        found = self._list()
        self.assertEqual([row["ref"] for row in found["rows"]], ["WL-1", "WL-2"])
        self.assertEqual([row["amount"] for row in found["rows"]], [10.0, 4.0])
        self.assertIn("Farine", found["rows"][0]["summary"])
        self.assertEqual(found["count"], 2)

    def test_touchless_of_the_week(self):
        before = self._list()["touchless"]
        order = self._order([(self.product, 10, 2.0)])
        self._receive(order)
        bill = self._bill([(self.product, 10, 2.0)], ref="WL-3", order=order)
        bill.action_coop_match()
        after = self._list()["touchless"]
        self.assertEqual(after["total"], before["total"] + 1)
        self.assertEqual(after["touchless"], before["touchless"] + 1)
        bill.match_date = "2020-01-01"
        self.assertEqual(self._list()["touchless"], before)

    def test_document_made_readable(self):
        bill = self._upload("ubl-fr-en16931.xml")
        document = bill.coop_work_detail()["document"]
        self.assertIn(bill.ref, document["html"])
        self.assertIn("Nougat", document["html"])
        pdf = self._upload("facturx-fnfe-facture-fr-basic.pdf")
        self.assertIn("/web/content/", pdf.coop_work_detail()["document"]["url"])
        self.assertFalse(self.bills[0].coop_work_detail()["document"])

    @mute_logger("odoo.addons.account.models.account_document_import_mixin")
    def test_unreadable_and_unknown_supplier_are_listed(self):
        """Nothing that was uploaded is forgotten; set aside, it leaves the list."""
        good = (DATA / "ubl-fr-en16931.xml").read_bytes()
        broken = self._upload("coupe.xml", good[: len(good) // 2])
        unknown = self._upload("ubl-fr-en16931.xml")
        unknown.write({"partner_id": False, "match_date": False})
        unknown.sudo().bill_exception_ids.unlink()
        rows = {row["id"]: row for row in self._list()["rows"]}
        self.assertIn("coupe.xml", rows[broken.id]["summary"])
        self.assertTrue(rows[unknown.id]["supplier"])
        self.assertTrue(rows[unknown.id]["summary"])
        detail = broken.coop_work_detail()
        self.assertFalse(detail["can_accept"])
        self.assertFalse(detail["can_claim"])
        broken.coop_work_act("wait")
        self.assertNotIn(broken.id, [row["id"] for row in self._list()["rows"]])

    def test_accept_and_undo(self):
        bill = self.bills[0]
        result = bill.coop_work_act("accept")
        self.assertEqual(bill.match_state, "accepted")
        self.assertTrue(result["undo"])
        bill.coop_work_undo(result["exceptions"])
        self.assertEqual(bill.match_state, "exception")

    def test_what_posts_itself_is_not_undone(self):
        self.policy.auto_post = True
        result = self.bills[0].coop_work_act("accept")
        self.assertTrue(result["posted"])
        self.assertFalse(result["undo"])

    def test_the_buyer_cannot_decide(self):
        bill = self.bills[0].with_user(self.buyer)
        for name in ("accept", "wait"):
            with self.assertRaises(AccessError):
                bill.coop_work_act(name)
        self.assertEqual(self.bills[0].match_state, "exception")

    def test_queries(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._list()
            return self.env.cr.sql_log_count - start

        few = cost()
        for number in range(4, 14):
            order = self._order([(self.product, 10, 2.0)])
            self._receive(order, {self.product: 5})
            self.bills |= self._bill(
                [(self.product, 10, 2.0)], ref=f"WL-{number}", order=order
            )
        self.bills.action_coop_match()
        self.assertLessEqual(cost() - few, 3)

    def test_by_keyboard_only(self):
        self.accountant.password = "reco_accountant"
        self.start_tour(
            "/odoo/bills-to-check",
            "coop_reconciliation_work_list",
            login="reco_accountant",
        )
        self.env.invalidate_all()
        self.assertEqual(self.bills.mapped("match_state"), ["exception", "accepted"])
        self.assertEqual(len(self.bills[0].claim_ids), 1)
