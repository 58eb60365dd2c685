from . import coop_round_plan
