from . import home_delivery
from . import portal
from . import rounds
from . import tracking
from . import home_round
