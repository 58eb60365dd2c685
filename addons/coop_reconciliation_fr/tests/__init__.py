# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_fec
from . import test_fec_accrual
from . import test_fec_download
