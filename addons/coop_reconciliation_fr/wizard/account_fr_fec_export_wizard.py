# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import io

from odoo import models

ECRITURE_LET = 13
DATE_LET = 14


class L10nFrFecExportWizard(models.TransientModel):
    """EcritureLet and DateLet as article A47 A-1 of the Livre des procédures fiscales
    names them: the lettering code and the date on which it was given.

    Core writes the identifier of the full reconciliation, which is not a lettering
    code: it is unique in the database, not AAA, AAB… in the account.
    """

    _inherit = "l10n_fr.fec.export.wizard"

    def generate_fec(self):
        result = super().generate_fec()
        rows = csv.reader(io.StringIO(result["file_content"].decode()), delimiter="|")
        rows = self._write_auxiliary(list(rows))
        result["file_content"] = self._write_lettering(rows)
        return result

    def _write_lettering(self, rows):
        """Replace reconciliation identifiers by codes; the other columns stay as is."""
        identifiers = {
            int(row[ECRITURE_LET])
            for row in rows[1:]
            if len(row) > DATE_LET and row[ECRITURE_LET].isdigit()
        }
        codes = self._get_lettering(identifiers)
        with io.StringIO() as output:
            writer = csv.writer(output, delimiter="|", lineterminator="\r\n")
            for row in rows:
                if len(row) > DATE_LET and row[ECRITURE_LET].isdigit():
                    code = codes.get(int(row[ECRITURE_LET]))
                    if code:
                        row[ECRITURE_LET], row[DATE_LET] = code
                writer.writerow(row)
            return output.getvalue()[:-2].encode()

    def _get_lettering(self, identifiers):
        """``{full reconciliation id: (code, YYYYMMDD)}`` in one query."""
        # sudo: who may export the FEC reads every code in it.
        codes = (
            self.env["coop.lettering.code"]
            .sudo()
            .search(
                [
                    ("full_reconcile_id", "in", list(identifiers)),
                    ("state", "=", "active"),
                ]
            )
        )
        return {
            code.full_reconcile_id.id: (code.name, code.date.strftime("%Y%m%d"))
            for code in codes
        }
