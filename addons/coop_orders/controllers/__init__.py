from . import sale_portal
from . import window
from . import order
