# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestNobodyAsked(ReconciliationCommon):
    """Without the settings, bills are matched, linked and posted as Odoo does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour = cls._product("Farine", 2.0)
        cls.salt = cls._product("Sel", 2.0)

    def _set(self, **values):
        settings = self.env["res.config.settings"].create(values)
        settings.execute()

    def _rows(self, bill, order):
        self.env.flush_all()
        return self.env["purchase.bill.line.match"].search(
            [
                "|",
                ("pol_id", "in", order.order_line.ids),
                ("aml_id", "in", bill.invoice_line_ids.ids),
            ]
        )

    def test_a_new_company_has_asked_for_nothing(self):
        company = self.env["res.company"].create({"name": "Autre"})
        self.assertFalse(company.coop_match_bills)
        self.assertFalse(company.coop_keep_einvoices)
        self.assertFalse(company.coop_refuse_duplicates)

    def test_settings_are_the_company_s(self):
        self._set(coop_match_bills=False, coop_refuse_duplicates=False)
        self.assertFalse(self.company.coop_match_bills)
        self.assertFalse(self.company.coop_refuse_duplicates)
        self._set(coop_match_bills=True)
        self.assertTrue(self.company.coop_match_bills)
        self.assertFalse(self.company.coop_refuse_duplicates)

    def test_odoo_links_by_reference_and_total(self):
        self.company.coop_match_bills = False
        order = self._order([(self.flour, 10, 2.0)])
        bill = self._bill([(self.salt, 10, 2.0)])
        bill._find_and_set_purchase_orders(
            [order.name], bill.partner_id.id, order.amount_total
        )
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, order.order_line)
        self.assertEqual(bill.match_state, "none")

    def test_ours_keeps_the_bill_once_asked(self):
        order = self._order([(self.flour, 10, 2.0)])
        bill = self._bill([(self.salt, 10, 2.0)])
        before = self._snapshot(bill)
        bill._find_and_set_purchase_orders(
            [order.name], bill.partner_id.id, order.amount_total
        )
        self.assertEqual(self._snapshot(bill), before)
        self.assertEqual(bill.match_state, "exception")

    def test_nothing_is_matched_by_itself(self):
        self.company.coop_match_bills = False
        order = self._order([(self.flour, 10, 2.0)])
        bill = self._bill([(self.flour, 10, 2.0)], order=order)
        self._receive(order)
        with self.enter_registry_test_mode():
            self.env.ref(
                "coop_reconciliation.coop_bill_match_cron"
            ).method_direct_trigger()
        self.assertEqual(bill.match_state, "none")
        self.assertFalse(bill.bill_match_ids)

    def test_a_person_may_still_ask_for_one_bill(self):
        self.company.coop_match_bills = False
        order = self._order([(self.flour, 10, 2.0)])
        self._receive(order)
        bill = self._match(self._bill([(self.flour, 10, 2.0)], order=order))
        self.assertEqual(bill.match_state, "matched")

    def test_odoo_matches_by_hand_as_before(self):
        self.company.coop_match_bills = False
        order = self._order([(self.flour, 10, 2.0)])
        bill = self._bill([(self.salt, 10, 2.0)])
        self.assertFalse(self._rows(bill, order).action_match_lines())
        self.assertEqual(bill.invoice_line_ids.product_id, self.flour)
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, order.order_line)

    def test_a_substitute_chosen_by_hand_is_linked_with_a_warning(self):
        order = self._order([(self.flour, 10, 2.0)])
        self._receive(order)
        bill = self._bill([(self.salt, 10, 2.0)])
        before = self._snapshot(bill)
        said = self._rows(bill, order).with_user(self.accountant).action_match_lines()
        self.assertEqual(self._snapshot(bill), before)
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, order.order_line)
        self.assertEqual(said["params"]["type"], "warning")
        self.assertIn("Farine", said["params"]["message"])

    def test_which_is_which_must_be_clear(self):
        order = self._order([(self.flour, 10, 2.0)])
        bill = self._bill([(self.salt, 10, 2.0), (None, 1, 2.0)])
        with self.assertRaises(UserError):
            self._rows(bill, order).action_match_lines()
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)

    def test_odoo_leaves_the_xml_in_the_mail(self):
        self.company.coop_keep_einvoices = False
        bill = self._bill([(self.flour, 1, 2.0)])
        invoice, broken = self.env["ir.attachment"].create(
            [
                {"name": "a.xml", "raw": b"<a/>", "mimetype": "application/xml"},
                {"name": "a.zip", "raw": b"PK", "mimetype": "application/zip"},
            ]
        )
        files = bill._to_files_data(invoice | broken)
        self.assertFalse(bill._should_attach_to_record(invoice))
        self.assertFalse(any(bill._get_edi_decoder(data, new=True) for data in files))
        self.company.coop_keep_einvoices = True
        self.assertTrue(bill._should_attach_to_record(invoice))
        self.assertTrue(all(bill._get_edi_decoder(data, new=True) for data in files))

    def test_a_known_number_is_only_warned_of(self):
        self.company.coop_refuse_duplicates = False
        first, second = (self._bill([(self.flour, 1, 2.0)]) for _ in range(2))
        first.action_post()
        self.assertTrue(second.duplicated_ref_ids)
        second.action_post()
        self.assertEqual(second.state, "posted")

    def test_a_known_number_is_refused_once_asked(self):
        first, second = (self._bill([(self.flour, 1, 2.0)]) for _ in range(2))
        first.action_post()
        with self.assertRaisesRegex(UserError, "FA-1"):
            second.action_post()
