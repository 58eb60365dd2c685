from . import sale_portal
from . import window
from . import order
from . import producer
from . import producer_catalogue
from . import spreadsheet
from . import producer_delivery
from . import preferences
