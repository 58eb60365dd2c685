# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo import models


class AccountStatementImportSheetParser(models.TransientModel):
    _inherit = "account.statement.import.sheet.parser"

    def _get_xlsx_row_values(self, mapping, xlsx, rows, label_line):
        """Cells as the layout writes them: where decimals follow a comma, the number
        247.5 read as the text “247.5” would be 2475, and an empty cell is not “None”.
        """
        __, decimal = mapping._get_float_separators()
        values = xlsx.iter_rows(
            min_row=min(rows, default=1),
            max_row=max(rows, default=0),
            min_col=mapping.offset_column + 1,
            values_only=True,
        )
        return [
            [self._coop_cell(mapping, decimal, cell) for cell in row] for row in values
        ]

    def _coop_cell(self, mapping, decimal, cell):
        if cell is None:
            return ""
        if isinstance(cell, datetime | date):
            return cell.strftime(mapping.timestamp_format)
        if isinstance(cell, int | float):
            return f"{cell:.2f}".replace(".", decimal)
        return str(cell)
