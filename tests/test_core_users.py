"""Whoever had Odoo before, and has no role of Coop, works as before.

`./coop test --core` runs Odoo's own suites for that, in an hour; here is what they do
not try, or try as an administrator: ordinary acts of each of Odoo's own roles.
"""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

ROLES = {
    "seller": "sales_team.group_sale_salesman",
    "sales_manager": "sales_team.group_sale_manager",
    "buyer": "purchase.group_purchase_user",
    "purchase_manager": "purchase.group_purchase_manager",
    "storekeeper": "stock.group_stock_user",
    "stock_manager": "stock.group_stock_manager",
    "clerk": "account.group_account_invoice",
    "accountant": "account.group_account_manager",
    "cashier": "point_of_sale.group_pos_user",
    "secretary": "base.group_partner_manager",
    "cataloguer": "product.group_product_manager",
    "rights": "base.group_erp_manager",
}


@tagged("post_install", "-at_install")
class TestCoreUsers(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.users = {
            key: new_test_user(cls.env, f"core_{key}", f"base.group_user,{group}")
            for key, group in ROLES.items()
        }
        cls.partner = cls.env["res.partner"].create(
            {"name": "A customer", "email": "customer@example.com"}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "A thing", "is_storable": True, "list_price": 10.0}
        )

    def _as(self, key, model):
        return self.env[model].with_user(self.users[key])

    def _quotation(self, key):
        return self._as(key, "sale.order").create(
            {
                "partner_id": self.partner.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )

    def test_quotations(self):
        manager = self.users["sales_manager"]
        for key in ("seller", "sales_manager"):
            with self.subTest(key):
                quotation = self._quotation(key)
                # Odoo's sellers delete none.
                copy = quotation.copy().with_user(manager)
                copy.unlink()
                self.assertFalse(copy.exists())
                quotation.action_confirm()
                quotation.order_line.product_uom_qty = 2
                self.assertEqual(quotation.picking_ids.move_ids.product_uom_qty, 2)

    def test_purchases_and_receipts(self):
        for key in ("buyer", "purchase_manager"):
            with self.subTest(key):
                order = self._as(key, "purchase.order").create(
                    {
                        "partner_id": self.partner.id,
                        "order_line": [Command.create({"product_id": self.product.id})],
                    }
                )
                copy = order.copy()
                copy.button_cancel()
                copy.unlink()
                order.button_confirm()
                receipt = order.picking_ids.with_user(self.users["storekeeper"])
                receipt.move_ids.quantity = 1
                receipt.move_ids.picked = True
                receipt.button_validate()
                self.assertEqual(receipt.state, "done")
                order.action_create_invoice()
                # Odoo's buyers delete none.
                bill = order.invoice_ids.with_user(self.users["purchase_manager"])
                bill.unlink()
                self.assertFalse(bill.exists())

    def test_bills(self):
        for key in ("clerk", "accountant"):
            with self.subTest(key):
                bill = self._as(key, "account.move").create(
                    {
                        "move_type": "in_invoice",
                        "partner_id": self.partner.id,
                        "invoice_date": "2026-01-15",
                        "ref": "F-1",
                        "invoice_line_ids": [
                            Command.create({"name": "Rent", "price_unit": 100})
                        ],
                    }
                )
                bill.copy().unlink()
                bill.action_post()
                bill.button_draft()
                bill.unlink()
                self.assertFalse(bill.exists())

    def test_contacts(self):
        keys = ("secretary", "sales_manager", "purchase_manager", "stock_manager")
        for key in keys:
            with self.subTest(key):
                contact = self._as(key, "res.partner").create({"name": "New"})
                contact.write({"phone": "0383430000", "zip": "54200", "name": "Newer"})
                contact.copy()

    def test_products(self):
        category = self.env["product.category"].create({"name": "Other"})
        product = self._as("cataloguer", "product.template").create({"name": "New"})
        product.write({"categ_id": category.id, "list_price": 3.0})
        product.product_variant_id.write({"default_code": "N"})
        product.copy().unlink()
        product.unlink()
        self.assertFalse(product.exists())

    def _documents(self):
        """One of each document of Odoo's that ours adds to."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "user_id": False,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        order.action_confirm()
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 2.0})
                ],
            }
        )
        purchase.button_confirm()
        receipt = purchase.picking_ids
        receipt.move_ids.quantity = 1
        receipt.move_ids.picked = True
        receipt.button_validate()
        purchase.action_create_invoice()
        bill = purchase.invoice_ids
        bill.invoice_date = "2026-01-15"
        self.env["coop.bill.match"].create(
            {
                "bill_id": bill.id,
                "bill_line_id": bill.invoice_line_ids.id,
                "stock_move_id": receipt.move_ids.id,
                "quantity": 1,
                "state": "auto",
            }
        )
        bill.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({}).action_create_payments()
        self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.link(order.picking_ids.id)]}
        )
        self.env["stock.scrap"].create({"product_id": self.product.id})
        self.env.flush_all()

    def test_whoever_reads_a_document_reads_all_that_is_not_kept_for_a_role(self):
        """Odoo's programs and those of others read every field that is open to them."""
        self._documents()
        tried = set()
        for name, model in self.registry.items():
            if model._abstract or model._transient or name.startswith("coop."):
                continue
            fields = [
                field
                for field in model._fields.values()
                if field._modules and field._modules[0].startswith("coop_")
            ]
            for key, user in self.users.items():
                records = self.env[name].with_user(user)
                if not fields or not records.has_access("read"):
                    continue
                records = records.search([], order="id desc", limit=5)
                for field in fields:
                    if field.groups and not user.has_groups(field.groups):
                        continue
                    self.env.invalidate_all()
                    try:
                        records.read([field.name])
                    except AccessError as error:
                        self.fail(f"{key} reads {field}: {error}")
                    if records:
                        tried.add(name)
        wanted = {
            "sale.order",
            "purchase.order",
            "stock.picking",
            "stock.move",
            "stock.picking.batch",
            "account.move",
            "account.payment",
            "res.partner",
            "res.company",
            "product.template",
        }
        self.assertFalse(wanted - tried)

    def test_a_shop_without_windows_keeps_odoo_s_caches(self):
        """Windows keep what they read of products: without one, nothing to forget."""
        windows = self.env["coop.order.window"]
        self.assertFalse(windows.search_count([]))
        with patch.object(type(self.registry), "clear_cache") as clear:
            self.product.write({"name": "Another", "taxes_id": [Command.clear()]})
            clear.assert_not_called()
            windows.create({"name": "First", "closes_at": "2199-01-01 00:00:00"})
            clear.reset_mock()
            self.product.write({"name": "The first", "taxes_id": [Command.clear()]})
            clear.assert_called()

    def test_copying_needs_no_role(self):
        """Odoo copies what it reads: a field kept for a role of ours is not copied."""
        for name, model in self.registry.items():
            if name.startswith("coop.") or model._abstract:
                continue
            for field in model._fields.values():
                if "coop_" in (field.groups or ""):
                    self.assertFalse(field.copy, f"{field} needs copy=False")
