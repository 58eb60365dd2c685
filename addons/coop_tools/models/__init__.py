# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_state_mixin
from . import ir_rule
from . import mail_template
