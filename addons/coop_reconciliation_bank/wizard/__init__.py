# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import account_statement_import
from . import account_statement_import_sheet_parser
