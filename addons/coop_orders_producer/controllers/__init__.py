from . import producer
from . import producer_catalogue
from . import producer_delivery
from . import producer_helper
