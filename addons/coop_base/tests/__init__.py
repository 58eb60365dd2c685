# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_identity
from . import test_import
from . import test_leaving
from . import test_localtime
from . import test_member
from . import test_membership
from . import test_portal
from . import test_privacy
from . import test_roles
from . import test_tell
from . import test_tools
