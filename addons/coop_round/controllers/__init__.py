from . import home_delivery
from . import rounds
from . import home_round
