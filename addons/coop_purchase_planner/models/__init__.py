# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import purchase_order_plan
from . import coop_shelf_books
from . import coop_closed_day_forecast
from . import coop_product_forecast
from . import coop_shelf_week
from . import coop_purchase_plan_read
from . import coop_purchase_plan_write
from . import coop_purchase_plan
from . import coop_purchase_plan_line
