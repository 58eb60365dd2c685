# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_bill_reference
from . import coop_edi_attachments
from . import coop_edi_supplier
from . import account_edi_common
from . import account_edi_xml_cii
from . import account_edi_xml_ubl
from . import account_move
from . import account_move_line
from . import res_company
from . import res_config_settings
