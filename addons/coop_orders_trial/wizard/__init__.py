from . import coop_order_trial
