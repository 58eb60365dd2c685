from . import test_localtime
from . import test_member
