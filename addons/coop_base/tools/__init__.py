# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import export_zip
from . import localtime
from . import member_file
from . import membership_period
from . import redact
from . import table_file
