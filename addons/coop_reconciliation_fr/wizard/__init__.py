from . import account_fr_fec_export_wizard
