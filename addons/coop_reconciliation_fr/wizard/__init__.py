# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_fec_auxiliary
from . import account_fr_fec_export_wizard
