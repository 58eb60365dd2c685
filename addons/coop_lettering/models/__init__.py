# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_lettering_rule
from . import coop_lettering_code
from . import coop_lettering_counter
from . import coop_lettering_run
from . import coop_lettering_work
from . import coop_lettering_run_line
from . import coop_lettering_bank
from . import coop_lettering_engine
from . import account_bank_statement_line
from . import account_full_reconcile
from . import account_move
from . import account_move_line
from . import res_config_settings
from . import res_groups
