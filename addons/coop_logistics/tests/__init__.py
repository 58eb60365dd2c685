from . import test_bulk
from . import test_concurrency
from . import test_portal
from . import test_prepare
from . import test_reception
from . import test_reports
from . import test_serve
from . import test_tours
