from . import coop_distribution_report
