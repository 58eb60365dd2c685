from . import test_badge
from . import test_book
from . import test_concurrency
from . import test_generate
from . import test_leave
from . import test_ledger
from . import test_security
from . import test_tools
