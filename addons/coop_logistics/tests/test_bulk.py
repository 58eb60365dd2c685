# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import LogisticsCommon

LINE_FIELDS = (
    "name",
    "account_id",
    "balance",
    "amount_currency",
    "tax_ids",
    "tax_line_id",
    "tax_tag_ids",
    "tax_base_amount",
    "tax_repartition_line_id",
    "quantity",
    "price_unit",
    "price_subtotal",
    "price_total",
    "display_type",
    "partner_id",
    "product_id",
    "product_uom_id",
    "date_maturity",
    "amount_residual",
    "discount",
)
MOVE_FIELDS = (
    "move_type",
    "amount_untaxed",
    "amount_tax",
    "amount_total",
    "amount_residual",
    "invoice_date",
    "invoice_date_due",
    "invoice_payment_term_id",
    "journal_id",
    "fiscal_position_id",
    "currency_id",
    "state",
)


@tagged("post_install", "-at_install")
class TestBulk(LogisticsCommon):
    """The bulk way gives what Odoo's own calls give: moves, quants, values, entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.window.order_ids.action_confirm()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.products.categ_id.property_cost_method = "average"

    def _fill_stock(self, quantity):
        Quant = self.env["stock.quant"]
        for product in self.products:
            Quant._update_available_quantity(
                product, self.warehouse.lot_stock_id, quantity
            )

    def _make_orders(self):
        """Two orders of the same member outside any window, as Odoo's own."""
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.member.id,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "product_uom_qty": quantity}
                        )
                        for product, quantity in zip(
                            self.products, (2.0, 3.0, 0.4), strict=True
                        )
                    ],
                }
                for _i in range(2)
            ]
        )
        orders.state = "sale"
        return orders

    def _make_pickings(self, orders, way="core"):
        location = self.warehouse.lot_stock_id
        Picking = self.env["stock.picking"]
        create = Picking.create if way == "core" else Picking._create_in_bulk
        return create(
            [
                {
                    "partner_id": order.partner_id.id,
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "location_id": location.id,
                    "location_dest_id": self.customers.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "product_uom": line.product_uom_id.id,
                                "product_uom_qty": line.product_uom_qty,
                                "sale_line_id": line.id,
                                "location_id": location.id,
                                "location_dest_id": self.customers.id,
                            }
                        )
                        for line in order.order_line
                    ],
                }
                for order in orders
            ]
        )

    def _read_stock(self, pickings):
        self.env.flush_all()
        self.env.invalidate_all()
        moves = [
            {
                "product": move.product_id,
                "state": move.state,
                "demand": move.product_uom_qty,
                "quantity": move.quantity,
                "value": move.value,
                "is_out": move.is_out,
                "picked": move.picked,
                "date": move.date,
                "references": move.reference_ids.mapped("name"),
                "next": move.move_dest_ids.mapped("state"),
                "lines": sorted(
                    (
                        line.quantity,
                        line.state,
                        line.location_id.id,
                        line.location_dest_id.id,
                        line.picked,
                        line.date,
                    )
                    for line in move.move_line_ids
                ),
            }
            for move in pickings.move_ids.sorted(
                lambda m: (pickings.ids.index(m.picking_id.id), m.product_id.id)
            )
        ]
        quants = {
            (quant.product_id, quant.location_id): (
                quant.quantity,
                quant.reserved_quantity,
                quant.in_date,
            )
            for quant in self.env["stock.quant"].search(
                [("product_id", "in", self.products.ids)]
            )
        }
        return {"moves": moves, "quants": quants, "states": pickings.mapped("state")}

    def _play(self, way, stock=100.0, weighed=None):
        """Make, reserve, weigh and hand over in one of two ways; what it leaves."""
        with freeze_time("2026-06-03 08:00:00"):
            return self._play_frozen(way, stock, weighed)

    def _play_frozen(self, way, stock, weighed):
        savepoint = self.cr.savepoint()
        self._fill_stock(stock)
        orders = self._make_orders()
        pickings = self._make_pickings(orders, way)
        results = [self._read_stock(pickings)]
        if way == "core":
            pickings.action_confirm()
        else:
            pickings.move_ids._confirm_in_bulk()
        results.append(self._read_stock(pickings))
        wanted = {
            move: (weighed or {}).get(move.product_id, move.product_uom_qty)
            for move in pickings.move_ids
        }
        if way == "core":
            for move, quantity in wanted.items():
                move.quantity = quantity
        else:
            pickings.move_ids._set_quantities_in_bulk(wanted)
        pickings.move_ids.picked = True
        results.append(self._read_stock(pickings))
        context = {"cancel_backorder": True}
        if way == "bulk":
            context.update(pickings.move_ids._with_quant_book().env.context)
        pickings.with_context(**context)._action_done()
        results.append(self._read_stock(pickings))
        results.append(orders.order_line.mapped("qty_delivered"))
        self.env.flush_all()
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        return results

    def _assert_same(self, **kwargs):
        core, bulk = self._play("core", **kwargs), self._play("bulk", **kwargs)
        for step, (left, right) in enumerate(zip(core, bulk, strict=True)):
            self.assertEqual(left, right, f"step {step}")

    def test_same_moves_quants_and_values(self):
        self._assert_same()

    def test_same_when_weighed_less(self):
        self._assert_same(weighed={self.cheese: 0.374, self.carrots: 1.5})

    def test_same_when_weighed_more(self):
        self._assert_same(weighed={self.cheese: 0.437, self.eggs: 7.0})

    def test_same_when_something_is_missing(self):
        self._assert_same(stock=3.0)

    def test_same_when_a_line_is_left_out(self):
        self._assert_same(weighed={self.eggs: 0.0})

    def test_same_without_stock(self):
        self._assert_same(stock=0.5)

    def test_same_in_several_locations(self):
        shelf = self.env["stock.location"].create(
            {"name": "Étagère", "location_id": self.warehouse.lot_stock_id.id}
        )
        for product in self.products:
            self.env["stock.quant"]._update_available_quantity(product, shelf, 1.0)
        self._assert_same(stock=1.0)

    def test_same_after_more_was_handed_over_than_there_was(self):
        """Negative quants, and the reservation of another delivery that gives way."""
        Quant = self.env["stock.quant"]
        Quant._update_available_quantity(self.eggs, self.warehouse.lot_stock_id, -2.0)
        self._assert_same(stock=3.0, weighed={self.eggs: 5.0, self.carrots: 4.0})

    def test_same_with_lots(self):
        self.cheese.tracking = "lot"
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.cheese.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                self.cheese, self.warehouse.lot_stock_id, 0.5, lot_id=lot
            )
        self._assert_same(stock=1.0)

    def test_same_when_a_rule_sends_goods_further(self):
        """A rule that pushes from the members' place: the next move is made."""
        further = self.env["stock.location"].create(
            {
                "name": "Chez le voisin",
                "usage": "internal",
                "location_id": self.customers.id,
            }
        )
        route = self.env["stock.route"].create(
            {
                "name": "Plus loin",
                "product_selectable": True,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Plus loin",
                            "action": "push",
                            "location_src_id": self.customers.id,
                            "location_dest_id": further.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                        }
                    )
                ],
            }
        )
        self.eggs.route_ids = route
        read = self._read_stock
        pushed = []

        def read_what_follows_too(pickings):
            moves = self.env["stock.move"].search(
                [("location_dest_id", "=", further.id)], order="id"
            )
            pushed.append([(move.product_id, move.quantity) for move in moves])
            return read(pickings)

        self._read_stock = read_what_follows_too
        self._assert_same()
        self.assertEqual(len(pushed[-1]), 2)
        half = len(pushed) // 2
        self.assertEqual(pushed[:half], pushed[half:])

    def test_same_when_goods_are_ordered_again_by_a_rule(self):
        """The rule orders again what was handed over, and counts what is left."""
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.eggs.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "product_min_qty": 8.0,
                "product_max_qty": 20.0,
                "trigger": "manual",
            }
        )
        wanted = []
        read = self._read_stock

        def read_rule_too(pickings):
            wanted.append((rule.qty_to_order, rule.qty_forecast))
            return read(pickings)

        self._read_stock = read_rule_too
        self._assert_same(stock=10.0)
        half = len(wanted) // 2
        self.assertEqual(wanted[:half], wanted[half:])
        self.assertGreater(wanted[-1][0], 0.0)

    def test_same_invoices(self):
        self._fill_stock(100.0)
        orders = self._make_orders()
        pickings = self._make_pickings(orders)
        pickings.action_confirm()
        pickings.move_ids.picked = True
        pickings._action_done()
        core = orders[0]._create_invoices()
        bulk = orders[1]._coop_create_invoices()
        (core | bulk).action_post()

        def read(record, names):
            return {name: record[name] for name in names}

        self.assertEqual(read(core, MOVE_FIELDS), read(bulk, MOVE_FIELDS))

        def key(line):
            return (line.display_type, line.product_id.id, line.tax_line_id.id)

        for left, right in zip(
            core.line_ids.sorted(key), bulk.line_ids.sorted(key), strict=True
        ):
            values = read(left, LINE_FIELDS), read(right, LINE_FIELDS)
            if left.display_type == "payment_term":
                for value in values:
                    value.pop("name")
            self.assertEqual(*values)
        self.assertEqual(orders.mapped("invoice_status"), ["invoiced", "invoiced"])

    def test_same_invoice_with_two_taxes_and_a_free_line(self):
        tax = self.tax.copy({"name": "TVA 20 % non incluse", "amount": 20.0})
        tax.price_include_override = "tax_excluded"
        self.eggs.taxes_id = tax
        self.carrots.taxes_id = False
        self.test_same_invoices()

    def test_queries_an_order(self):
        """Handing over and invoicing: some 15 queries an order, core needs 200."""
        members = self.env["res.partner"].create(
            [
                {
                    "name": f"Membre {number:03d}",
                    **self._coop_member_values(self.group_toul, self.point_1),
                }
                for number in range(40)
            ]
        )
        window = self._coop_make_window("En nombre", days=8)
        orders = self._coop_make_orders(window, members)
        self._coop_receive(window)
        orders.distribution_id.action_prepare()
        self._fill_stock(100.0)
        orders[0].action_coop_serve()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        orders[1:].action_coop_serve()
        self.env.flush_all()
        self.assertLess((self.cr.sql_log_count - before) / 39, 25)
        self.assertEqual(set(orders.mapped("serve_state")), {"served"})
        before = self.cr.sql_log_count
        orders._coop_pay({order: {"kind": "cash"} for order in orders})
        self.env.flush_all()
        self.assertLess((self.cr.sql_log_count - before) / 40, 35)
        self.assertEqual(set(orders.mapped("coop_payment_state")), {"paid"})
