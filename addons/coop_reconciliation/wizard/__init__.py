from . import coop_accrual_wizard
from . import coop_bill_proposal
