# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, float_is_zero, format_date

from ..tools import accrual

PRECISION = 5


def decimal(number):
    return Decimal(str(round(number, 6)))


class CoopAccrual(models.AbstractModel):
    """Goods received and not invoiced, at any date, and their entries on 408.

    Quantities are in the product's own unit. What was received less what was sent back
    comes from the stock moves, what was billed from posted bills and credit notes, all
    of them up to the date; a quantity is worth the order's price, net of discount.
    """

    _name = "coop.accrual"
    _description = "Goods Received Not Invoiced"

    # -------------------------------------------------------------------------
    # Reading
    # -------------------------------------------------------------------------

    @api.model
    def _get_rows(self, company, date, partners=None, order_lines=None):
        """One dict per receipt move with something not billed, and one per order line
        that was billed beyond what came (negative, without a move).

        The number of queries does not depend on the number of rows.
        """
        quantities = self._order_line_quantities(company, date, partners, order_lines)
        lines = self.env["purchase.order.line"].browse(quantities)
        moves = lines.move_ids.filtered(
            lambda m: (
                m.state == "done"
                and m.location_id.usage == "supplier"
                and m.date < self._end_of(company, date)
            )
        ).sorted(lambda m: (m.date, m.id))
        by_line = moves.grouped("purchase_line_id")
        accrued = self._accrued_quantities(company, moves, date)
        taken = self._taken_by_move(company, moves, date)
        rows = []
        for line in lines:
            received, returned, billed = quantities[line.id]
            unbilled = decimal(received - returned - billed)
            mine = by_line.get(line, moves.browse())
            share = accrual.share(
                unbilled, [(m.id, decimal(taken[m.id])) for m in mine]
            )
            for move in mine:
                quantity = float(share.get(move.id, 0))
                open_accrual = accrued.get(move.id, 0.0)
                if any(
                    not float_is_zero(number, precision_digits=PRECISION)
                    for number in (quantity, open_accrual)
                ):
                    rows.append(
                        self._prepare_row(
                            company, date, line, move, quantity, open_accrual
                        )
                    )
            if unbilled < 0:
                rows.append(
                    self._prepare_row(
                        company, date, line, moves.browse(), float(unbilled), 0.0
                    )
                )
        return rows

    @api.model
    def _end_of(self, company, date):
        """The end of a day of the company, in UTC."""
        name = company.partner_id.tz or self.env.user.tz or "UTC"
        midnight = datetime.combine(date + timedelta(days=1), time.min)
        local = pytz.timezone(name).localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _order_line_quantities(self, company, date, partners, order_lines):
        """``{order line id: (received, returned, billed)}`` where they do not balance
        or an accrual is open: one query over the whole history.

        A credit note takes back a quantity only at about the order's price: at less
        than half of it, it corrects a price.
        """
        for model in (
            "purchase.order",
            "purchase.order.line",
            "stock.move",
            "account.move",
            "account.move.line",
            "product.product",
            "product.template",
            "res.partner",
            "uom.uom",
        ):
            self.env[model].flush_model()
        conditions = [SQL("pol.company_id = %s", company.id)]
        if partners:
            commercial = SQL(
                "partner.commercial_partner_id IN %s",
                tuple(partners.commercial_partner_id.ids),
            )
            conditions.append(commercial)
        if order_lines is not None:
            conditions.append(SQL("pol.id IN %s", tuple(order_lines.ids) or (0,)))
        query = SQL(
            """
            WITH line AS (
                SELECT pol.id, pol.price_subtotal / NULLIF(pol.product_qty, 0) AS price,
                       line_uom.factor AS line_factor, uom.factor, uom.parent_path
                  FROM purchase_order_line pol
                  JOIN purchase_order po ON po.id = pol.order_id
                  JOIN res_partner partner ON partner.id = po.partner_id
                  JOIN product_product product ON product.id = pol.product_id
                  JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
                  JOIN uom_uom uom ON uom.id = tmpl.uom_id
                  JOIN uom_uom line_uom ON line_uom.id = pol.product_uom_id
                 WHERE po.state = 'purchase' AND %(conditions)s
            ), moved AS (
                SELECT line.id,
                       SUM(CASE WHEN src.usage = 'supplier'
                           THEN move.quantity * unit.factor / line.factor END) AS came,
                       SUM(CASE WHEN dest.usage = 'supplier'
                           THEN move.quantity * unit.factor / line.factor END) AS went
                  FROM line
                  JOIN stock_move move ON move.purchase_line_id = line.id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN stock_location src ON src.id = move.location_id
                  JOIN stock_location dest ON dest.id = move.location_dest_id
                 WHERE move.state = 'done' AND move.date < %(end)s
              GROUP BY line.id
            ), billed AS (
                SELECT line.id,
                       SUM(aml.quantity
                           * CASE WHEN split_part(unit.parent_path, '/', 1)
                                     = split_part(line.parent_path, '/', 1)
                                  THEN unit.factor / line.factor ELSE 1 END
                           * CASE WHEN bill.move_type = 'in_refund'
                                  THEN -1 ELSE 1 END) AS quantity
                  FROM line
                  JOIN account_move_line aml ON aml.purchase_line_id = line.id
                  JOIN account_move bill ON bill.id = aml.move_id
             LEFT JOIN uom_uom unit ON unit.id = aml.product_uom_id
                 WHERE bill.state = 'posted' AND bill.date <= %(date)s
                   AND aml.display_type = 'product'
                   AND (bill.move_type = 'in_invoice'
                        OR bill.move_type = 'in_refund'
                           AND aml.price_subtotal / NULLIF(aml.quantity, 0)
                               * COALESCE(line.line_factor / unit.factor, 1)
                               >= line.price / 2)
              GROUP BY line.id
            )
            SELECT moved.id, COALESCE(came, 0), COALESCE(went, 0), COALESCE(quantity, 0)
              FROM moved LEFT JOIN billed ON billed.id = moved.id
             WHERE ABS(COALESCE(came, 0) - COALESCE(went, 0) - COALESCE(quantity, 0))
                   > 0.00001
                OR EXISTS (SELECT FROM stock_move move
                             JOIN account_move_line accrued
                               ON accrued.accrual_stock_move_id = move.id
                            WHERE move.purchase_line_id = moved.id
                         GROUP BY move.id
                           HAVING ABS(SUM(accrued.accrual_quantity)) > 0.00001
                               OR MAX(accrued.date) > %(date)s)
          ORDER BY moved.id
            """,
            conditions=SQL(" AND ").join(conditions),
            end=self._end_of(company, date),
            date=date,
        )
        return {row[0]: row[1:] for row in self.env.execute_query(query)}

    @api.model
    def _taken_by_move(self, company, moves, date):
        """``{receipt move id: quantity left}``, its own returns and bills taken off."""
        left = {
            move.id: move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            for move in moves
        }
        end = self._end_of(company, date)
        for back in moves.returned_move_ids:
            if back.state == "done" and back.date < end:
                left[back.origin_returned_move_id.id] -= (
                    back.product_uom._compute_quantity(
                        back.quantity, back.product_id.uom_id, round=False
                    )
                )
        groups = self.env["coop.bill.match"]._read_group(
            [
                ("stock_move_id", "in", moves.ids),
                ("state", "in", ("auto", "confirmed")),
                ("bill_id.state", "=", "posted"),
                ("bill_id.date", "<=", date),
            ],
            ["stock_move_id"],
            ["quantity:sum"],
        )
        for move, quantity in groups:
            left[move.id] -= quantity
        return left

    @api.model
    def _accrued_quantities(self, company, moves, date=None):
        """``{receipt move id: quantity on 408}``, reversals taken off."""
        domain = [
            ("accrual_stock_move_id", "in", moves.ids),
            ("parent_state", "=", "posted"),
            ("company_id", "=", company.id),
        ]
        if date:
            domain.append(("date", "<=", date))
        groups = self.env["account.move.line"]._read_group(
            domain, ["accrual_stock_move_id"], ["accrual_quantity:sum"]
        )
        return {move.id: quantity for move, quantity in groups}

    @api.model
    def _prepare_row(self, company, date, line, move, quantity, accrued):
        product, order = line.product_id, line.order_id
        currency = company.currency_id

        def value(number):
            """(without VAT, VAT) at the order's price, in the company's currency."""
            ordered = line.product_uom_id._compute_quantity(
                line.product_qty, product.uom_id, round=False
            )
            if ordered:
                # The matcher's price: that of a small order is not its rounded amount.
                price = self.env["coop.bill.matcher"]._order_price(line, ordered)
                untaxed = float(price) * number
            else:
                # Delivered without being ordered.
                factor = line.product_uom_id._compute_quantity(
                    1, product.uom_id, round=False
                )
                untaxed = line.price_unit_discounted / factor * number
            taxes = line.tax_ids.with_context(force_price_include=False).compute_all(
                untaxed,
                currency=order.currency_id,
                product=product,
                partner=order.partner_id,
            )
            # Reverse charge adds what it takes off: nothing is due to the supplier.
            tax = taxes["total_included"] - taxes["total_excluded"]
            return tuple(
                order.currency_id._convert(amount, currency, company, date)
                for amount in (untaxed, tax)
            )

        amount, tax = value(quantity)
        return {
            "partner_id": order.partner_id.commercial_partner_id.id,
            "purchase_line_id": line.id,
            "stock_move_id": move.id,
            "product_id": product.id,
            "quantity": quantity,
            "accrued_quantity": accrued,
            "amount": amount,
            "amount_tax": tax,
            "amount_to_accrue": value(max(quantity, 0.0) - accrued),
        }

    # -------------------------------------------------------------------------
    # Entries
    # -------------------------------------------------------------------------

    @api.model
    def _post(self, company, date, partners=None, reverse_on=None):
        """Book what is not billed at a date: one entry per receipt, posted.

        :param reverse_on: date of the reversal, posted and lettered at once; none: the
            accrual is reversed when its bill is posted
        :return: the entries, without their reversals
        """
        self._check_open(company, date)
        if reverse_on:
            self._check_open(company, reverse_on)
        rows = [
            row
            for row in self._get_rows(company, date, partners)
            if row["stock_move_id"]
            and row["quantity"] - row["accrued_quantity"] > 10**-PRECISION
        ]
        if not rows:
            return self.env["account.move"]
        suppliers = self.env["res.partner"].browse({r["partner_id"] for r in rows})
        # Two people closing at once: the second one is replayed and finds nothing left.
        self.env["coop.match.stamp"].sudo().touch(company, suppliers)
        accounts = company._get_accrual_accounts()
        by_picking = defaultdict(list)
        for row in rows:
            move = self.env["stock.move"].browse(row["stock_move_id"])
            by_picking[move.picking_id].append(row)
        entries = self.env["account.move"].create(
            [
                self._prepare_entry(company, date, picking, group, accounts, reverse_on)
                for picking, group in by_picking.items()
            ]
        )
        entries._post(soft=False)
        if reverse_on:
            entries._coop_reverse_accruals(reverse_on)
        return entries

    @api.model
    def _check_open(self, company, date):
        journal = company._get_accrual_accounts()["journal"]
        locks = company._get_violated_lock_dates(date, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(date)s is in a locked period (until %(lock)s): choose a later "
                    "date, or have the period opened.",
                    date=format_date(self.env, date),
                    lock=format_date(self.env, locks[-1][0]),
                )
            )

    @api.model
    def _prepare_entry(self, company, date, picking, rows, accounts, reverse_on):
        order = self.env["purchase.order.line"].browse(rows[0]["purchase_line_id"])
        commands = []
        for row in rows:
            commands += self._prepare_entry_lines(row, accounts, company)
        number = picking.delivery_note_ref or picking.name
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": accounts["journal"].id,
            "date": date,
            "partner_id": rows[0]["partner_id"],
            "ref": self.env._(
                "Invoice not received: %(number)s (%(order)s)",
                number=number,
                order=order.order_id.name,
            ),
            "accrual_picking_id": picking.id,
            "accrual_until_billed": not reverse_on,
            "line_ids": commands,
        }

    @api.model
    def _prepare_entry_lines(self, row, accounts, company):
        line = self.env["purchase.order.line"].browse(row["purchase_line_id"])
        product = line.product_id.with_company(company)
        found = product.product_tmpl_id.get_product_accounts(
            fiscal_pos=line.order_id.fiscal_position_id
        )
        expense = found["expense"]
        if product.is_storable and product.valuation == "real_time":
            # As the bill itself will: see stock_account.
            expense = found.get("stock_valuation") or expense
        expense = expense or accounts["expense"]
        quantity = row["quantity"] - row["accrued_quantity"]
        amount, tax = row["amount_to_accrue"]
        common = {
            "name": self.env._(
                "%(product)s: %(quantity)s not billed",
                product=line.product_id.display_name,
                quantity=self.env["coop.bill.exception"]._format_quantity(quantity),
            ),
            "partner_id": row["partner_id"],
            "accrual_stock_move_id": row["stock_move_id"],
        }
        values = [
            {
                **common,
                "account_id": expense.id,
                "balance": amount,
                "analytic_distribution": line.analytic_distribution,
            },
            {
                **common,
                "account_id": accounts["payable"].id,
                "balance": -amount,
                "accrual_quantity": quantity,
            },
        ]
        if not company.currency_id.is_zero(tax):
            common["name"] = self.env._("VAT on %s", common["name"])
            values += [
                {**common, "account_id": accounts["tax"].id, "balance": tax},
                {**common, "account_id": accounts["payable"].id, "balance": -tax},
            ]
        return [Command.create(vals) for vals in values]

    @api.model
    def _reverse_billed(self, stock_moves, billed_on):
        """Take off 408 what has been billed since; idempotent.

        :param billed_on: accounting date of the bills that ask for it
        sudo: posting a bill is enough of a right, its accrual follows.
        """
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("accrual_stock_move_id", "in", stock_moves.ids),
                    ("parent_state", "=", "posted"),
                    ("accrual_quantity", ">", 0),
                    ("move_id.accrual_until_billed", "=", True),
                    ("reconciled", "=", False),
                ]
            )
        )
        for company, group in lines.grouped("company_id").items():
            today = fields.Date.context_today(self)
            order_lines = group.accrual_stock_move_id.purchase_line_id
            # sudo: accountants have no right on orders and receipts.
            rows = self.sudo()._get_rows(company, today, order_lines=order_lines)
            left = {r["stock_move_id"]: max(r["quantity"], 0.0) for r in rows}
            accrued = self._accrued_quantities(company, group.accrual_stock_move_id)
            excess = {
                key: quantity - left.get(key, 0.0)
                for key, quantity in accrued.items()
                if quantity - left.get(key, 0.0) > 10**-PRECISION
            }
            if excess:
                entries = group.filtered(
                    lambda line, e=excess: line.accrual_stock_move_id.id in e
                ).move_id
                day = self._reversal_date(entries, billed_on)
                entries._coop_reverse_accruals(day, excess)

    @api.model
    def _reversal_date(self, entries, billed_on):
        """The bills' date, else the first day that is open and not before the accruals.

        Not today: a bill keyed late and dated back would stand beside its accrual at
        the end of each month in between.
        """
        company = entries.company_id
        day = max(entries.mapped("date") + [billed_on])
        locks = company._get_violated_lock_dates(day, False, entries.journal_id[:1])
        return locks[-1][0] + timedelta(days=1) if locks else day
