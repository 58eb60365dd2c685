# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_volunteer_policy
from . import coop_committee
from . import coop_committee_member
from . import coop_committee_hours
from . import calendar_event
from . import coop_committee_request
from . import coop_committee_reply
from . import coop_knowledge_page
from . import coop_knowledge_version
from . import coop_shift_registration
from . import res_partner
