import csv
import io
from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.coop_reconciliation.tests.common import ReconciliationCommon


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
        vat = [row for row in rows if row["CompteNum"] == "445860"]
        self.assertEqual([amount(row["Debit"]) for row in vat], [2.88, 0.0])
