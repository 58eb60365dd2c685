from . import test_concurrency
from . import test_tools
from . import test_einvoice_import
from . import test_matching
from . import test_claim
from . import test_lettering
from . import test_portal
from . import test_work_screen
