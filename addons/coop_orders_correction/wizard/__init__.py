# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import purchase_effect
from . import coop_order_correction
from . import coop_order_reopen
from . import coop_offer_reprice
