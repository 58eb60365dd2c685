# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon


class LeftoverCase(LogisticsCommon):
    """Alice leaves her eggs on the table, Paulette does not come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive()
        cls.window.distribution_ids.action_prepare()
        cls.distribution.with_user(cls.user_referent).action_open()
        # Alice takes all but her eggs; Paulette does not come.
        alice = cls.order.with_user(cls.user_referent)
        cls.own = cls.distribution.with_user(cls.user_referent)
        cls.own.coop_till_open(0.0)
        eggs = cls.order.order_line.filtered(lambda x: x.product_id == cls.eggs)
        alice.coop_till_serve(
            {"quantities": {eggs.id: 0.0}, "payments": [{"kind": "later"}]}
        )
        cls.spoilt = cls.env.ref("coop_logistics.scrap_reason_spoilt")
        cls.missing = cls.env.ref("coop_logistics.scrap_reason_missing")

    def _expected(self):
        return {
            row["offer_id"]: row["expected"]
            for row in self.own.coop_leftovers_load()["rows"]
        }

    def _row(self, offer, stock, loss=0.0, reason=None):
        return {
            "offer_id": offer.id,
            "stock": stock,
            "loss": loss,
            "reason_id": reason.id if reason else False,
        }

    def _count_all(self, carrots=(2.0, 0.0), eggs=(6.0, 0.0), cheese=(0.4, 0.0)):
        reason = self.spoilt
        return [
            self._row(self.carrots_offer, *carrots, reason if carrots[1] else None),
            self._row(self.eggs_offer, *eggs, reason if eggs[1] else None),
            self._row(self.cheese_offer, *cheese, reason if cheese[1] else None),
        ]

    def _in_stock(self, product):
        product.invalidate_recordset(["qty_available"])
        return product.qty_available


@tagged("post_install", "-at_install")
class TestLeftovers(LeftoverCase):
    """What is left when everybody has come: back to stock, or lost; once."""

    def test_expected_is_what_nobody_took(self):
        self.own.action_count()
        self.assertEqual(
            self._expected(),
            {
                self.carrots_offer.id: 2.0,
                self.eggs_offer.id: 6.0,
                self.cheese_offer.id: 0.4,
            },
        )

    def test_extras_sold_at_the_till_reduce_it(self):
        self.order_paper.with_user(self.user_referent).coop_till_serve(
            {
                "extras": [{"offer_id": self.eggs_offer.id, "quantity": 2.0}],
                "payments": [{"kind": "later"}],
            }
        )
        self.own.action_count()
        self.assertEqual(self._expected(), {self.eggs_offer.id: 1.0})

    def test_stock_and_losses_meet_the_books(self):
        """2 kg of carrots: 1.5 back, 0.5 spoilt; an egg box is missing."""
        self.own.action_count()
        before = {product: self._in_stock(product) for product in self.products}
        self.own.coop_leftovers_record(
            self._count_all(carrots=(1.5, 0.5), eggs=(5.0, 0.0))
        )
        self.assertAlmostEqual(self._in_stock(self.carrots), before[self.carrots] - 0.5)
        self.assertAlmostEqual(self._in_stock(self.eggs), before[self.eggs] - 1.0)
        self.assertAlmostEqual(self._in_stock(self.cheese), before[self.cheese])
        rows = self.distribution.leftover_ids.grouped("product_id")
        self.assertEqual(rows[self.carrots].reason_id, self.spoilt)
        self.assertEqual(rows[self.eggs].reason_id, self.missing)
        self.assertAlmostEqual(rows[self.eggs].quantity_missing, 1.0)
        # At cost: half a kilogram at 1.00 and a box at 0.75
        self.assertAlmostEqual(rows[self.carrots].value_loss, 0.5)
        self.assertAlmostEqual(rows[self.eggs].value_loss, 0.75)
        self.assertAlmostEqual(self.own.value_loss, 1.25)
        scraps = self.env["stock.scrap"].search(
            [("coop_leftover_id", "in", self.distribution.leftover_ids.ids)]
        )
        self.assertEqual(
            {(s.product_id, s.scrap_qty, s.scrap_reason_tag_ids) for s in scraps},
            {(self.carrots, 0.5, self.spoilt), (self.eggs, 1.0, self.missing)},
        )
        self.assertEqual(set(scraps.mapped("state")), {"done"})

    def test_sent_twice_it_is_counted_once(self):
        self.own.action_count()
        self.own.coop_leftovers_record(self._count_all(carrots=(1.5, 0.5)))
        stock = self._in_stock(self.carrots)
        again = self.own.coop_leftovers_record(self._count_all(carrots=(0.0, 2.0)))
        self.assertEqual(again["done"], self.user_referent.name)
        self.assertAlmostEqual(self._in_stock(self.carrots), stock)
        self.assertAlmostEqual(
            self.distribution.leftover_ids.grouped("product_id")[
                self.carrots
            ].quantity_loss,
            0.5,
        )

    def test_traced_in_words(self):
        self.own.action_count()
        self.own.coop_leftovers_record(self._count_all(carrots=(1.5, 0.5)))
        self.assertEqual(self.distribution.leftovers_by_id, self.user_referent)
        message = self.distribution.message_ids[0]
        self.assertEqual(message.author_id, self.user_referent.partner_id)
        self.assertIn("Carottes", message.body)

    def test_nothing_may_be_forgotten(self):
        self.own.action_count()
        with self.assertRaisesRegex(UserError, "Comté"):
            self.own.coop_leftovers_record(self._count_all()[:2])
        self.assertFalse(self.distribution.leftover_ids)

    def test_a_loss_has_a_reason(self):
        self.own.action_count()
        rows = self._count_all()
        rows[0].update(stock=1.0, loss=1.0)
        with self.assertRaisesRegex(UserError, "Carottes"):
            self.own.coop_leftovers_record(rows)
        rows[0].update(stock=-1.0)
        with self.assertRaises(UserError):
            self.own.coop_leftovers_record(rows)

    def test_not_before_the_end(self):
        with self.assertRaises(UserError):
            self.own.coop_leftovers_record(self._count_all())

    def test_more_than_the_books_know_comes_back(self):
        self.own.action_count()
        before = self._in_stock(self.carrots)
        self.own.coop_leftovers_record(self._count_all(carrots=(2.3, 0.0)))
        self.assertAlmostEqual(self._in_stock(self.carrots), before + 0.3)

    def test_coordinator_counts_again(self):
        self.own.action_count()
        before = self._in_stock(self.carrots)
        self.own.coop_leftovers_record(self._count_all(carrots=(1.5, 0.5)))
        with self.assertRaises(AccessError):
            self.own.action_undo_leftovers()
        self.distribution.with_user(self.user_coordinator).action_undo_leftovers()
        self.assertAlmostEqual(self._in_stock(self.carrots), before)
        self.assertFalse(self.distribution.leftover_ids)
        self.own.coop_leftovers_record(self._count_all())
        self.assertAlmostEqual(self._in_stock(self.carrots), before)

    def test_lots_are_lost_lot_by_lot(self):
        self.own.action_count()
        self.cheese.tracking = "lot"
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        lot = self.env["stock.lot"].create(
            {"name": "MEULE-7", "product_id": self.cheese.id}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.cheese, location, 5.0, lot_id=lot
        )
        self.own.coop_leftovers_record(self._count_all(cheese=(0.1, 0.3)))
        scrap = self.env["stock.scrap"].search([("product_id", "=", self.cheese.id)])
        self.assertEqual(scrap.lot_id, lot)

    def test_others_count_nothing(self):
        self.own.action_count()
        for user in (self.user_member, self.user_internal, self.user_accountant):
            with self.assertRaises(AccessError):
                self.distribution.with_user(user).coop_leftovers_load()
        # Renée holds point 1, not point 2
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).coop_leftovers_load()

    def test_who_reads_what_was_lost(self):
        self.own.action_count()
        self.own.coop_leftovers_record(self._count_all(carrots=(1.5, 0.5)))
        Leftover = self.env["coop.distribution.leftover"]
        for user in (self.user_referent, self.user_accountant, self.user_coordinator):
            self.assertEqual(len(Leftover.with_user(user).search([])), 3)
        self.point_1.referent_ids = False
        self.group_toul.referent_ids = False
        self.assertFalse(Leftover.with_user(self.user_referent).search([]))
        with self.assertRaises(AccessError):
            Leftover.with_user(self.user_member).search([])


@tagged("post_install", "-at_install")
class TestUnshared(LogisticsCommon):
    """Goods that came for nobody: 11 kg of carrots where 6 were ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive(counted={cls.carrots: 11.0})
        cls.distributions = cls.window.distribution_ids
        cls.distributions.action_prepare()
        cls.distributions.action_open()
        for distribution in cls.distributions:
            distribution.with_user(cls.user_coordinator).coop_till_open(0.0)

    def _serve(self, order, **values):
        order.with_user(self.user_coordinator).coop_till_serve(
            {"payments": [{"kind": "later"}], **values}
        )

    def _carrots_left(self, distribution):
        return distribution._get_left_overs().get(self.carrots_offer)

    def test_surplus_sold_at_one_point_is_gone_at_the_other(self):
        self.assertAlmostEqual(self._carrots_left(self.distribution_2), 5.0)
        self._serve(
            self.order, extras=[{"offer_id": self.carrots_offer.id, "quantity": 3.0}]
        )
        self.assertAlmostEqual(self._carrots_left(self.distribution), 2.0)
        self.assertAlmostEqual(self._carrots_left(self.distribution_2), 2.0)

    def test_what_is_found_is_in_the_books_already(self):
        for order in (self.order, self.order_paper):
            self._serve(order)
        self.distribution.action_count()
        self.assertFalse(self.distribution.coop_leftovers_load()["rows"])
        stock = self.carrots.qty_available
        self.distribution.coop_leftovers_record(
            [{"offer_id": self.carrots_offer.id, "stock": 5.5}]
        )
        row = self.distribution.leftover_ids
        self.assertAlmostEqual(row.quantity_found, 5.5)
        # 5 kg were in stock for nobody; half a kilogram was not known.
        self.carrots.invalidate_recordset(["qty_available"])
        self.assertAlmostEqual(self.carrots.qty_available, stock + 0.5)


@tagged("post_install", "-at_install")
class TestLeftoversOnPhone(LogisticsCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = False

    def test_the_day_ends_and_what_is_left_is_counted(self):
        self._coop_receive()
        self.distribution.action_prepare()
        self.distribution.with_user(self.user_referent).coop_till_open(0.0)
        action = self.env.ref("coop_till.coop_till_action").id
        self.start_tour(
            f"/odoo/action-{action}", "coop_till_leftovers", login="coop_referent"
        )
        self.assertEqual(self.distribution.state, "counted")
        rows = self.distribution.leftover_ids.grouped("product_id")
        self.assertAlmostEqual(rows[self.eggs].quantity_loss, 1.0)
        self.assertAlmostEqual(rows[self.eggs].quantity_stock, 5.0)
        self.assertAlmostEqual(rows[self.carrots].quantity_stock, 4.0)
        self.assertTrue(rows[self.eggs].reason_id)
