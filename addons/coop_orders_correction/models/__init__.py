# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import purchase_order_amend
from . import sale_order_correct
from . import coop_order_offer_reprice
from . import coop_order_window_reopen
from . import coop_order_offer
from . import sale_order
