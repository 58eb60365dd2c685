# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from odoo.tests import TransactionCase, tagged

from ..tools import match


@tagged("post_install", "-at_install")
class TestMatch(TransactionCase):
    def test_doctests(self):
        result = doctest.testmod(match)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)
