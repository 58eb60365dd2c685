# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.coop_einvoice.tests.einvoice_files import File, Row

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestMatchingNumbers(ReconciliationCommon):
    """The worked cases with other numbers: units, signs, currencies, dates, orders of
    events. Nothing is linked by itself that should not be, and nothing is claimed that
    is due."""

    def _uom(self, name, parent, factor):
        return self.env["uom.uom"].create(
            {"name": name, "relative_uom_id": parent.id, "relative_factor": factor}
        )

    def _line(self, product, quantity, price, uom=None, **vals):
        return {
            "product_id": product.id,
            "name": product.name,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [Command.set(self.taxes[20.0].ids)],
            **({"product_uom_id": uom.id} if uom else {}),
            **vals,
        }

    def _goods(self, quantity=10, price=2.0, received=None, uom=None, **vals):
        product = self._product("Farine", price, **vals)
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            **({"product_uom_id": uom.id} if uom else {}),
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        self._receive(order, None if received is None else {product: received})
        return product, order

    def _send_back(self, picking, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        for move in back.move_ids:
            move.write({"quantity": quantity, "picked": True})
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back

    def _issues(self, bill):
        """``[(kind, quantity, amount, state)]`` of what is not settled by itself."""
        return [
            (e.kind, round(e.quantity, 3), round(e.amount, 2), e.state)
            for e in bill.bill_exception_ids
            if e.state != "resolved" and not e.by_policy
        ]

    def _linked(self, bill):
        matches = bill.bill_match_ids.filtered(lambda m: m.state == "auto")
        return round(sum(matches.mapped("quantity")), 3)

    # -------------------------------------------------------------------------
    # Units
    # -------------------------------------------------------------------------

    def test_units_that_can_be_compared(self):
        kilo, gram = (
            self.env.ref("uom.product_uom_kgm"),
            self.env.ref("uom.product_uom_gram"),
        )
        unit, dozen = (
            self.env.ref("uom.product_uom_unit"),
            self.env.ref("uom.product_uom_dozen"),
        )
        crate = self._uom("Caisse de 6", unit, 6)
        cases = [
            # product's unit, ordered and billed unit, quantity, price; billed, price
            (kilo, kilo, gram, 2.5, 8.0, 2500, 0.008),
            (kilo, gram, kilo, 2500, 0.008, 2.5, 8.0),
            (unit, dozen, unit, 3, 3.6, 36, 0.3),
            (unit, unit, dozen, 36, 0.3, 3, 3.6),
            (unit, crate, unit, 4, 9.0, 24, 1.5),
            (unit, crate, dozen, 4, 9.0, 2, 18.0),
        ]
        for number, (own, ordered, billed, asked, price, count, cost) in enumerate(
            cases
        ):
            with self.subTest(ordered=ordered.name, billed=billed.name):
                product, order = self._goods(asked, price, uom=ordered, uom_id=own.id)
                line = self._line(product, count, cost, billed)
                bill = self._match(self._bill([line], ref=f"U{number}", order=order))
                self.assertEqual(self._issues(bill), [])
                self.assertEqual(bill.match_state, "matched")

    def test_one_crate_too_many(self):
        """Received 18, billed 4 crates of 6: six pieces too many, at the piece's
        price."""
        unit = self.env.ref("uom.product_uom_unit")
        crate = self._uom("Caisse de 6", unit, 6)
        product, order = self._goods(24, 1.5, received=18)
        line = self._line(product, 4, 9.0, crate)
        bill = self._match(self._bill([line], order=order))
        self.assertEqual(self._issues(bill), [("quantity_over", 6.0, 9.0, "open")])
        self.assertAlmostEqual(order.claim_ids.expected_credit, 9.0)

    def test_weight_of_what_is_sold_by_the_piece(self):
        """In an e-invoice too: 2.5 kg of what is ordered by the piece is no link."""
        product, order = self._goods(10, 2.0)
        product.seller_ids.product_code = "FARINE"
        file = File([Row("Farine", "2.5", "8.00", unit="KGM", sku="FARINE")])
        file.order = order.name
        bill = self._upload("poids.xml", file.ubl())
        self.assertEqual(bill.invoice_line_ids.product_id, product)
        self.assertEqual(self._kinds(bill), ["uom"])
        self.assertFalse(bill.bill_match_ids)
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)

    # -------------------------------------------------------------------------
    # Weighed goods and rounding
    # -------------------------------------------------------------------------

    def test_weighed_goods_around_the_limit(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        cases = [
            (10.24, 10.24, []),
            (9.71, 9.71, []),
            (10.24, 10.50, []),  # 2.5 %
            (10.24, 10.56, [("quantity_over", 0.32, 0.99, "open")]),  # 3.1 %
            (10.24, 10.00, []),
        ]
        for number, (received, billed, wanted) in enumerate(cases):
            with self.subTest(received=received, billed=billed):
                product, order = self._goods(10, 3.10, received, uom_id=kilo.id)
                bill = self._bill([(product, billed, 3.10)], f"W{number}", order)
                self.assertEqual(self._issues(self._match(bill)), wanted)

    def test_half_cents_are_no_price(self):
        """2.5 x 3.01 = 7.525, written 7.53: the price is exact, line after line."""
        kilo = self.env.ref("uom.product_uom_kgm")
        products = [
            self._product(f"A{n}", 3.01, f"CODE{n}", uom_id=kilo.id) for n in range(8)
        ]
        order = self._order([(product, 2.5, 3.01) for product in products])
        self._receive(order)
        rows = [
            Row(product.name, "2.5", "3.01", unit="KGM", sku=f"CODE{n}")
            for n, product in enumerate(products)
        ]
        bill = self._upload("poids.xml", File(rows, order=order.name).ubl())
        self.assertEqual(bill.amount_untaxed, 60.24)
        self.assertFalse(bill.bill_exception_ids)
        self.assertEqual(bill.match_state, "matched")

    def test_price_of_a_small_order(self):
        """0.1 kg ordered at 12.34 is 1.23: the price is not 12.30."""
        kilo = self.env.ref("uom.product_uom_kgm")
        product, order = self._goods(0.1, 12.34, received=5.0, uom_id=kilo.id)
        bill = self._match(self._bill([(product, 5.0, 12.34)], order=order))
        self.assertNotIn("price", bill.bill_exception_ids.mapped("kind"))

    def test_price_within_both_limits(self):
        self.policy.write(
            {"price_percent_over": 5.0, "price_amount_over": 1.0, "bill_amount": 0.05}
        )
        cases = [
            (10, 2.00, 2.10, []),  # 5 %, 1.00
            (10, 2.00, 2.11, [("price", 10.0, 1.10, "open")]),
            (30, 2.00, 2.05, [("price", 30.0, 1.50, "open")]),  # 2.5 %, but 1.50
            (1, 0.03, 0.05, []),  # 67 %, but two cents
            (3, 0.03, 0.05, [("price", 3.0, 0.06, "open")]),
            (10, 2.00, 1.50, []),
        ]
        for number, (quantity, price, billed, wanted) in enumerate(cases):
            with self.subTest(quantity=quantity, billed=billed):
                product, order = self._goods(quantity, price)
                bill = self._bill([(product, quantity, billed)], f"P{number}", order)
                self.assertEqual(self._issues(self._match(bill)), wanted)

    def test_one_error_does_not_pay_another(self):
        """5.00 too much for the goods and a rounding of -5.00 are two questions."""
        product, order = self._goods(10, 2.0)
        rounding = {
            "name": "Arrondi",
            "quantity": 1,
            "price_unit": -5.0,
            "bill_line_kind": "rounding",
        }
        bill = self._match(self._bill([(product, 10, 2.5), rounding], order=order))
        kinds = sorted(kind for kind, *__ in self._issues(bill))
        self.assertEqual(kinds, ["price", "rounding"])
        self.assertEqual(bill.match_state, "exception")

    # -------------------------------------------------------------------------
    # Returns and credit notes
    # -------------------------------------------------------------------------

    def test_returned_before_the_bill(self):
        product, order = self._goods(10, 2.0)
        self._send_back(order.picking_ids, 3)
        right = self._match(self._bill([(product, 7, 2.0)], "R1", order))
        self.assertEqual(self._issues(right), [])
        right.button_cancel()
        wrong = self._match(self._bill([(product, 10, 2.0)], "R2", order))
        self.assertEqual(self._issues(wrong), [("quantity_over", 3.0, 6.0, "open")])

    def test_taken_back_on_the_same_bill(self):
        """Ten received, three sent back; billed ten and minus three."""
        product, order = self._goods(10, 2.0)
        self._send_back(order.picking_ids, 3)
        bill = self._match(
            self._bill([(product, 10, 2.0), (product, -3, 2.0)], order=order)
        )
        self.assertEqual(self._issues(bill), [])
        self.assertEqual(self._linked(bill), 7.0)
        self.assertEqual(bill.match_state, "matched")
        # Taken back for less than it was billed: somebody looks.
        product, order = self._goods(10, 2.0)
        self._send_back(order.picking_ids, 3)
        bill = self._match(
            self._bill([(product, 10, 2.0), (product, -3, 1.0)], "T2", order)
        )
        self.assertEqual(self._issues(bill), [("quantity_over", 3.0, 6.0, "open")])

    def test_returned_after_the_bill(self):
        product, order = self._goods(10, 2.0)
        bill = self._match(self._bill([(product, 10, 2.0)], order=order))
        self.assertEqual(bill.match_state, "matched")
        # Nobody asks for it: sending back is enough.
        self._send_back(order.picking_ids, 4)
        self.assertEqual(self._issues(bill), [("quantity_over", 4.0, 8.0, "open")])
        self.assertEqual(self._linked(bill), 6.0)

    def test_billed_too_much_credited_then_delivered(self):
        """Ten billed, eight came, two are credited; then the two come and are billed
        again: the second bill has them."""
        product = self._product("Farine", 2.0)
        order = self._order([(product, 10, 2.0)])
        self._receive(order, {product: 8}, backorder=True)
        first = self._match(self._bill([(product, 10, 2.0)], "B1", order))
        first.action_post()
        claim = order.claim_ids
        credit = self._bill(
            [(product, 2, 2.0)], "AV1", move_type="in_refund", narration=claim.name
        )
        credit.action_coop_match()
        self.assertEqual(credit.credited_claim_ids, claim)
        credit.action_post()
        self._receive(order)
        self._match(first)
        second = self._match(self._bill([(product, 2, 2.0)], "B2", order))
        self.assertEqual(self._linked(first), 8.0)
        self.assertEqual(self._linked(second), 2.0)
        self.assertEqual(self._issues(second), [])

    def _credit(self, bill, lines, ref):
        note = self._bill(lines, ref, move_type="in_refund")
        note.bill_reference_ids = [Command.create({"kind": "bt25", "value": bill.ref})]
        note.action_coop_match()
        self.assertEqual(note.reversed_entry_id, bill)
        return note

    def test_credited_and_billed_again(self):
        """A bill at a wrong price, its credit note, and the right bill, in any order:
        the receipts are the right bill's, and nothing is claimed twice."""
        for number, early in enumerate((False, True)):
            product, order = self._goods(10, 2.0)
            wrong = self._match(self._bill([(product, 10, 2.3)], f"X{number}", order))
            self.assertEqual([i[0] for i in self._issues(wrong)], ["price"])
            right = [(product, 10, 2.0)]
            if early:
                again = self._match(self._bill(right, f"Y{number}", order))
                self.assertEqual([i[0] for i in self._issues(again)], ["quantity_over"])
            note = self._credit(wrong, [(product, 10, 2.3)], f"AV{number}")
            if not early:
                again = self._match(self._bill(right, f"Y{number}", order))
            self.assertEqual(self._linked(again), 10.0)
            self.assertEqual(self._issues(again), [])
            self.assertEqual(self._linked(wrong), 0.0)
            self.assertEqual(self._issues(wrong), [])
            with self._assert_writes_nothing():
                (wrong | note | again).action_coop_match()

    def test_credit_of_a_price_frees_no_goods(self):
        product, order = self._goods(10, 2.0)
        bill = self._match(self._bill([(product, 10, 2.3)], "Z1", order))
        self._credit(bill, [(product, 10, 0.3)], "AVZ")
        self.assertEqual(self._linked(bill), 10.0)

    def test_returned_and_credited(self):
        """Billed ten, four sent back, four credited: nothing is left to claim."""
        product, order = self._goods(10, 2.0)
        bill = self._match(self._bill([(product, 10, 2.0)], "V1", order))
        self._send_back(order.picking_ids, 4)
        self._credit(bill, [(product, 4, 2.0)], "AVV")
        self.assertEqual(self._issues(bill), [])
        self.assertEqual(self._linked(bill), 6.0)

    # -------------------------------------------------------------------------
    # Several documents
    # -------------------------------------------------------------------------

    def test_month_of_delivery_notes(self):
        """Four deliveries of four orders on one bill, one line an article."""
        flour, salt = self._product("Farine", 2.0), self._product("Sel", 1.0)
        notes = []
        for week in range(4):
            order = self._order([(flour, 5 + week, 2.0), (salt, 1 + week, 1.0)])
            notes.append(f"BL-{week}")
            self._receive(order, note=notes[-1])
        bill = self._bill([(flour, 26, 2.0), (salt, 10, 1.0)])
        bill.bill_reference_ids = [
            Command.create({"kind": "bt16", "value": note}) for note in notes
        ]
        self._match(bill)
        self.assertEqual(bill.match_state, "matched")
        self.assertEqual(len(bill.bill_match_ids), 8)
        self.assertEqual(self._linked(bill), 36.0)

    def test_one_delivery_note_on_three_bills(self):
        product, order = self._goods(30, 2.0)
        order.picking_ids.delivery_note_ref = "BL-9"
        bills = []
        for number, quantity in enumerate((12, 10, 9)):
            bill = self._bill([(product, quantity, 2.0)], f"S{number}")
            bill.bill_reference_ids = [
                Command.create({"kind": "bt16", "value": "bl 9"})
            ]
            bills.append(self._match(bill))
        self.assertEqual([self._linked(bill) for bill in bills], [12.0, 10.0, 8.0])
        self.assertEqual(self._issues(bills[2]), [("quantity_over", 1.0, 2.0, "open")])

    def test_order_of_another_company(self):
        other = self.env["res.company"].create({"name": "Autre coopérative"})
        product = self._product("Farine", 2.0)
        self.env.user.company_ids = [Command.link(other.id)]
        order = (
            self.env["purchase.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.supplier.id,
                    "company_id": other.id,
                    "name": "PO-ELSE",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": 5,
                                "price_unit": 2.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        order.button_confirm()
        bill = self._match(self._bill([(product, 5, 2.0)], order=order))
        self.assertFalse(bill.bill_match_ids)
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        self.assertEqual(self._kinds(bill), ["no_order"])

    def test_order_in_another_currency(self):
        """Ordered in dollars, billed in euros at the day's rate, and in dollars."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2026-06-01",
                "rate": 1.25 * self.company.currency_id.rate,
            }
        )
        product = self._product("Café", 10.0)
        for number, (currency, price) in enumerate(
            ((self.company.currency_id, 8.0), (dollar, 10.0))
        ):
            order = self._order([(product, 6, 10.0)], currency_id=dollar.id)
            self._receive(order)
            bill = self._bill(
                [(product, 6, price)], f"C{number}", order, currency_id=currency.id
            )
            self.assertEqual(self._issues(self._match(bill)), [], currency.name)
        order = self._order([(product, 6, 10.0)], currency_id=dollar.id)
        self._receive(order, {product: 5})
        bill = self._bill([(product, 6, 10.0)], "C3", order, currency_id=dollar.id)
        self.assertEqual(
            self._issues(self._match(bill)), [("quantity_over", 1.0, 10.0, "open")]
        )
        self.assertEqual(order.claim_ids.currency_id, dollar)

    # -------------------------------------------------------------------------
    # Other lines
    # -------------------------------------------------------------------------

    def test_one_free_for_ten(self):
        """Eleven came, ten are paid: the eleventh is a gift, on the order or not."""
        for price in ([(10, 2.0), (1, 0.0)], [(11, 2.0)]):
            product = self._product("Farine", 2.0)
            order = self._order([(product, *line) for line in price])
            self._receive(order)
            bill = self._match(
                self._bill(
                    [(product, 10, 2.0), (product, 1, 0.0)], f"G{len(price)}", order
                )
            )
            self.assertEqual(self._issues(bill), [])
            self.assertEqual(bill.match_state, "matched")

    def test_service_billed_as_ordered(self):
        """Carriage that was ordered is received by nobody."""
        product = self._product("Farine", 2.0)
        carriage = self.env["product.product"].create(
            {
                "name": "Transport",
                "type": "service",
                "purchase_method": "purchase",
                "supplier_taxes_id": [Command.set(self.taxes[20.0].ids)],
            }
        )
        order = self._order([(product, 10, 2.0), (carriage, 1, 9.5)])
        self._receive(order)
        bill = self._match(
            self._bill([(product, 10, 2.0), (carriage, 1, 9.5)], order=order)
        )
        self.assertEqual(self._issues(bill), [])
        self.assertEqual(bill.match_state, "matched")
        again = self._match(self._bill([(carriage, 1, 9.5)], "again", order))
        self.assertEqual([kind for kind, *__ in self._issues(again)], ["quantity_over"])

    def test_carriage_that_is_an_article(self):
        """Not ordered, billed under the article that the accountant has for it."""
        product, order = self._goods(10, 2.0)
        carriage = self.env["product.product"].create(
            {"name": "Frais de port", "type": "service"}
        )
        for number, (amount, state) in enumerate(((9.5, "accepted"), (40.0, "open"))):
            bill = self._match(
                self._bill([self._line(carriage, 1, amount)], f"F{number}", order)
            )
            found = bill.bill_exception_ids
            self.assertEqual((found.kind, found.state), ("freight", state))

    def test_discount_of_the_whole_bill(self):
        product, order = self._goods(10, 2.0)
        discount = {"name": "Remise 5 %", "quantity": 1, "price_unit": -1.0}
        bill = self._match(self._bill([(product, 10, 2.0), discount], order=order))
        self.assertEqual(self._issues(bill), [])
        self.assertEqual(bill.bill_exception_ids.mapped("kind"), ["discount"])
        self.assertEqual(bill.amount_untaxed, 19.0)
