# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import DATA, ReconciliationCommon

CODE = "FARINE-25"

QUANTITY = st.integers(1, 9)
STEP = st.one_of(
    st.tuples(st.just("bill"), QUANTITY, st.sampled_from([2.0, 2.1, 1.9])),
    st.tuples(st.just("silent"), QUANTITY, st.sampled_from([2.0, 2.1])),
    st.tuples(st.just("import"), QUANTITY, st.sampled_from([2.0, 2.1])),
    st.tuples(st.just("cited"), QUANTITY, st.sampled_from([2.0, 2.5])),
    st.tuples(st.just("receive"), QUANTITY, st.booleans()),
    st.tuples(st.just("return"), st.integers(1, 3), st.none()),
    st.tuples(st.just("credit"), QUANTITY, st.none()),
    st.tuples(st.sampled_from(["reject", "confirm"]), st.integers(0, 3), st.none()),
    st.tuples(st.just("rerun"), st.none(), st.none()),
    st.tuples(st.just("unmatch"), st.integers(0, 3), st.none()),
    st.tuples(st.just("alone"), st.integers(0, 3), st.none()),
    st.tuples(st.just("cancel"), st.integers(0, 3), st.none()),
    st.tuples(st.just("post"), st.integers(0, 3), st.none()),
)


