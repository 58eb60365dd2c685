# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestReceptionPhone(LogisticsCommon):
    """Counting with a phone: several people, late counts, temperature, the claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receipt = cls._coop_close()
        cls.own = cls.receipt.with_user(cls.user_referent)

    def _move(self, product):
        return self.receipt.move_ids.filtered(lambda m: m.product_id == product)

    def _count(self, product, user=None, **values):
        receipt = self.receipt.with_user(user or self.user_referent)
        values["move_id"] = self._move(product).id
        return receipt.coop_reception_count([values])

    def test_referent_sees_and_counts(self):
        cards = self.env["stock.picking"].with_user(self.user_referent)
        card = next(
            c for c in cards.coop_reception_load() if c["id"] == self.receipt.id
        )
        self.assertEqual((card["counted"], card["count"]), (0, 3))
        lines = self._count(self.eggs, quantity=7.0)
        self.assertEqual(sum(line["picked"] for line in lines), 1)
        self.assertEqual(self._move(self.eggs).coop_counted_by_id, self.user_referent)
        self.assertAlmostEqual(self._move(self.eggs).quantity, 7.0)

    def test_a_late_count_changes_nothing_newer(self):
        """A phone that was offline sends an old count after somebody's new one."""
        now = int(time.time())
        self._count(self.eggs, self.user_buyer, quantity=8.0, at=now - 10)
        self._count(self.eggs, quantity=2.0, at=now - 600)
        self.assertAlmostEqual(self._move(self.eggs).quantity, 8.0)
        self._count(self.eggs, quantity=9.0, at=now)
        self._count(self.eggs, quantity=9.0, at=now)
        self.assertAlmostEqual(self._move(self.eggs).quantity, 9.0)

    def test_all_good_then_finished(self):
        self._count(self.eggs, quantity=9.0)
        self.own.coop_reception_all_good()
        with self.assertRaises(UserError):
            self.own.coop_reception_finish("")
        result = self.own.coop_reception_finish("BL 77")
        self.assertTrue(result["done"])
        self.assertEqual(self.receipt.state, "done")
        self.assertEqual(self.receipt.delivery_note_ref, "BL 77")
        self.assertFalse(self.receipt.claim_ids)
        self.assertEqual(self._line(self.order, self.eggs).quantity_allocated, 3.0)
        # Tapped twice: nothing more
        self.assertTrue(self.own.coop_reception_finish("BL 77")["done"])
        with self.assertRaises(UserError):
            self._count(self.eggs, quantity=1.0)

    def test_what_is_missing_becomes_a_claim(self):
        missing = self.env.ref("coop_reconciliation.coop_discrepancy_reason_missing")
        self.receipt.delivery_note_ref = "BL 78"
        self._count(self.eggs, quantity=5.0, reason_id=missing.id)
        self.own.coop_reception_all_good()
        result = self.own.coop_reception_finish("BL 78")
        self.assertTrue(result["disputed"])
        claim = self.receipt.claim_ids
        self.assertEqual(claim.line_ids.product_id, self.eggs)
        self.assertAlmostEqual(claim.line_ids.quantity, 4.0)

    def test_too_warm_is_flagged(self):
        self.cheese.coop_storage = "chilled"
        self._count(self.cheese, temperature=9.5)
        move = self._move(self.cheese)
        self.assertTrue(move.coop_is_too_warm)
        self.assertFalse(move.picked)
        self.assertIn("9.5", " ".join(self.receipt.message_ids.mapped("body")))
        self._count(self.cheese, temperature=3.5)
        self.assertFalse(move.coop_is_too_warm)
        with self.assertRaises(UserError):
            self._count(self.cheese, temperature=900)

    def test_absurd_quantities(self):
        for quantity in (-1.0, 700.0):
            with self.assertRaises(UserError):
                self._count(self.cheese, quantity=quantity)
        self.assertFalse(self._move(self.cheese).picked)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_others_receive_nothing(self):
        other = self.env["stock.picking"].search(
            [("picking_type_code", "=", "outgoing")], limit=1
        )
        for user in (self.user_member, self.user_internal):
            receipt = self.receipt.with_user(user)
            for call in (
                receipt.coop_reception_load,
                receipt.coop_reception_read,
                receipt.coop_reception_all_good,
                lambda receipt=receipt: receipt.coop_reception_finish("BL"),
                lambda user=user: self._count(self.eggs, user, quantity=1.0),
            ):
                with self.assertRaises(AccessError):
                    call()
        self.point_1.referent_ids = False
        self.point_1.group_ids.referent_ids = False
        with self.assertRaises(AccessError):
            self.own.coop_reception_read()
        self.assertFalse(other)
