# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_table_import
from . import coop_member_import
from . import coop_membership_register
from . import coop_privacy_erase
from . import base_partner_merge
