# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from odoo.tests import BaseCase, tagged

from ..tools import bill_lines, einvoice, einvoice_data, einvoice_reader, reference


@tagged("post_install", "-at_install")
class TestEInvoiceDoctests(BaseCase):
    def test_doctests(self):
        for module in (bill_lines, einvoice, einvoice_data, einvoice_reader, reference):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0, module.__name__)
            self.assertEqual(results.failed, 0, module.__name__)
