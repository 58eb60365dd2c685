from . import coop_committee
from . import project_project
