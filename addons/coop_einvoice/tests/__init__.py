# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_einvoice_fault
from . import test_einvoice_import
from . import test_einvoice_malformed
from . import test_einvoice_siblings
from . import test_einvoice_tools
