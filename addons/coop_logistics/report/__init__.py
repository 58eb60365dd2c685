from . import coop_distribution_report
from . import coop_producer_payout
