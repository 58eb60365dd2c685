# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_bank_files
from . import test_bank_lettering
from . import test_bank_menus
from . import test_bank_screen
from . import test_bank_tools
from . import test_bank_tour
