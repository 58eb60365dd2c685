# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import stock_move, stock_move_line, stock_picking, stock_quant
