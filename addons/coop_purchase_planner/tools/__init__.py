from . import forecast
from . import planner
from . import shelf
