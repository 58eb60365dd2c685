# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.coop_base.tools.localtime import format_local

from ..tools.order_form import (
    FIRST_COLUMN,
    FIRST_ROW,
    HEAD_ROW,
    HIDDEN_SHEET,
    MARK,
    MOST,
    cell_name,
)

# Members across, beyond which the names are written upwards.
WIDE_MEMBERS = 8


class CoopOrderFormSheet(models.AbstractModel):
    """The order form as a spreadsheet: only quantities can be typed in."""

    _name = "coop.order.form.sheet"
    _description = "Order Form: As a Sheet"

    def _write_sheets(self, book):
        members = self.env["res.partner"].browse(self.layout["members"]).exists()
        offers = self.env["coop.order.offer"].browse(self.layout["offers"]).exists()
        member_labels = [
            f"{member.name} ({member.coop_number})"
            if member.coop_number
            else member.name
            for member in members
        ]
        offer_labels = [offer._get_entry_name() for offer in offers]
        sheet = book.add_worksheet(self.env._("Orders")[:31])
        self._write_visible(
            book,
            sheet,
            list(zip(members, member_labels, strict=True)),
            list(zip(offers, offer_labels, strict=True)),
        )
        hidden = book.add_worksheet(HIDDEN_SHEET)
        hidden.very_hidden()
        hidden.protect()
        rows = {
            "mark": [MARK],
            "form": [self.id],
            "checksum": [self._get_checksum()],
            "window": [self.window_id.code or ""],
            "members": members.ids,
            "offers": offers.ids,
            "member_labels": member_labels,
            "offer_labels": offer_labels,
        }
        for row, (key, values) in enumerate(rows.items()):
            hidden.write_string(row, 0, key)
            for column, value in enumerate(values, 1):
                hidden.write(row, column, value)

    def _write_visible(self, book, sheet, members, offers):
        env, window = self.env, self.window_id
        styles = self._make_styles(book, len(members) > WIDE_MEMBERS)
        point = self.collection_point_id.name
        sheet.write_string(
            0,
            0,
            env._("%(window)s: orders of %(point)s", window=window.name, point=point),
            styles["title"],
        )
        sheet.write_string(
            1,
            0,
            env._(
                "Collected on %(date)s. Orders until %(deadline)s.",
                date=format_local(
                    env, self.distribution_id.date_start, self.company_id
                ),
                deadline=format_local(env, window.closes_at, self.company_id),
            ),
        )
        sheet.write_string(
            2,
            0,
            env._(
                "Write quantities in the white cells, empty for none, then send this"
                " file back from “%(menu)s” of the order window. What a member changed"
                " online meanwhile is never overwritten without asking.",
                menu=env._("Paper and Spreadsheets"),
            ),
        )
        head = HEAD_ROW - 1
        fixed = [
            (env._("No."), 5),
            (env._("Product"), 34),
            (env._("Price with VAT"), 22),
            (env._("By"), 12),
        ]
        for column, (heading, width) in enumerate(fixed):
            sheet.write_string(head, column, heading, styles["head"])
            sheet.set_column(column, column, width)
        for column, (_member, label) in enumerate(members, FIRST_COLUMN - 1):
            sheet.write_string(head, column, label, styles["member"])
        last_column = FIRST_COLUMN - 1 + len(members)
        sheet.set_column(
            FIRST_COLUMN - 1, last_column - 1, 6 if len(members) > WIDE_MEMBERS else 14
        )
        sheet.write_string(head, last_column, env._("Total"), styles["head"])
        if len(members) > WIDE_MEMBERS:
            sheet.set_row(head, 130)
        for number, (offer, label) in enumerate(offers, 1):
            self._write_offer(sheet, styles, number, offer, label, members)
        last_row = FIRST_ROW - 2 + len(offers)
        sheet.data_validation(
            FIRST_ROW - 1,
            FIRST_COLUMN - 1,
            last_row,
            last_column - 1,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": MOST,
                "error_title": env._("Quantity")[:32],
                "error_message": env._("Give a quantity, for instance 2."),
            },
        )
        sheet.protect(
            "",
            {"format_columns": True, "format_rows": True, "select_locked_cells": True},
        )
        sheet.freeze_panes(HEAD_ROW, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        footer = f"{window.name}, {point}".replace("&", "&&")
        sheet.set_footer(f"&L{footer}&R&P / &N")

    def _write_offer(self, sheet, styles, number, offer, label, members):
        row = FIRST_ROW - 2 + number
        price, reference = offer._get_entry_price_text()
        sheet.write_number(row, 0, number, styles["text"])
        sheet.write_string(row, 1, label, styles["text"])
        sheet.write_string(
            row, 2, f"{price}\n{reference}" if reference else price, styles["text"]
        )
        sheet.write_string(row, 3, self._get_step_text(offer), styles["text"])
        total = 0.0
        for column, (member, _label) in enumerate(members, FIRST_COLUMN - 1):
            quantity = self._get_quantity(member.id, offer.id)
            total += quantity
            if quantity:
                sheet.write_number(row, column, quantity, styles["quantity"])
            else:
                sheet.write_blank(row, column, None, styles["quantity"])
        first = cell_name(row + 1, FIRST_COLUMN)
        last = cell_name(row + 1, FIRST_COLUMN - 1 + len(members))
        sheet.write_formula(
            row,
            FIRST_COLUMN - 1 + len(members),
            f"=SUM({first}:{last})",
            styles["total"],
            round(total, 6),
        )

    def _get_step_text(self, offer):
        """ "pieces", "0.5 kg": what a quantity counts."""
        step, unit = offer._get_entry_step(), offer._get_entry_unit()
        if abs(step - 1.0) < 1e-6:
            return unit
        return f"{offer._format_number(step)} {unit}".strip()

    def _make_styles(self, book, upwards):
        cell = {"border": 1, "valign": "vcenter"}
        head = {**cell, "bold": True, "text_wrap": True, "bg_color": "#E8E8E8"}
        styles = {
            "title": {"bold": True, "font_size": 14},
            "head": head,
            "member": {**head, "rotation": 90} if upwards else head,
            "text": {**cell, "text_wrap": True, "bg_color": "#F4F4F4"},
            "quantity": {**cell, "locked": False, "align": "center"},
            "total": {**cell, "bold": True, "bg_color": "#F4F4F4"},
        }
        return {name: book.add_format(style) for name, style in styles.items()}
