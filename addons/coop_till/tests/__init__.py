# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_cash_session
from . import test_distribution_day
from . import test_leftovers
from . import test_leftovers_forecast
from . import test_receipt
from . import test_return
from . import test_till
from . import test_till_tours
from . import test_tracking
