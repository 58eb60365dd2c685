# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

from odoo import models
from odoo.tools import float_is_zero

from odoo.addons.coop_tools.tools.sheet import new_workbook

# Beyond, the names of the points are written upwards.
WIDE_POINTS = 6


class CoopPurchaseOrderSpreadsheet(models.AbstractModel):
    """The order as a spreadsheet: products down, collection points across."""

    _name = "coop.purchase.order.spreadsheet"
    _description = "Order to a Producer: As a File"

    def _process_attachments_for_template_post(self, mail_template):
        """The mail to the producer takes the spreadsheet along with the PDF."""
        result = super()._process_attachments_for_template_post(mail_template)
        if mail_template != self.env.ref("coop_orders.mail_template_purchase_order"):
            return result
        for order in self.filtered("order_window_id"):
            files = result.setdefault(order.id, {}).setdefault("attachments", [])
            files.append(
                (
                    order._coop_get_spreadsheet_name(),
                    base64.b64encode(order._coop_make_spreadsheet()),
                )
            )
        return result

    def _coop_get_spreadsheet_name(self):
        self.ensure_one()
        code = self.order_window_id.code or ""
        return f"{self.name} - {code}.xlsx".replace("/", "-")

    def action_coop_download_spreadsheet(self):
        """The same file as the producer gets by e-mail."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/purchase/{self.id}/spreadsheet",
            "target": "download",
        }

    def _coop_make_spreadsheet(self):
        """The order as an xlsx file, in its producer's language.

        Quantities and amounts are numbers; printed, it is A4 landscape, one page wide,
        with the headings on each page.

        :return: bytes
        """
        self.ensure_one()
        order = self.with_context(lang=self._coop_get_lang())
        buffer = io.BytesIO()
        book = new_workbook(buffer)
        order._coop_write_sheet(book)
        book.close()
        return buffer.getvalue()

    def _coop_write_sheet(self, book):
        env = self.env
        points, rows = self._coop_get_point_totals()
        rest = any(not float_is_zero(row["rest"], 3) for row in rows)
        money = f'#,##0.00 "{self.currency_id.symbol}"'
        styles = _styles(book, money, len(points) > WIDE_POINTS)
        sheet = book.add_worksheet(self.name.replace("/", "-")[:31])
        sheet.write_string(
            0, 0, env._("Order %(order)s", order=self.name), styles["title"]
        )
        sheet.write_string(1, 0, f"{self.company_id.name} → {self.partner_id.name}")
        sheet.write_string(
            2,
            0,
            env._(
                "%(window)s, delivery expected on %(date)s",
                window=self.order_window_id.name,
                date=self._coop_format_date_planned(),
            ),
        )
        # (heading, width, format, value of a row)
        columns = [
            (env._("No."), 5, "text", lambda row: row["number"]),
            (env._("Your code"), 12, "text", lambda row: row["code"]),
            (env._("Product"), 34, "text", lambda row: row["name"]),
            (env._("Unit"), 9, "text", lambda row: row["unit"]),
        ]
        for index, point in enumerate(points):
            columns.append(
                (
                    point.name,
                    7 if len(points) > WIDE_POINTS else 12,
                    "number",
                    lambda row, index=index: row["quantities"][index],
                )
            )
        if rest:
            columns.append(
                (env._("To complete packs"), 10, "number", lambda row: row["rest"])
            )
        columns += [
            (env._("Total"), 10, "total", lambda row: row["quantity"]),
            (env._("Pack of"), 8, "number", lambda row: row["pack"]),
            (env._("Packs"), 8, "number", lambda row: row["packs"]),
            (env._("Price without VAT"), 11, "money", lambda row: row["price"]),
            (env._("Amount"), 12, "money", lambda row: row["amount"]),
        ]
        head = 4
        point_columns = range(4, 4 + len(points))
        for column, (heading, width, _style, _get) in enumerate(columns):
            style = "point" if column in point_columns else "head"
            sheet.write_string(head, column, heading, styles[style])
            sheet.set_column(column, column, width)
        if len(points) > WIDE_POINTS:
            sheet.set_row(head, 110)
        last = head
        for number, row in enumerate(rows, 1):
            last = head + number
            values = self._coop_prepare_sheet_row(number, row)
            for column, (_heading, _width, style, get) in enumerate(columns):
                value = get(values)
                if value is None or (
                    style == "number" and float_is_zero(value, precision_digits=6)
                ):
                    sheet.write_blank(last, column, None, styles[style])
                else:
                    sheet.write(last, column, _tidy(value), styles[style])
        amount = len(columns) - 1
        sheet.write_string(last + 1, 2, env._("Total without VAT"), styles["total"])
        sheet.write_number(last + 1, amount, self.amount_untaxed, styles["money_total"])
        sheet.write_string(
            last + 3,
            0,
            env._(
                "Please write our order number %(order)s on your delivery note and on"
                " your invoice.",
                order=self.name,
            ),
        )
        sheet.freeze_panes(head + 1, 3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.set_footer(f"&L{_plain(self.company_id.name)}, {self.name}&R&P / &N")
        sheet.print_area(0, 0, last + 3, amount)

    def _coop_prepare_sheet_row(self, number, row):
        line = row["line"]
        pack = line.offer_id.pack_size
        in_packs = pack and not float_is_zero(pack - 1.0, precision_digits=6)
        return {
            "number": number,
            "code": line.selected_seller_id.product_code or "",
            "name": line._coop_get_product_name(),
            "unit": line.product_uom_id.name,
            "quantities": row["quantities"],
            "rest": row["rest"],
            "quantity": line.product_qty,
            "pack": pack if in_packs else None,
            "packs": line.product_qty / pack if in_packs else None,
            "price": line.price_unit,
            "amount": line.price_subtotal,
        }


def _tidy(value):
    """A quantity without what adding floats leaves behind."""
    return round(value, 6) if isinstance(value, float) else value


def _plain(text):
    """A text for a footer, where & announces a code."""
    return text.replace("&", "&&")


def _styles(book, money, upwards):
    cell = {"border": 1, "valign": "vcenter"}
    head = {**cell, "bold": True, "text_wrap": True, "bg_color": "#E8E8E8"}
    styles = {
        "title": {"bold": True, "font_size": 14},
        "head": head,
        "point": {**head, "rotation": 90} if upwards else head,
        "text": {**cell, "text_wrap": True},
        "number": cell,
        "total": {**cell, "bold": True},
        "money": {**cell, "num_format": money},
        "money_total": {**cell, "bold": True, "num_format": money},
    }
    return {name: book.add_format(style) for name, style in styles.items()}
