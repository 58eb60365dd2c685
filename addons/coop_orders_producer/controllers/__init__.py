# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import producer
from . import producer_catalogue
from . import producer_delivery
from . import producer_helper
