from . import coop_lettering_confirm
