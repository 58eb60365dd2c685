# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Command


class CoopSaleOrderInvoice(models.AbstractModel):
    _name = "coop.sale.order.invoice"
    _description = "Member's Order: Invoicing"

    # Odoo writes an invoice's lines one by one after creating it, to set what the tax
    # engine found. Here the tax engine runs first and the invoices are created with
    # their balances, all at once: same lines, about half the time.

    def _coop_create_invoices(self):
        """One invoice an order for what was delivered and is not invoiced yet.

        Orders with nothing to invoice are skipped.

        :return: draft ``account.move`` records, in sudo
        """
        plain, other = self.browse(), self.browse()
        for order in self:
            if order._coop_can_invoice_in_bulk():
                plain += order
            else:
                other += order
        vals_list = []
        for order in plain:
            vals = order._coop_prepare_invoice()
            if vals:
                vals_list.append(vals)
        # sudo: invoices of baskets handed over; referents do no accounts
        invoices = self.env["account.move"].sudo()
        if vals_list:
            # Drafts have no analytic lines to bring up to date; posting makes them.
            invoices = plain.with_context(
                mail_create_nolog=True, skip_analytic_sync=True
            )._create_account_invoices(vals_list, final=False)
            invoices = self.env["account.move"].sudo().browse(invoices.ids)
        for order in other.filtered(lambda o: o._get_invoiceable_lines()):
            # Down payments and the like: core's own way, one order at a time.
            invoices += order.sudo()._create_invoices()
        return invoices

    def _coop_can_invoice_in_bulk(self):
        """Whether the order has nothing but product lines in the company's currency."""
        self.ensure_one()
        return self.currency_id == self.company_id.currency_id and not any(
            line.display_type
            or line.is_downpayment
            or line.extra_tax_data
            or line.product_id.type == "combo"
            for line in self.order_line
        )

    def _coop_prepare_invoice(self):
        """Values of an invoice whose lines, taxes included, are already balanced."""
        self.ensure_one()
        order = self.with_company(self.company_id)
        if order.partner_invoice_id.lang:
            order = order.with_context(lang=order.partner_invoice_id.lang)
        lines = order._get_invoiceable_lines()
        if not lines:
            return {}
        vals = order._prepare_invoice()
        AccountTax = self.env["account.tax"]
        fiscal_position = self.env["account.fiscal.position"].browse(
            vals.get("fiscal_position_id") or []
        )
        partner = self.env["res.partner"].browse(vals["partner_id"])
        line_vals, base_lines = [], []
        for sequence, line in enumerate(lines):
            [values] = line._prepare_invoice_lines_vals_list(sequence=sequence)
            accounts = line.product_id.product_tmpl_id.get_product_accounts(
                fiscal_pos=fiscal_position
            )
            account = accounts["income"]
            if values.get("account_id"):
                # A line of another kind, a donation.
                account = account.browse(values["account_id"])
            if account:
                values["account_id"] = account.id
            base_lines.append(
                line._prepare_base_line_for_taxes_computation(
                    quantity=values["quantity"],
                    price_unit=values["price_unit"],
                    discount=values["discount"],
                    account_id=account,
                    partner_id=partner.commercial_partner_id,
                    analytic_distribution=values.get("analytic_distribution"),
                    sign=-1,
                    rate=1.0,
                )
            )
            line_vals.append(values)
        company = order.company_id
        AccountTax._add_tax_details_in_base_lines(base_lines, company)
        AccountTax._round_base_lines_tax_details(base_lines, company)
        AccountTax._add_accounting_data_in_base_lines_tax_details(
            base_lines, company, include_caba_tags=False
        )
        results = AccountTax._prepare_tax_lines(base_lines, company)
        for values, (_base_line, balances) in zip(
            line_vals, results["base_lines_to_update"], strict=True
        ):
            values.update(balances)
        line_vals += [
            {**tax_line, "display_type": "tax"}
            for tax_line in results["tax_lines_to_add"]
        ]
        vals.pop("invoice_line_ids", None)
        # What members write on a transfer
        vals["payment_reference"] = order.name
        # Posting would write it invoice by invoice
        vals["invoice_date"] = fields.Date.context_today(order)
        vals["line_ids"] = [Command.create(values) for values in line_vals]
        return vals
