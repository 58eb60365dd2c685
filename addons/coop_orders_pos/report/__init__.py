from . import coop_footfall_report
