from . import coop_round_plan
from . import coop_distribution_payment, coop_distribution_payment_line
