# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_distribution
from . import coop_preparation_step
from . import coop_distribution_call
from . import coop_distribution_call_line
from . import coop_shift
from . import coop_shift_notice
from . import coop_distribution_step_tick
from . import res_partner
