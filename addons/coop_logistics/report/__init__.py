# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_distribution_report
from . import coop_producer_payout
