# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_sheet
from . import test_upgrade_mails
