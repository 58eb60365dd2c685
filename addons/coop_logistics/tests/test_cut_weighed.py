# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_reports import ReportCase


class BlockCase(ReportCase):
    """Two wheels of about 0.7 kg for three members who get 0.4 kg in two pieces."""

    weights = (0.71, 0.65)

    @classmethod
    def _coop_receive(cls, window=None, counted=None):
        cls.cheese.coop_block_weight = 0.7
        receipt = cls._coop_close(window)
        receipt.delivery_note_ref = "BL-77"
        for move in receipt.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
            if move.product_id == cls.cheese:
                move._coop_count({"blocks": cls.weights})
        receipt.action_coop_receive()
        return receipt


@tagged("post_install", "-at_install")
class TestWeighedBlocks(BlockCase):
    def test_what_came_is_the_sum_of_the_wheels(self):
        move = self.window.purchase_order_ids.picking_ids.move_ids.filtered(
            lambda m: m.product_id == self.cheese
        )
        self.assertAlmostEqual(move.quantity, 1.36)
        self.assertEqual(len(move.move_line_ids), 2)
        self.assertEqual(move._coop_get_blocks(), [(710, ""), (650, "")])

    def test_the_plan_cuts_the_wheels_that_came(self):
        [row] = self.window.with_user(self.user_coordinator)._get_cut_list()
        self.assertEqual(
            [(b["weight"], b["is_weighed"]) for b in row["blocks"]],
            [(710, True), (650, True)],
        )
        self.assertEqual(
            sorted(b["rest_text"] for b in row["blocks"]), ["110 g", "50 g"]
        )

    def test_one_point_of_several_does_not_know_its_wheels(self):
        [row] = self.distribution.with_user(self.user_referent)._get_cut_list()
        self.assertFalse(any(block["is_weighed"] for block in row["blocks"]))

    def test_a_single_total_is_no_wheel(self):
        window = self._coop_make_window("Autre", days=9)
        self._coop_make_orders(window, self.member)
        [receipt] = self._coop_close(window)
        move = receipt.move_ids.filtered(lambda m: m.product_id == self.cheese)
        move._coop_count({"blocks": [0.7], "at": 1000})
        self.assertEqual(len(move._coop_get_blocks()), 1)
        move._coop_count({"quantity": 0.9})
        self.assertFalse(move._coop_get_blocks())
        with self.assertRaises(UserError):
            move._coop_count({"blocks": [700.0]})
        # A count made before on another phone comes too late.
        self.assertFalse(move._coop_count({"blocks": [0.6], "at": 500}))
        self.assertAlmostEqual(move.quantity, 0.9)

    def test_pieces_are_weighed_and_paid_as_weighed(self):
        own = self.distribution.with_user(self.user_referent)
        action = own.action_cut()
        Piece = self.env["coop.cut.piece"].with_user(self.user_referent)
        pieces = Piece.search(action["domain"])
        self.assertEqual(pieces.mapped("weight_planned"), [0.2] * 4)
        alice = pieces.filtered(lambda p: p.partner_id == self.member)
        rest = alice[0].block_rest
        alice[0].weight = 0.213
        self.assertAlmostEqual(alice[0].block_rest, rest - 0.013)
        line = self._line(self.order, self.cheese)
        self.assertAlmostEqual(line._coop_get_quantity_in_basket(), 0.4)
        alice[1].weight = 0.224
        self.assertAlmostEqual(line._coop_get_quantity_in_basket(), 0.437)
        labels = own._get_piece_labels()
        weighed = {row["text"]: row["note"] for row in labels}
        # 0.213 kg × 18.00
        self.assertIn("3.83", weighed["213 g"].replace(",", "."))
        # Opened again, what was weighed is still there.
        own.action_cut()
        self.assertEqual(alice.exists().mapped("weight"), [0.213, 0.224])
        self.order.with_user(self.user_referent).action_coop_serve()
        self.assertAlmostEqual(self.order.invoice_ids.amount_total, 16.37)
        with self.assertRaises(UserError):
            alice[0].weight = 0.1

    def test_grams_keyed_in_as_kilograms(self):
        own = self.distribution.with_user(self.user_referent)
        piece = self.env["coop.cut.piece"].search(own.action_cut()["domain"])[0]
        with self.assertRaises(UserError):
            piece.with_user(self.user_referent).weight = 213.0

    def test_somebody_else_s_point(self):
        self.window.with_user(self.user_coordinator).action_cut()
        other = self.distribution_2.sudo().cut_piece_ids
        self.assertTrue(other)
        with self.assertRaises(AccessError):
            other.with_user(self.user_referent)[0].weight = 0.2
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).action_cut()
        with self.assertRaises(AccessError):
            other.with_user(self.user_buyer).read(["weight"])

    def test_planned_for_all_the_wheels_are_the_weighed_ones(self):
        self.window.with_user(self.user_coordinator).action_cut()
        pieces = self.window.distribution_ids.cut_piece_ids
        self.assertEqual(set(pieces.mapped("block_weight")), {0.71, 0.65})
        pieces[0].weight = 0.21
        text = self._render(
            "coop_logistics.report_window_cut", self.window, self.user_coordinator
        )
        for word in ("710 g", "650 g", "210 g", "Bruno"):
            self.assertIn(word, text)


@tagged("post_install", "-at_install")
class TestMoreBlocks(BlockCase):
    weights = (0.71, 0.65, 0.72)

    def test_a_wheel_that_nobody_needs_stays_whole(self):
        [row] = self.window.with_user(self.user_coordinator)._get_cut_list()
        self.assertEqual(len(row["blocks"]), 2)
        self.assertEqual(len(row["whole_text"].split(", ")), 1)
        cut = {block["weight_text"] for block in row["blocks"]}
        self.assertEqual(cut | {row["whole_text"]}, {"710 g", "650 g", "720 g"})

    def test_a_point_prints_what_was_planned_for_all(self):
        self.window.with_user(self.user_coordinator).action_cut()
        [row] = self.distribution.with_user(self.user_referent)._get_cut_list()
        self.assertTrue(all(block["is_weighed"] for block in row["blocks"]))
        self.assertEqual(row["count"], 4)
