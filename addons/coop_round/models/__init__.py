# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_round_drive
from . import coop_round_paper
from . import coop_round_route
from . import coop_round
from . import coop_round_stop_home
from . import coop_round_stop
from . import coop_round_load
from . import res_company_home
from . import sale_order_home
from . import sale_order_home_serve
from . import res_partner
from . import coop_distribution
from . import res_company
