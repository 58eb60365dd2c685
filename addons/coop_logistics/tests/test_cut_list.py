# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_reports import ReportCase


@tagged("post_install", "-at_install")
class TestCutList(ReportCase):
    """A wheel of comté cut into what members get, and the labels of its pieces.

    Three members ordered 0.4 kg each: two pieces of 200 g.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese.coop_block_weight = 0.7

    def test_pieces_as_ordered(self):
        [row] = self.distribution.with_user(self.user_referent)._get_cut_list()
        self.assertEqual(row["product"], self.cheese)
        # Four pieces of 200 g: three in a block of 700 g, one in another
        self.assertEqual(row["count"], 4)
        self.assertEqual(
            [
                [piece["weight_text"] for piece in block["pieces"]]
                for block in row["blocks"]
            ],
            [["200 g"] * 3, ["200 g"]],
        )
        self.assertEqual(
            [block["rest_text"] for block in row["blocks"]], ["100 g", "500 g"]
        )
        self.assertEqual(row["fewest"], 2)

    def test_all_points_in_one_room_need_fewer_blocks(self):
        [row] = self.window.with_user(self.user_coordinator)._get_cut_list()
        self.assertEqual((row["count"], len(row["blocks"])), (6, 2))

    def test_what_is_weighed_is_what_is_cut(self):
        line = self._line(self.order, self.cheese)
        move = line.move_ids
        move.quantity = 0.35
        move.picked = True
        weights = [piece.weight for piece in line._coop_get_pieces()]
        self.assertEqual(weights, [200, 150])

    def test_eggs_are_not_cut(self):
        self.eggs.coop_block_weight = 1.0
        self.assertEqual(len(self.distribution._get_cut_list()), 1)

    def test_papers(self):
        own = self.distribution
        text = self._render(
            "coop_logistics.report_distribution_cut", own, self.user_referent
        )
        for word in ("Comté", "Bloc 1", "Alice Adhérente", "Chute"):
            self.assertIn(word, text)
        text = self._render(
            "coop_logistics.report_window_cut", self.window, self.user_coordinator
        )
        self.assertIn("Bruno Adhérent", text)
        for report, word in (("piece", "200 g"), ("basket", "Paulette Papier")):
            text = self._render(
                f"coop_logistics.report_{report}_labels", own, self.user_referent
            )
            self.assertIn(word, text)

    def test_a_sheet_of_labels_is_full_before_the_next(self):
        pages = self.distribution._get_label_pages(list(range(1, 27)))
        self.assertEqual([len(page) for page in pages], [8, 1])
        self.assertEqual(pages[1], [[25, 26, None]])

    def test_members_cut_nothing(self):
        with self.assertRaises(AccessError):
            self._render(
                "coop_logistics.report_distribution_cut",
                self.distribution,
                self.user_member,
            )
