# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.coop_lettering.tests.common import LetteringDocuments

from .common import ReconciliationCommon


class LetteringCommon(LetteringDocuments, ReconciliationCommon):
    """Bills, payments and bank transactions to letter, where bills are matched too."""
