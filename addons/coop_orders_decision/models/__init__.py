# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_order_window_supplier_give_up
from . import coop_order_offer_stock
from . import coop_order_offer_extra
from . import coop_order_window_decision_attention
from . import coop_order_window_early
from . import coop_order_window_early_decide
from . import coop_order_window_supplier_decide
from . import coop_order_window
from . import sale_order
from . import coop_order_window_supplier
