# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import preferences
from . import shifts
from . import shift_actions
from . import shift_requests
from . import shift_keys
from . import shift_messages
from . import kiosk
