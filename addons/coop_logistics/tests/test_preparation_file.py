# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .test_reports import ReportCase


@tagged("post_install", "-at_install")
class TestPreparationFile(ReportCase, HttpCase):
    """The papers of a preparation as a spreadsheet, and the picking list."""

    def _load(self, content):
        return load_workbook(io.BytesIO(content))

    def test_a_sheet_a_paper(self):
        self.cheese.coop_block_weight = 0.7
        own = self.distribution.with_user(self.user_referent)
        book = self._load(own.with_context(lang="fr_FR")._make_preparation_file())
        slips, picking, matrix, cut, labels, inventory, checklist = book.worksheets
        rows = list(slips.iter_rows(min_row=2, values_only=True))
        alice = [row for row in rows if row[2] == self.member.name]
        self.assertEqual(
            [(row[3], row[4], row[5]) for row in alice],
            [("Carottes", 2, 2), ("Comté", 0.4, 0.4), ("Œufs par 6", 3, 3)],
        )
        self.assertEqual(slips.cell(1, 4).value, "Produit")
        totals = {
            row[0]: row[1:4] for row in inventory.iter_rows(min_row=2, values_only=True)
        }
        # 4 kg of carrots came for three members: Paulette of this point got none.
        self.assertEqual(totals["Œufs par 6"][::2], (6, 2))
        self.assertAlmostEqual(totals["Comté"][0], 0.8)
        self.assertEqual(picking.max_row - 1, sum(t[2] for t in totals.values()))
        names = [cell.value for cell in matrix[1]]
        self.assertIn(self.member.name, names)
        self.assertNotIn(self.member_2.name, names)
        self.assertEqual(cut.max_row - 1, 4)
        # A label a piece, then one a basket.
        baskets = len(own._get_basket_labels())
        self.assertEqual(labels.max_row - 1, 4 + baskets)
        self.assertIn(self.member.name, [cell.value for cell in labels["D"]])
        steps = sum(len(steps) for _phase, steps in own._get_checklist())
        self.assertTrue(steps)
        self.assertEqual(checklist.max_row - 1, steps)
        self.assertEqual(checklist.cell(1, 2).value, "Étape")

    def test_the_picking_list_on_paper(self):
        text = self._render(
            "coop_logistics.report_distribution_picking",
            self.distribution,
            self.user_referent,
        )
        for word in ("Carottes", "Alice Adhérente", "Paulette Papier", "Donné"):
            self.assertIn(word, text)
        self.assertNotIn("Bruno", text)

    def test_not_of_another_point(self):
        action = self.distribution.with_user(
            self.user_referent
        ).action_coop_download_preparation()
        self.authenticate("coop_referent", "coop_referent")
        answer = self.url_open(action["url"])
        self.assertEqual(len(self._load(answer.content).worksheets), 7)
        other = f"/coop/distribution/{self.distribution_2.id}/preparation"
        self.assertEqual(self.url_open(other).status_code, 404)
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(
                self.user_referent
            ).action_coop_download_preparation()
        self.authenticate("coop_member", "coop_member")
        self.assertEqual(self.url_open(action["url"]).status_code, 404)
