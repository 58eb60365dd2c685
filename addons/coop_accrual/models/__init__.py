# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_accrual
from . import account_move
from . import account_move_line
from . import coop_bill_matcher
from . import res_company
