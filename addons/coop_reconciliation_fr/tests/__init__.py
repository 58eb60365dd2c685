from . import test_fec
from . import test_fec_accrual
from . import test_fec_download
