# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import committees
from . import committee_meetings
from . import skills
from . import knowledge
from . import shift_knowledge
