# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_order_window_template_catalogue
from . import coop_order_window_template_supplier
from . import coop_order_window_template_make
from . import coop_order_window_template
from . import coop_order_window_template_point
from . import coop_order_window_template_date
from . import coop_order_window
