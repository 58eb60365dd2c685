from . import coop_order_window_trial
from . import ir_http_trial
