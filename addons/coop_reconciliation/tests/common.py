# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.coop_einvoice.tests.common import DATA, EInvoiceCommon

__all__ = ["DATA", "ReconciliationCommon"]


@tagged("post_install", "-at_install")
class ReconciliationCommon(EInvoiceCommon):
    """A company with French VAT rates, a supplier with its price list, and one user per
    role. Nothing depends on demo data or on a chart of accounts in particular."""

    PRODUCT = {"is_storable": True}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.groups"]._offer_accounting(True)
        cls.company.coop_match_bills = cls.company.coop_refuse_duplicates = True
        cls.manager = new_test_user(
            cls.env, "reco_manager", "account.group_account_manager"
        )
        cls.buyer = new_test_user(
            cls.env,
            "reco_buyer",
            "purchase.group_purchase_user,stock.group_stock_user",
            email="acheteuse@example.org",
        )
        cls.warehouse = new_test_user(
            cls.env, "reco_warehouse", "stock.group_stock_user"
        )
        cls.policy = cls.env["coop.match.policy"].search(
            [("company_id", "=", cls.company.id), ("partner_id", "=", False)]
        ) or cls.env["coop.match.policy"].create({"company_id": cls.company.id})

    # -------------------------------------------------------------------------
    # Documents
    # -------------------------------------------------------------------------

    @classmethod
    def _order(cls, lines, name=None, partner=None, **vals):
        """A confirmed order; lines are ``(product, quantity, price[, discount])``."""
        order = cls.env["purchase.order"].create(
            {
                "partner_id": (partner or cls.supplier).id,
                "user_id": cls.buyer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line[0].id,
                            "product_qty": line[1],
                            "price_unit": line[2],
                            "discount": line[3] if len(line) > 3 else 0.0,
                        }
                    )
                    for line in lines
                ],
                **({"name": name} if name else {}),
                **vals,
            }
        )
        order.button_confirm()
        return order

    def _receive(self, order, quantities=None, note=None, backorder=False, user=None):
        """Count the open receipt of an order; what is not given is as asked."""
        picking = order.picking_ids.filtered(lambda p: p.state == "assigned")[:1]
        picking = picking.with_user(user or self.warehouse)
        if note:
            picking.write({"delivery_note_ref": note})
        for move in picking.move_ids:
            wanted = (quantities or {}).get(move.product_id, move.product_uom_qty)
            move.quantity = wanted
            move.picked = bool(wanted)
        picking.with_context(
            skip_backorder=True,
            picking_ids_not_to_create_backorder=[] if backorder else picking.ids,
        ).button_validate()
        self.assertEqual(picking.state, "done")
        return picking.sudo()

    def _bill(self, lines, ref="FA-1", order=None, move_type="in_invoice", **vals):
        """A keyed bill, in draft, by the accountant.

        Lines are ``(product or None, quantity, price)`` or dicts of values.
        """
        commands = []
        for line in lines:
            if not isinstance(line, dict):
                product, quantity, price = line
                line = {
                    "product_id": product.id if product else False,
                    "name": product.display_name if product else "Divers",
                    "quantity": quantity,
                    "price_unit": price,
                    "tax_ids": [Command.set(self.taxes[20.0].ids)],
                }
            commands.append(Command.create(line))
        return (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": self.supplier.id,
                    "ref": ref,
                    "invoice_date": "2026-06-17",
                    "invoice_origin": order.name if order else False,
                    "invoice_line_ids": commands,
                    **vals,
                }
            )
        )

    def _kinds(self, bill, state="open"):
        return sorted(
            bill.bill_exception_ids.filtered(lambda e: e.state == state).mapped("kind")
        )

    def _match(self, bill):
        """Match a bill and check that it is as its supplier wrote it."""
        before = self._snapshot(bill)
        bill.action_coop_match()
        self.assertEqual(self._snapshot(bill), before)
        return bill

    def _real_order(self, received=18):
        order = self._order(
            [(self.oil, 10, 13.5), (self.nougat, 20, 6.9)], name="PO1242"
        )
        return order, self._receive(
            order, {self.nougat: received}, note="BL-2026/05/12"
        )

    # -------------------------------------------------------------------------
    # Writes
    # -------------------------------------------------------------------------

    def _written_rows(self):
        """Rows written by this transaction so far, by PostgreSQL's own count."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del)"
            " FROM pg_stat_xact_user_tables"
        )
        return int(self.env.cr.fetchone()[0] or 0)

    @contextmanager
    def _assert_writes_nothing(self):
        before = self._written_rows()
        yield
        self.assertEqual(self._written_rows() - before, 0, "rows were written")