@tagged("post_install", "-at_install")
class TestSequences(ReconciliationCommon):
    """No sequence of imports, receptions, matchings, returns, credits, decisions and
    reruns changes a bill, or matches more than was received."""

    @settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
    @given(steps=st.lists(STEP, min_size=3, max_size=9))
    @example(
        steps=[
            ("cited", 7, 2.5),
            ("confirm", 3, None),
            ("rerun", None, None),
            ("receive", 5, False),
            ("credit", 1, None),
            ("reject", 2, None),
            ("return", 2, None),
            ("rerun", None, None),
        ]
    )
    @example(
        steps=[
            ("receive", 6, True),
            ("silent", 5, 2.0),
            ("import", 4, 2.1),
            ("silent", 5, 2.0),
            ("confirm", 0, None),
            ("confirm", 4, None),
            ("unmatch", 1, None),
            ("alone", 0, None),
            ("receive", 9, False),
            ("cancel", 1, None),
            ("rerun", None, None),
        ]
    )
    def test_no_sequence_changes_a_bill(self, steps):
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            self._walk(steps)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _walk(self, steps):
        self.step_product = self._product("Farine", 2.0)
        self.env["product.supplierinfo"].search(
            [("product_tmpl_id", "=", self.step_product.product_tmpl_id.id)]
        ).product_code = CODE
        self.step_order = self._order(
            [(self.step_product, 9, 2.0), (self.step_product, 4, 2.0)]
        )
        self.bills = self.env["account.move"]
        written = {}
        for number, (name, *arguments) in enumerate(steps):
            getattr(self, f"_do_{name}")(number, *arguments)
            for bill in self.bills:
                written.setdefault(bill, self._snapshot(bill))
                self.assertEqual(self._snapshot(bill), written[bill], name)
            self._check_quantities()

    def _check_quantities(self):
        """Links that count take no more than came; a line no more than it bills."""
        bills = self.bills.filtered(lambda b: b.state != "cancel")
        matches = bills.sudo().bill_match_ids.filtered(
            lambda m: m.state in ("auto", "confirmed")
        )
        for move, group in matches.grouped("stock_move_id").items():
            self.assertLessEqual(sum(group.mapped("quantity")), move.quantity + 0.0001)
        for line, group in matches.grouped("bill_line_id").items():
            self.assertLessEqual(sum(group.mapped("quantity")), line.quantity + 0.0001)

    def _do_bill(self, number, quantity, price):
        self._import(number, quantity, price).action_coop_match()

    def _do_cited(self, number, quantity, price):
        """The bill cites the last delivery note instead of the order."""
        pickings = self.step_order.picking_ids.filtered("delivery_note_ref")
        bill = self._import(number, quantity, price, order=not pickings)
        if pickings:
            note = pickings[-1].delivery_note_ref
            bill.bill_reference_ids = [Command.create({"kind": "bt16", "value": note})]
        bill.action_coop_match()

    def _do_silent(self, number, quantity, price):
        """It cites nothing: its links are only suggested."""
        self._import(number, quantity, price, order=False).action_coop_match()

    def _do_import(self, number, quantity, price):
        """The same by e-invoice."""
        total = f"{quantity * price:.2f}"
        text = (DATA / "ubl-step.xml").read_text()
        for name, value in (
            ("NUMBER", f"S{number}"),
            ("ORDER", self.step_order.name),
            ("CODE", CODE),
            ("QUANTITY", str(quantity)),
            ("PRICE", f"{price:.2f}"),
            ("TOTAL", total),
        ):
            text = text.replace(f"@{name}@", value)
        bill = self._upload(f"step-{number}.xml", text.encode())
        self.assertAlmostEqual(bill.amount_total, float(total), 2)
        self.assertEqual(bill.partner_id, self.supplier)
        self.bills |= bill

    def _import(self, number, quantity, price, order=True):
        bill = self._bill(
            [(self.step_product, quantity, price), (self.step_product, 1, price)],
            ref=f"S{number}",
            order=self.step_order if order else None,
        )
        self.bills |= bill
        return bill

    def _do_receive(self, number, quantity, backorder):
        if self.step_order.picking_ids.filtered(lambda p: p.state == "assigned"):
            self._receive(
                self.step_order,
                {self.step_product: quantity},
                note=f"BL{number}",
                backorder=backorder,
            )

    def _do_return(self, number, quantity, __):
        picking = self.step_order.picking_ids.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "incoming"
        )[:1]
        if not picking or picking.move_ids.returned_move_ids:
            return
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_ids=picking.ids,
                active_id=picking.id,
                active_model="stock.picking",
            )
        ).save()
        line = wizard.product_return_moves[:1]
        line.quantity = min(quantity, line.move_quantity)
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()

    def _do_credit(self, number, quantity, __):
        refund = self._bill(
            [(self.step_product, quantity, 2.0)],
            ref=f"S{number}",
            move_type="in_refund",
        )
        if self.bills:
            refund.bill_reference_ids = [
                Command.create({"kind": "bt25", "value": self.bills[0].ref})
            ]
        refund.action_coop_match()
        self.bills |= refund

    def _do_unmatch(self, __, index, *___):
        """Every link of a bill is refused."""
        bill = self.bills[index : index + 1]
        bill.bill_match_ids.filtered(lambda m: m.state != "rejected").action_reject()

    def _do_alone(self, __, index, *___):
        """One bill again, without the others."""
        self.bills[index : index + 1].action_coop_match()

    def _do_cancel(self, __, index, *___):
        bill = self.bills[index : index + 1]
        if bill.state == "draft":
            bill.button_cancel()

    def _do_reject(self, __, index, *___):
        self._matches()[index : index + 1].action_reject()

    def _do_confirm(self, __, index, *___):
        match = self._matches()[index : index + 1]
        try:
            with self.env.cr.savepoint():
                match.action_confirm()
        except UserError as error:
            # Suggested for goods that another bill has taken since.
            self.assertIn("billed already", str(error))
            self.env.invalidate_all()

    def _matches(self):
        return self.bills.bill_match_ids.filtered(lambda m: m.state != "rejected")

    def _do_rerun(self, *__):
        self.bills.action_coop_match()
        matches = self.bills.bill_match_ids
        before = [(m.id, m.quantity, m.state) for m in matches]
        self.bills.action_coop_match()
        self.assertEqual(
            [(m.id, m.quantity, m.state) for m in self.bills.bill_match_ids], before
        )

    def _do_post(self, __, index, *___):
        bill = self.bills[index : index + 1]
        if bill.state == "draft":
            bill.action_coop_accept()
            bill.action_post()
