from . import complete_minimum
