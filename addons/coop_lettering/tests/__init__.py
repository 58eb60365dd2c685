# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_accounting_groups
from . import test_lettering
from . import test_lettering_accounts
from . import test_lettering_bulk
from . import test_lettering_screen
from . import test_lettering_siblings
from . import test_lettering_tools
from . import test_lettering_work
