import base64
from contextlib import contextmanager
from pathlib import Path

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

DATA = Path(__file__).parent / "data"


@tagged("post_install", "-at_install")
class ReconciliationCommon(TransactionCase):
    """A company with French VAT rates, a supplier with its price list, and one user per
    role. Nothing depends on demo data or on a chart of accounts in particular."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.company = cls.env.company
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.company.autopost_bills = False
        cls.company.coop_match_bills = cls.company.coop_refuse_duplicates = True
        cls.company.coop_keep_einvoices = True
        cls.env.ref("base.EUR").active = True
        cls.accountant = new_test_user(
            cls.env,
            "reco_accountant",
            "account.group_account_invoice,account.group_account_readonly,"
            "base.group_partner_manager",
        )
        cls.clerk = new_test_user(
            cls.env, "reco_clerk", "account.group_account_invoice"
        )
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
        cls.taxes = {rate: cls._tax(rate) for rate in (20.0, 10.0, 5.5)}
        cls.supplier = (
            cls.env["res.partner"]
            .with_context(no_vat_validation=True)
            .create(
                {
                    "name": "Au bon moulin",
                    "is_company": True,
                    "vat": "FR11999999998",
                    "country_id": cls.env.ref("base.fr").id,
                    "email": "commercial@aubonmoulin.example.org",
                    "lang": "fr_FR" if cls._has_french() else "en_US",
                }
            )
        )
        cls.oil = cls._product("Huile d'olive Joio 50cl", 13.5, "JOIO50CL", 5.5)
        cls.nougat = cls._product("Nougats en cubes", 6.9, "NOUGATCUBES", 20.0)
        cls.policy = cls.env["coop.match.policy"].search(
            [("company_id", "=", cls.company.id), ("partner_id", "=", False)]
        ) or cls.env["coop.match.policy"].create({"company_id": cls.company.id})

    @classmethod
    def _has_french(cls):
        return bool(cls.env["res.lang"]._get_data(code="fr_FR"))

    @classmethod
    def _tax(cls, rate):
        """A plain purchase tax of this rate, tax excluded."""
        found = cls.env["account.tax"].search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("amount", "=", rate),
                ("price_include", "=", False),
            ]
        )
        found = found.filtered(
            lambda tax: all(
                line.factor_percent > 0
                for line in tax.invoice_repartition_line_ids
                if line.repartition_type == "tax"
            )
        )
        return found[:1] or cls.env["account.tax"].create(
            {
                "name": f"{rate} %",
                "amount": rate,
                "type_tax_use": "purchase",
                "price_include_override": "tax_excluded",
            }
        )

    @classmethod
    def _product(cls, name, price, code=None, rate=20.0, **vals):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "standard_price": price,
                "supplier_taxes_id": [Command.set(cls.taxes[rate].ids)],
                **vals,
            }
        )
        cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.supplier.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_code": code,
                "price": price,
            }
        )
        return product

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

    def _upload(self, name, content=None, user=None):
        """Upload a file on the Bills list, as the accountant does."""
        raw = (DATA / name).read_bytes() if content is None else content
        env = self.env(user=user or self.accountant)
        attachment = env["ir.attachment"].create(
            {"name": name, "datas": base64.b64encode(raw)}
        )
        action = (
            env["account.journal"]
            .with_context(default_move_type="in_invoice")
            .create_document_from_attachment(attachment.ids)
        )
        return env["account.move"].browse(action["res_id"])

    def _kinds(self, bill, state="open"):
        return sorted(
            bill.bill_exception_ids.filtered(lambda e: e.state == state).mapped("kind")
        )

    def _snapshot(self, bill):
        """All that a supplier wrote on a bill."""
        return [
            (
                line.id,
                line.name,
                line.product_id.id,
                line.quantity,
                line.price_unit,
                line.discount,
                line.tax_ids.ids,
                line.price_subtotal,
            )
            for line in bill.invoice_line_ids
        ] + [bill.amount_untaxed, bill.amount_tax, bill.amount_total]

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
