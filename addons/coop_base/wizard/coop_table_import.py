# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopTableImport(models.AbstractModel):
    """What the imports of lists have in common: why a file cannot be read at all."""

    _name = "coop.table.import"
    _description = "Import of a List"

    def _file_error_message(self, error):
        """One sentence for a :class:`..tools.table_file.TableFileError`."""
        messages = {
            "empty": self.env._(
                "This file has no rows. Check that the right sheet comes first."
            ),
            "format": self.env._(
                "This file cannot be read. Save it as CSV or as xlsx, then try again."
            ),
            "headers": self._get_missing_column_message(error.detail),
            "twice": self.env._(
                "Two columns mean the same: “%(header)s”. Remove one of them.",
                header=error.detail,
            ),
            "too_big": self.env._(
                "The file is more than %(size)s MB. Keep only the list in it.",
                size=error.detail,
            ),
            "too_many": self.env._(
                "More than %(count)s cells. Keep only the list in the file.",
                count=error.detail,
            ),
            "too_long": self.env._(
                "More than %(count)s rows. Cut the file into several.",
                count=error.detail,
            ),
        }
        return messages[error.code]

    def _get_missing_column_message(self, headers):
        """Which column is missing, among those that were found."""
        raise NotImplementedError
