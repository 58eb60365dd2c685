# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import account_payment_session
from . import coop_cash_session_close
from . import coop_cash_session_purse
from . import coop_distribution_till
from . import coop_cash_session
from . import sale_order_return
from . import sale_order_till
from . import sale_order_till_read
from . import sale_order_credit
from . import sale_order_return_undo
from . import sale_order_receipt
from . import account_payment
from . import account_move
from . import sale_order
