# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_order_window_trial
from . import ir_http_trial
