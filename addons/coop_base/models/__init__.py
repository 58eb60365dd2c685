from . import coop_collection_point
from . import coop_group
from . import res_company
from . import res_partner
from . import res_partner_tell
from . import res_users
