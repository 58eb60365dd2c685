from . import coop_distribution
from . import coop_preparation_step
