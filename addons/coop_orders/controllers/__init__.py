# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import sale_portal
from . import window
from . import order
from . import preferences
from . import offer_spreadsheet
from . import order_member
from . import window_member
