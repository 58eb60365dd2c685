from . import coop_order_minimum
