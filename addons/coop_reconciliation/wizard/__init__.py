from . import coop_accrual_wizard
