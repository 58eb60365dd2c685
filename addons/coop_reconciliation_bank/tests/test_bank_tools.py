# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from odoo.tests import BaseCase, tagged

from ..tools import ofx, statement_file


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_doctests(self):
        for module in (ofx, statement_file):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0, module.__name__)
            self.assertEqual(results.failed, 0, module.__name__)
