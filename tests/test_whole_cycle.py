"""The chain once, from the window to the FEC, each step by the role that does it.

The supplier's bill is a real public e-invoice (order PO1242, delivery note
BL-2026/05/12, 273.00 + 35.03 = 308.03): it bills 10 oils and 20 nougats, of which 18
nougats arrived.
"""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.http import Request
from odoo.tests import tagged

from odoo.addons.coop_base.tests import mailbox

from tests import cycle_case

BILL = (
    Path(__file__).parent.parent / "addons/coop_einvoice/tests/data/ubl-fr-en16931.xml"
)
CREDIT_NOTE = Path(__file__).parent / "data" / "credit-note.xml"


@tagged("post_install", "-at_install")
class TestWholeCycle(cycle_case.CycleCase):
    def test_whole_cycle(self):
        with self._at(6, 2, 17):
            window = self._step_1_order()
        self._step_2_close_and_buy(window)
        with self._at(6, 14, 8):
            picking = self._step_3_receive(window)
        with self._at(6, 16, 15):
            self._step_4_distribute(window)
        with self._at(6, 18, 9):
            bill = self._step_5_bill(window, picking)
        with self._at(6, 30, 9):
            self._step_6_letter(bill, window)

    # ------------------------------------------------------------------
    # 1. Order
    # ------------------------------------------------------------------

    def _step_1_order(self):
        window = self._open_window()
        self._member_orders(window, "coop_member", {self.oil: 3, self.nougat: 6})
        order = window.sudo().order_ids
        self.assertEqual(order.state, "draft")
        self._post_order(order, "validate", self.point_1)
        self.assertEqual(order.state, "sent")
        # Three oils are enough, after all; then cancelled, and back.
        self._change(window, {self.oil: 2, self.nougat: 5, self.milk: 6})
        self._post_order(order, "cancel")
        self.assertEqual(order.state, "cancel")
        self._post_order(order, "restore")
        self._change(window, {self.oil: 3, self.carrot: 1.5})
        self._post_order(order, "validate", self.point_1)
        self.assertEqual(
            {line.product_id: line.product_uom_qty for line in order.order_line},
            {self.oil: 3, self.nougat: 5, self.milk: 6, self.carrot: 1.5},
        )
        page = self.url_open(f"/my/coop/orders/{order.id}").text
        self.assertIn("97,05", page)  # 44.85 + 43.50 + 6.30 + 2.40
        for login, point, quantities in (
            ("coop_member_2", self.point_2, {self.oil: 3, self.nougat: 6}),
            ("coop_third", self.point_1, {self.oil: 2, self.nougat: 4, self.carrot: 2}),
        ):
            self._member_orders(window, login, quantities)
            theirs = window.sudo().order_ids.filtered(lambda o: o.state == "draft")
            self._post_order(theirs, "validate", point)
        self._referent_keys_in_paper(window)
        orders = window.sudo().order_ids
        self.assertEqual(orders.mapped("state"), ["sent"] * 4)
        self.assertEqual(self._offer(window, self.oil).quantity_ordered, 10)
        self.assertEqual(self._offer(window, self.nougat).quantity_ordered, 20)
        return window

    def _member_orders(self, window, login, quantities):
        self.authenticate(login, login)
        self.assertEqual(self.url_open("/my/coop").status_code, 200)
        page = self.url_open(f"/my/coop/window/{window.id}").text
        self.assertIn("Commande de juin", page)
        self.assertIn("Nougats en cubes", page)
        return self._change(window, quantities)

    def _change(self, window, quantities):
        changes = [
            {"offer_id": self._offer(window, product).id, "quantity": quantity}
            for product, quantity in quantities.items()
        ]
        answer = self.make_jsonrpc_request(
            f"/my/coop/window/{window.id}/change", {"changes": changes}
        )
        self.assertFalse(answer.get("error"))
        self.assertFalse(answer["rejected"])
        return answer["state"]

    def _post_order(self, order, action, point=None):
        data = {"csrf_token": Request.csrf_token(self)}
        if point:
            distributions = order.order_window_id.distribution_ids
            data["distribution_id"] = distributions.filtered(
                lambda d: d.collection_point_id == point
            ).id
        answer = self.url_open(f"/my/coop/orders/{order.id}/{action}", data=data)
        self.assertEqual(answer.status_code, 200)
        order.invalidate_recordset()

    def _referent_keys_in_paper(self, window):
        grid = window.with_user(self.user_referent)
        for product, quantity in ((self.oil, 2), (self.nougat, 5)):
            row = grid.set_entry_quantity(
                self.member_paper.id, self._offer(window, product).id, quantity
            )
            self.assertFalse(row["message"])
        order = window.sudo().order_ids.filtered(
            lambda o: o.partner_id == self.member_paper
        )
        self.assertEqual(order.order_channel, "paper")
        self.assertEqual(order.entered_by_id, self.user_referent)

    # ------------------------------------------------------------------
    # 2. Close, buy, send
    # ------------------------------------------------------------------

    def _step_2_close_and_buy(self, window):
        cron = self.env.ref("coop_orders.coop_order_window_cron")
        with self._at(6, 9, 17, 59), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(window.state, "open")
        with self._at(6, 9, 18, 0), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(window.state, "closed")
        self.assertEqual(window.sudo().order_ids.mapped("state"), ["sale"] * 4)
        with self._at(6, 9, 18, 5):
            buyer = window.with_user(self.user_buyer)
            # In tests Odoo makes HTML of a report, unless told otherwise.
            buyer.with_context(force_report_rendering=True).action_close_and_send()
            received = self._send_purchase_orders(window)
        orders = window.purchase_order_ids
        self.assertEqual(len(orders), 3)
        mill = orders.filtered(lambda order: order.partner_id == self.mill)
        self.assertEqual(mill.name, "PO1242")
        self.assertEqual(
            {line.product_id: line.product_qty for line in mill.order_line},
            {self.oil: 10, self.nougat: 20},
        )
        dairy = orders.filtered(lambda order: order.partner_id == self.dairy)
        self.assertEqual(dairy.order_line.product_qty, 6)
        self.assertEqual(
            sorted(
                address for addresses, _message in received for address in addresses
            ),
            [
                "jardins@producteurs.example",
                "laiterie@producteurs.example",
                "moulin@producteurs.example",
            ],
        )
        for _addresses, message in received:
            files = [part.get_filename() for part in message.walk()]
            pdf = [
                part
                for part in message.walk()
                if (part.get_filename() or "").endswith(".pdf")
            ]
            self.assertEqual(len(pdf), 1, files)
            self.assertTrue(pdf[0].get_payload(decode=True).startswith(b"%PDF"))

    def _send_purchase_orders(self, window):
        box = mailbox.Mailbox.open(self)
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "purchase.order"),
                ("res_id", "in", window.purchase_order_ids.ids),
            ]
        )
        box.send(mails)
        return box.messages

    # ------------------------------------------------------------------
    # 3. Receive and share out
    # ------------------------------------------------------------------

    def _step_3_receive(self, window):
        orders = window.with_user(self.user_buyer).purchase_order_ids
        for number, order in enumerate(orders, start=10):
            picking = order.picking_ids
            mill = order.partner_id == self.mill
            picking.write(
                {
                    "delivery_note_ref": "BL-2026/05/12" if mill else f"BL{number}",
                    "delivery_note_date": date(2026, 6, 14),
                }
            )
            picking.action_announce_as_ordered()
            for move in picking.move_ids:
                missing = 2 if move.product_id == self.nougat else 0
                move.quantity = move.product_uom_qty - missing
                move.picked = True
            picking.action_coop_receive()
            self.assertEqual(picking.state, "done")
        nougat = self._offer(window, self.nougat).sudo()
        self.assertEqual(nougat.quantity_ordered, 20)
        self.assertEqual(nougat.quantity_to_order, 20)
        self.assertEqual(nougat.quantity_received, 18)
        self.assertEqual(nougat.quantity_allocated, 18)
        # First come, first served: the paper order was the last to ask.
        shares = {
            line.order_id.partner_id: line.quantity_allocated
            for line in nougat.line_ids
        }
        self.assertEqual(
            shares,
            {self.member: 5, self.member_2: 6, self.third: 4, self.member_paper: 3},
        )
        # She has no e-mail: her referent is asked to call her.
        call = self.member_paper.activity_ids
        self.assertEqual(call.user_id, self.user_referent)
        mill = orders.filtered(lambda order: order.partner_id == self.mill)
        move = mill.picking_ids.move_ids.filtered(
            lambda move: move.product_id == self.nougat
        )
        self.assertEqual(
            (move.product_uom_qty, move.quantity_announced, move.quantity), (20, 20, 18)
        )
        return mill.picking_ids

    # ------------------------------------------------------------------
    # 4. Prepare, hand over, be paid
    # ------------------------------------------------------------------

    def _step_4_distribute(self, window):
        distributions = window.distribution_ids.with_user(self.user_coordinator)
        distributions.action_prepare()
        self.assertEqual(set(distributions.mapped("state")), {"prepared"})
        self._print_slips(distributions)
        distributions.action_open()
        orders = window.sudo().order_ids
        ways = {
            self.member: {"method": "cash", "amount_given": 200},
            self.member_2: {"method": "cash"},
            self.third: {
                "method": "cheque",
                "cheque_bank": "La Banque postale",
                "cheque_number": "0001234",
            },
            self.member_paper: {"method": "transfer"},
        }
        for order in orders:
            runner = (
                self.user_referent
                if order.collection_point_id == self.point_1
                else self.user_coordinator
            )
            wizard = (
                self.env["coop.distribution.payment"]
                .with_user(runner)
                .with_context(default_order_id=order.id)
                .create(ways[order.partner_id])
            )
            wizard.action_confirm()
        for order in orders:
            invoice = order.invoice_ids
            self.assertEqual(invoice.state, "posted")
            self.assertEqual(order.picking_ids.state, "done")
            for line in order.order_line:
                self.assertEqual(line.qty_delivered, line.quantity_allocated)
                self.assertEqual(line.qty_invoiced, line.quantity_allocated)
            later = order.partner_id == self.member_paper
            self.assertEqual(invoice.payment_state, "not_paid" if later else "paid")
        paper = orders.filtered(lambda order: order.partner_id == self.member_paper)
        # Two oils at 14.95 and three nougats (not five) at 8.70, VAT included.
        self.assertAlmostEqual(paper.invoice_ids.amount_total, 2 * 14.95 + 3 * 8.70)
        # Nothing is overwritten: what was ordered is still there.
        nougats = paper.order_line.filtered(lambda line: line.product_id == self.nougat)
        self.assertEqual(nougats.product_uom_qty, 5)

    def _print_slips(self, distributions):
        for report in ("slips", "point"):
            pdf, kind = (
                self.env["ir.actions.report"]
                .with_user(self.user_coordinator)
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(
                    f"coop_logistics.action_report_distribution_{report}",
                    distributions.ids,
                )
            )
            self.assertEqual(kind, "pdf")
            self.assertTrue(pdf.startswith(b"%PDF"))

    # ------------------------------------------------------------------
    # 5. Bill, match, claim, credit
    # ------------------------------------------------------------------

    def _upload(self, path):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.accountant)
            .create(
                {
                    "name": path.name,
                    "raw": path.read_bytes(),
                    "mimetype": "application/xml",
                }
            )
        )
        action = (
            self.env["account.journal"]
            .with_user(self.accountant)
            .with_context(default_move_type="in_invoice")
            .create_document_from_attachment(attachment.ids)
        )
        return (
            self.env["account.move"].with_user(self.accountant).browse(action["res_id"])
        )

    def _step_5_bill(self, window, picking):
        bill = self._upload(BILL)
        totals = (bill.amount_untaxed, bill.amount_tax, bill.amount_total)
        self.assertEqual(totals, (273.00, 35.03, 308.03))
        self.assertEqual(bill.partner_id.commercial_partner_id, self.mill)
        matched = {
            match.bill_line_id.product_id: (match.stock_move_id, match.quantity)
            for match in bill.bill_match_ids
        }
        moves = {move.product_id: move for move in picking.move_ids}
        self.assertEqual(matched[self.oil], (moves[self.oil], 10))
        self.assertEqual(matched[self.nougat], (moves[self.nougat], 18))
        over = bill.bill_exception_ids.filtered(lambda e: e.kind == "quantity_over")
        self.assertAlmostEqual(over.amount, 13.80)
        order = picking.purchase_id.with_user(self.user_buyer)
        claim = order.claim_ids
        self.assertEqual(claim.state, "draft")
        self.assertEqual(claim.line_ids.quantity, 2)
        order.action_send_claims()
        self.assertEqual(claim.state, "sent")
        mail = self.env["mail.mail"].search(
            [("model", "=", claim._name), ("res_id", "=", claim.id)]
        )
        self.assertEqual(mail.recipient_ids | mail.partner_ids, self.mill)
        if bill.state == "draft":
            bill.action_post()
        note = self._upload(CREDIT_NOTE)
        self.assertEqual(note.move_type, "in_refund")
        self.assertAlmostEqual(note.amount_total, 16.56)
        if note.state == "draft":
            note.action_post()
        self.assertEqual(claim.state, "closed")
        self.assertEqual(claim.credit_note_ids, note)
        # Matching and claiming have not touched what the supplier wrote.
        self.assertEqual(
            totals, (bill.amount_untaxed, bill.amount_tax, bill.amount_total)
        )
        return bill

    # ------------------------------------------------------------------
    # 6. Bank, lettering, FEC
    # ------------------------------------------------------------------

    def _step_6_letter(self, bill, window):
        env = self.env(user=self.accountant)
        bank = self.env["account.journal"]._coop_get_payment_journal(
            self.company, "transfer"
        )
        paid = 308.03 - 16.56
        transfer = window.sudo().order_ids.filtered(
            lambda order: order.coop_payment_kind == "transfer"
        )
        env["account.bank.statement.line"].create(
            [
                {
                    "journal_id": bank.id,
                    "date": date(2026, 6, 29),
                    "payment_ref": label,
                    "partner_id": partner.id,
                    "amount": amount,
                }
                for label, partner, amount in (
                    ("VIR SEPA AU BON MOULIN F124212 A124301", self.mill, -paid),
                    (
                        f"VIREMENT {transfer.name}",
                        self.member_paper,
                        transfer.invoice_ids.amount_total,
                    ),
                )
            ]
        )
        env["coop.lettering.run"].action_letter()
        lines = env["account.move.line"].search(
            [
                ("partner_id", "=", self.mill.id),
                ("account_id.account_type", "=", "liability_payable"),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(len(lines), 3)
        self.assertEqual(set(lines.mapped("lettering_code")), {"AAA"})
        self.assertEqual(set(lines.mapped("reconciled")), {True})
        self.assertEqual(bill.payment_state, "paid")
        # The member's transfer has reached her invoice too.
        self.assertEqual(transfer.invoice_ids.payment_state, "paid")
        self.assertFalse(env["coop.lettering.run"]._run(self.company))
        rows = self._export_fec(env)
        lettered = [row for row in rows if row["EcritureLet"] == "AAA"]
        amounts = {
            (self._number(row["Debit"]), self._number(row["Credit"]))
            for row in lettered
            if row["CompAuxLib"] == "Au bon moulin"
        }
        self.assertEqual(
            amounts,
            {(0, Decimal("308.03")), (Decimal("16.56"), 0), (Decimal("291.47"), 0)},
        )
        self.assertTrue(all(row["DateLet"] for row in lettered))

    @staticmethod
    def _number(text):
        return Decimal(text.strip().replace(",", "."))

    def _export_fec(self, env):
        wizard = env["l10n_fr.fec.export.wizard"].create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31", "test_file": True}
        )
        content = wizard.generate_fec()["file_content"].decode()
        return list(csv.DictReader(io.StringIO(content), delimiter="|"))
