# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import account_bank_statement_line
from . import account_journal
from . import coop_lettering_engine
from . import coop_lettering_run_line
