from . import committees
from . import committee_meetings
from . import skills
from . import knowledge
from . import shift_knowledge
