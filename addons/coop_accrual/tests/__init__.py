# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_accrual
from . import test_accrual_numbers
from . import test_accrual_tools
