# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_distribution_forms
from . import coop_order_window_grid
from . import coop_order_window_entry
from . import coop_order_form_sheet
from . import coop_order_form
from . import coop_order_window
