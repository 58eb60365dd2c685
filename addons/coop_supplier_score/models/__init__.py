# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_supplier_score_card
from . import coop_supplier_score
from . import res_partner
