# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from odoo.addons.coop_einvoice.tests.einvoice_files import File, Row

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestEInvoiceMatching(ReconciliationCommon):
    """What matching says of an e-invoice as soon as it is read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = File([Row("Miel", "2", "9.00"), Row("Pain", "3", "4.00", "5.5")])

    def test_missing_rate_is_told(self):
        bill = self._upload("cii-partial-invoice-2.xml")
        self.assertIn("tax", self._kinds(bill))

    def test_missing_rate_goes_to_the_account_of_the_policy(self):
        account = self.env["account.account"].create(
            {"name": "À vérifier", "code": "471999", "account_type": "asset_current"}
        )
        self.policy.suspense_account_id = account
        bill = self._upload("cii-partial-invoice-2.xml")
        line = bill.invoice_line_ids.filtered(lambda x: x.bill_line_kind == "tax")
        self.assertEqual(line.account_id, account)

    def test_locked_period(self):
        """It is read and matched as ever; posted, it is dated after the lock."""
        self.policy.auto_post = True
        self.company.fiscalyear_lock_date = "2026-06-30"
        order = self._order(
            [(self.oil, 10, 13.5), (self.nougat, 20, 6.9)], name="PO1242"
        )
        self._receive(order, note="BL-2026/05/12")
        bill = self._upload("ubl-fr-en16931.xml")
        self.assertEqual(bill.state, "posted")
        self.assertEqual(str(bill.invoice_date), "2026-06-17")
        self.assertGreater(str(bill.date), "2026-06-30")
        self.assertAlmostEqual(bill.amount_total, 308.03, 2)

    def test_vat_that_is_not_its_rate(self):
        rows = [Row("Miel", "10", "9.00")]
        for syntax in ("ubl", "cii"):
            for type_code, total in (("380", 110.0), ("381", 110.0)):
                file = File(rows, f"{syntax}{type_code}", type_code)
                file.breakdown = (("20", "S", "90.00", "20.00"),)
                bill = self._upload("tva.xml", getattr(file, syntax)())
                self.assertAlmostEqual(bill.amount_total, total)
                found = bill.bill_exception_ids.filtered(lambda e: e.kind == "tax")
                self.assertEqual((found.state, found.amount), ("open", 2.0))
                bill.action_coop_match()
                self.assertEqual(found, found.exists())

    def test_same_file_twice(self):
        bills = [self._upload("deux.xml", self.file.ubl()) for __ in range(2)]
        self.assertNotIn("duplicate", self._kinds(bills[0]))
        self.assertIn("duplicate", self._kinds(bills[1]))

    def test_sums_that_do_not_agree(self):
        """The total is the file's; what no line explains waits for somebody."""
        for good in (self.file.ubl(), self.file.cii()):
            content = good.replace(b">30.00<", b">31.00<").replace(
                b">34.26<", b">35.26<"
            )
            bill = self._upload("somme.xml", content)
            self.assertAlmostEqual(bill.amount_total, 35.26)
            found = bill.bill_exception_ids.filtered(lambda e: e.kind == "total")
            self.assertEqual((found.state, found.amount), ("open", 1.0))
