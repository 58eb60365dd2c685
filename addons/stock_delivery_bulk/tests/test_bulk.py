# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase, tagged

from ..tools.bulk_run import KEY, get_book, get_run


@tagged("post_install", "-at_install")
class TestDeliveriesInBulk(TransactionCase):
    """The bulk way leaves the moves, lines and quants that Odoo's own calls leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["product.product"].create(
            [{"name": name, "is_storable": True} for name in ("Jam", "Honey", "Oil")]
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.shelf = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.partner = cls.env["res.partner"].create({"name": "Neighbour"})

    def _fill(self, quantity, **kwargs):
        for product in self.products:
            self.env["stock.quant"]._update_available_quantity(
                product, self.shelf, quantity, **kwargs
            )

    def _prepare_pickings(self, count=3):
        places = {
            "location_id": self.shelf.id,
            "location_dest_id": self.customers.id,
        }
        return [
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                **places,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom": product.uom_id.id,
                            "product_uom_qty": number + 1.0,
                            **places,
                        }
                    )
                    for product in self.products
                ],
            }
            for number in range(count)
        ]

    def _read(self, pickings):
        self.env.flush_all()
        self.env.invalidate_all()
        moves = [
            (
                pickings.ids.index(move.picking_id.id),
                move.product_id,
                move.state,
                move.product_uom_qty,
                move.quantity,
                move.picked,
                sorted(
                    (line.quantity, line.state, line.location_id.id, line.lot_id.id)
                    for line in move.move_line_ids
                ),
            )
            for move in pickings.move_ids.sorted(
                lambda m: (pickings.ids.index(m.picking_id.id), m.product_id.id)
            )
        ]
        quants = sorted(
            (q.product_id.id, q.location_id.id, q.quantity, q.reserved_quantity)
            for q in self.env["stock.quant"].search(
                [("product_id", "in", self.products.ids)]
            )
        )
        return moves, quants, pickings.mapped("state")

    def _play(self, is_bulk, weighed):
        Picking, read = self.env["stock.picking"], []
        savepoint = self.cr.savepoint()
        vals_list = self._prepare_pickings()
        with freeze_time("2026-06-03 08:00:00"):
            if is_bulk:
                pickings = Picking._create_in_bulk(vals_list)
                pickings.move_ids._confirm_in_bulk()
            else:
                pickings = Picking.create(vals_list)
                pickings.action_confirm()
            read.append(self._read(pickings))
            wanted = {m: weighed.get(m.product_id, 1.0) for m in pickings.move_ids}
            context = {"cancel_backorder": True}
            if is_bulk:
                moves = pickings.move_ids._with_quant_book()
                moves._set_quantities_in_bulk(wanted)
                context.update(moves.env.context)
            else:
                for move, quantity in wanted.items():
                    move.quantity = quantity
            pickings.move_ids.picked = True
            read.append(self._read(pickings))
            pickings.with_context(**context)._action_done()
            read.append(self._read(pickings))
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        return read

    def _assert_same(self, weighed=None):
        core, bulk = (self._play(way, weighed or {}) for way in (False, True))
        self.assertEqual(core[-1][2], ["done"] * 3)
        for left, right in zip(core, bulk, strict=True):
            self.assertEqual(left, right)

    def test_same_when_goods_are_there(self):
        self._fill(100.0)
        self._assert_same()

    def test_same_when_goods_are_short(self):
        self._fill(2.0)
        self._assert_same({self.products[0]: 4.0})

    def test_same_with_lots(self):
        jam = self.products[0]
        jam.tracking = "lot"
        for name in ("A", "B"):
            lot = self.env["stock.lot"].create({"name": name, "product_id": jam.id})
            self.env["stock.quant"]._update_available_quantity(
                jam, self.shelf, 20.0, lot_id=lot
            )
        self._fill(5.0)
        self._assert_same()

    def test_quants_are_locked_once(self):
        self._fill(100.0)
        pickings = self.env["stock.picking"].create(self._prepare_pickings(1))
        book = get_book(pickings.move_ids._with_quant_book().env)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", self.products.ids),
                ("location_id", "=", self.shelf.id),
            ]
        )
        self.assertEqual(book.locked_ids, set(quants.ids))

    def test_what_a_client_sends_is_no_run(self):
        """Under the name of the key, nothing that a client can send counts."""
        for forged in (True, {"book": {}, "has_reserved": True}, ["book"]):
            env = self.env(context={KEY: forged})
            self.assertIsNone(get_run(env))
            self.assertIsNone(get_book(env))
        self._fill(5.0)
        product = self.products[0]
        quant = self.env["stock.quant"].with_context(**{KEY: {"has_reserved": True}})
        quant._update_reserved_quantity(product, self.shelf, 2.0)
        own = quant.search(
            [("product_id", "=", product.id), ("location_id", "=", self.shelf.id)]
        )
        self.assertEqual(own.reserved_quantity, 2.0)
