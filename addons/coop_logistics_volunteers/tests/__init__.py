# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_call
from . import test_call_portal
from . import test_call_screens
from . import test_distribution_volunteers
