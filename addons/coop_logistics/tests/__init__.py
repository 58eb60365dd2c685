# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_announce
from . import test_bulk
from . import test_checklist
from . import test_cut_list
from . import test_cut_weighed
from . import test_cutting
from . import test_portal
from . import test_preparation_file
from . import test_prepare
from . import test_producer_payout
from . import test_reception
from . import test_reception_phone
from . import test_recount
from . import test_reports
from . import test_serve
from . import test_settings
from . import test_tours
