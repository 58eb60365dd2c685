# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_concurrency
from . import test_home_delivery
from . import test_home_serve
from . import test_round
from . import test_round_tour
from . import test_routing
from . import test_trips
from . import test_home_tours
