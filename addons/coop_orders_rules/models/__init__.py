# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import res_company_rules
from . import res_config_settings_rules
from . import coop_order_window_waiting_notice
from . import res_partner_rules
from . import coop_order_permission
from . import coop_order_window_rules
from . import coop_order_window_rules_grid
from . import sale_order_rules
from . import coop_order_window_box_fill
from . import coop_order_window_waiting
from . import coop_order_window_quota
from . import sale_order_box_fill
from . import sale_order_waiting
from . import sale_order_quota
from . import coop_order_waiting
from . import coop_order_offer
from . import sale_order
