from . import coop_shift_report
