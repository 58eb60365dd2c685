# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from pathlib import Path

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

DATA = Path(__file__).parent / "data"


@tagged("post_install", "-at_install")
class EInvoiceCommon(TransactionCase):
    """A company with French VAT rates, a supplier with its price list, and who keys in
    its bills. Nothing depends on demo data or on a chart of accounts in particular."""

    # What else a product needs where more than accounting is installed.
    PRODUCT = {}

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
                "standard_price": price,
                "supplier_taxes_id": [Command.set(cls.taxes[rate].ids)],
                **cls.PRODUCT,
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
