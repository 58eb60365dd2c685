# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_partner_erasure
from . import coop_partner_export
from . import coop_partner_sweep
from . import coop_partner_telling
from . import account_move_line
from . import coop_kept_mixin
from . import coop_closed_day
from . import coop_collection_point
from . import coop_group
from . import coop_notice_mixin
from . import ir_http
from . import ir_qweb
from . import mail_template
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_users
