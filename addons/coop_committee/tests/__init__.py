# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_attack
from . import test_committee
from . import test_committee_open
from . import test_how_to
from . import test_match
from . import test_tour
