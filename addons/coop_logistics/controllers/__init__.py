from . import portal
from . import rounds
from . import tracking
