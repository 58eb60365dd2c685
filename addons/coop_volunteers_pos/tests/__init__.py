from . import test_may_shop
from . import test_tour
