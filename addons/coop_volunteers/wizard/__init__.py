from . import coop_shop_check
