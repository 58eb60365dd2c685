# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import purchase_order_shortage
from . import purchase_order_confirm
from . import purchase_order_line_confirm
from . import coop_order_window_answers
from . import coop_producer_helper
from . import res_partner_helper
from . import res_users
