# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import csv
import io
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Date

ECRITURE_LET = 13
DATE_LET = 14


class L10nFrFecExportWizard(models.TransientModel):
    """EcritureLet and DateLet as article A47 A-1 of the Livre des procédures fiscales
    names them: the lettering code and the date on which it was given.

    Core writes the identifier of the full reconciliation, which is not a lettering
    code: it is unique in the database, not AAA, AAB… in the account.
    """

    _name = "l10n_fr.fec.export.wizard"
    _inherit = ["l10n_fr.fec.export.wizard", "coop.fec.auxiliary"]

    # Odoo Community has the wizard, but neither menu nor button.
    fec_file = fields.Binary(string="FEC", readonly=True, attachment=False)

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

    # -------------------------------------------------------------------------
    # The file itself
    # -------------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """The fiscal year that ended last, unless a report says otherwise."""
        values = super().default_get(fields_list)
        if not self.env.context.get("report_dates"):
            company = self.env.company
            today = Date.context_today(self)
            start = company.compute_fiscalyear_dates(today)["date_from"]
            last = company.compute_fiscalyear_dates(start - timedelta(days=1))
            for name in {"date_from", "date_to"} & set(fields_list):
                values[name] = last[name]
            if "test_file" in fields_list:
                # Nothing is locked before the accountant says so.
                values["test_file"] = True
        return values

    def _get_company_legal_data(self, company):
        """The SIREN out of the SIRET, where the company has no VAT number."""
        found = super()._get_company_legal_data(company)
        digits = re.sub(r"\D", "", company.company_registry or "")
        return found or digits[:9]

    def action_download(self):
        """Write the file and have it downloaded; an official one locks the period."""
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(
                self.env._("The start date is after the end date: exchange them.")
            )
        if not self.test_file and not self._get_company_legal_data(self.env.company):
            raise UserError(
                self.env._(
                    "The official file bears the SIREN in its name: enter the VAT "
                    "number or the SIRET of %s first.",
                    self.env.company.name,
                )
            )
        result = self.generate_fec()
        self.fec_file = base64.b64encode(result["file_content"])
        self.filename = result["file_name"]
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self._name}/{self.id}/fec_file/{self.filename}"
            "?download=true",
        }
