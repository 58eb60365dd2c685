# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_order_offer_reprice
from . import purchase_order_amend
from . import coop_order_window_reopen
from . import sale_order_correct
