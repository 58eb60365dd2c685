from . import coop_shelf_books
from . import sale_order
from . import sale_order_line
