# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_distribution_payment, coop_distribution_payment_line
from . import coop_reception_recount
