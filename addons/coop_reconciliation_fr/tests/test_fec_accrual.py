# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import io
from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.coop_reconciliation.tests.common import ReconciliationCommon

from .fec_checker import faults


@tagged("post_install", "-at_install")
class TestFecAccrual(ReconciliationCommon):
    """Invoices not received stay valid in the FEC, lettered with their reversal."""

    def test_accrual_in_the_file(self):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0, 10.0)])
        picking = self._receive(order, {product: 8})
        picking.move_ids.date = date(2025, 12, 20)
        wizard = (
            self.env["coop.accrual.wizard"]
            .with_user(self.accountant)
            .create(
                {
                    "date": "2025-12-30",
                    "partner_ids": [Command.set(self.supplier.ids)],
                }
            )
        )
        wizard.action_post()
        # The accountant sees everything, as in test_fec.
        self.accountant.group_ids += self.env.ref("account.group_account_user")
        export = (
            self.env["l10n_fr.fec.export.wizard"]
            .with_user(self.accountant)
            .create(
                {"date_from": "2025-01-01", "date_to": "2025-12-31", "test_file": True}
            )
        )
        content = export.generate_fec()["file_content"].decode()
        year = date(2025, 1, 1), date(2025, 12, 31)
        self.assertEqual(faults(content, *year), [])

        def amount(text):
            return float(text.replace(",", "."))

        rows = list(csv.DictReader(io.StringIO(content), delimiter="|"))
        on_408 = [row for row in rows if row["CompteNum"] == "408100"]
        self.assertEqual(
            [
                (amount(r["Debit"]), amount(r["Credit"]), r["EcritureDate"])
                for r in on_408
            ],
            [
                (0.0, 14.40, "20251230"),
                (0.0, 2.88, "20251230"),
                (14.40, 0.0, "20251231"),
                (2.88, 0.0, "20251231"),
            ],
        )
        self.assertEqual({row["EcritureLet"] for row in on_408}, {"AAA"})
        self.assertTrue(all(row["DateLet"] for row in on_408))
        # Kept by supplier, as 401: the codes are counted by account and partner.
        third = {(row["CompAuxNum"], row["CompAuxLib"]) for row in on_408}
        self.assertEqual(third, {(str(self.supplier.id), self.supplier.name)})
        vat = [row for row in rows if row["CompteNum"] == "445860"]
        self.assertEqual([amount(row["Debit"]) for row in vat], [2.88, 0.0])

    def _export(self, start, end):
        self.accountant.group_ids += self.env.ref("account.group_account_user")
        wizard = (
            self.env["l10n_fr.fec.export.wizard"]
            .with_user(self.accountant)
            .create({"date_from": start, "date_to": end, "test_file": True})
        )
        content = wizard.generate_fec()["file_content"].decode()
        return list(csv.DictReader(io.StringIO(content), delimiter="|"))

    def _accrue(self, partner, quantity):
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)], partner=partner)
        picking = self._receive(order, {product: quantity})
        picking.move_ids.date = date(2025, 12, 20)
        self.env["coop.accrual"]._post(self.company, date(2025, 12, 30), partner)

    def test_opening_of_408_is_by_supplier(self):
        """Two suppliers on 408 at the end of a year open the next one apart."""
        other = self.env["res.partner"].create(
            {"name": "Autre | moulin", "ref": "F|042"}
        )
        self._accrue(self.supplier, 8)
        self._accrue(other, 5)
        rows = self._export("2026-01-01", "2026-12-31")
        opening = {
            (row["CompAuxNum"], row["CompAuxLib"]): (row["Debit"], row["Credit"])
            for row in rows
            if row["CompteNum"] == "408100" and row["JournalCode"] == "OUV"
        }
        self.assertEqual(
            opening,
            {
                (str(self.supplier.id), self.supplier.name): ("0,00", "19,20"),
                ("F/042", "Autre / moulin"): ("0,00", "12,00"),
            },
        )

    def test_same_code_of_two_suppliers_is_told_apart(self):
        """AAA of each: by CompteNum, CompAuxNum and code, every set balances."""
        other = self.env["res.partner"].create({"name": "Autre moulin"})
        for partner, quantity in ((self.supplier, 8), (other, 5)):
            self._accrue(partner, quantity)
        entries = self.env["account.move"].search(
            [("accrual_picking_id.partner_id", "in", (self.supplier + other).ids)]
        )
        entries._coop_reverse_accruals(date(2025, 12, 31))
        sets = {}
        for row in self._export("2025-01-01", "2025-12-31"):
            if row["CompteNum"] == "408100" and row["EcritureLet"]:
                key = row["CompAuxNum"], row["EcritureLet"]
                debit, credit = (
                    float(row[name].strip().replace(",", "."))
                    for name in ("Debit", "Credit")
                )
                sets[key] = round(sets.get(key, 0.0) + debit - credit, 2)
        self.assertEqual(
            sets, {(str(self.supplier.id), "AAA"): 0.0, (str(other.id), "AAA"): 0.0}
        )
