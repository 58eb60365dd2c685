from . import coop_accrual_wizard
from . import coop_bill_proposal
from . import coop_delivery_note_import
