# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

from odoo import models

from odoo.addons.coop_tools.tools.sheet import new_workbook

ORDERED = "0.###"


class CoopDistributionPreparationFile(models.AbstractModel):
    """The papers of the preparation as one spreadsheet, a sheet a paper."""

    _name = "coop.distribution.preparation.file"
    _description = "Distribution: Papers as a File"

    def action_coop_download_preparation(self):
        """Slips, picking list, matrix, cut list, labels, inventory and check-list."""
        self.ensure_one()
        self._check_can_run()
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/distribution/{self.id}/preparation",
            "target": "download",
        }

    def _make_preparation_file(self):
        """:return: bytes of an xlsx of seven sheets"""
        self.ensure_one()
        self._check_can_run()
        buffer = io.BytesIO()
        book = new_workbook(buffer)
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
            "text": book.add_format({"valign": "top"}),
            "number": book.add_format({"num_format": ORDERED}),
            "blank": book.add_format({"bottom": 1}),
        }
        for name, columns, rows in (
            self._get_slip_sheet(),
            self._get_picking_sheet(),
            self._get_matrix_sheet(),
            self._get_cut_sheet(),
            self._get_label_sheet(),
            self._get_inventory_sheet(),
            self._get_checklist_sheet(),
        ):
            write_sheet(book.add_worksheet(name), styles, columns, rows)
        book.close()
        return buffer.getvalue()

    def _get_slip_sheet(self):
        """A row a product of a basket, as members come."""
        rows = []
        for order in self._get_slip_orders():
            for row in order._get_slip_lines():
                line = row["line"]
                rows.append(
                    [
                        order._format_slot() if order.slot_id else "",
                        order.coop_member_number or "",
                        order.partner_id.name or "",
                        self._get_product_name(line.product_id),
                        line.product_uom_qty,
                        line._coop_get_quantity_on_slip(),
                        line.product_uom_id.name,
                        None,
                    ]
                )
        columns = [
            (self.env._("Slot"), 14),
            (self.env._("Member No."), 9),
            (self.env._("Member"), 26),
            (self.env._("Product"), 32),
            (self.env._("Ordered"), 10),
            (self.env._("To give"), 10),
            (self.env._("Unit"), 9),
            (self.env._("Given"), 10),
        ]
        return self.env._("Slips"), columns, rows

    def _get_picking_rows(self):
        """``[{'product', 'unit', 'total_text', 'members': [(order, text)]}]``.

        Product by product, in the order of the room, who gets how much: for those who
        walk with a crate. Called by the report, too.
        """
        self.ensure_one()
        by_product = {}
        for order in self._get_slip_orders():
            for row in order._get_slip_lines():
                line = row["line"]
                quantity = line._coop_get_quantity_on_slip()
                if not line.product_uom_id.is_zero(quantity):
                    key = (line.product_id, line.product_uom_id)
                    by_product.setdefault(key, []).append((order, line, quantity))
        Offer = self.env["coop.order.offer"]
        return [
            {
                "name": self._get_product_name(product),
                "unit": uom.name,
                "total_text": Offer._format_quantity(
                    sum(quantity for _order, _line, quantity in some), uom
                ),
                "members": [
                    (order, line._coop_format_pieces(quantity), quantity)
                    for order, line, quantity in some
                ],
            }
            for (product, uom), some in sorted(
                by_product.items(),
                key=lambda item: (
                    item[0][0].categ_id.complete_name,
                    item[0][0].name or "",
                ),
            )
        ]

    def _get_product_name(self, product):
        return product.with_context(display_default_code=False).display_name

    def _get_picking_sheet(self):
        rows = [
            [
                row["name"],
                order.coop_member_number or "",
                order.partner_id.name or "",
                quantity,
                row["unit"],
                None,
            ]
            for row in self._get_picking_rows()
            for order, _text, quantity in row["members"]
        ]
        columns = [
            (self.env._("Product"), 32),
            (self.env._("Member No."), 9),
            (self.env._("Member"), 26),
            (self.env._("To give"), 10),
            (self.env._("Unit"), 9),
            (self.env._("Given"), 10),
        ]
        return self.env._("Picking list"), columns, rows

    def _get_matrix_sheet(self):
        """Products down, members across."""
        orders = self._get_slip_orders()
        columns = [
            (self.env._("Product"), 32),
            (self.env._("Unit"), 8),
            (self.env._("Total"), 9),
        ]
        columns += [(order.partner_id.name or "", 11) for order in orders]
        rows = []
        for row in self._get_picking_rows():
            by_order = {order: quantity for order, _text, quantity in row["members"]}
            rows.append(
                [
                    row["name"],
                    row["unit"],
                    sum(by_order.values()),
                    *(by_order.get(order) for order in orders),
                ]
            )
        return self.env._("Products and members"), columns, rows

    def _get_cut_sheet(self):
        rows = [
            [
                self._get_product_name(row["product"]),
                block["number"],
                block["weight"] / 1000,
                piece["order"].coop_member_number or "",
                piece["order"].partner_id.name or "",
                piece["weight"] / 1000,
                None,
            ]
            for row in self._get_cut_list()
            for block in row["blocks"]
            for piece in block["pieces"]
        ]
        columns = [
            (self.env._("Product"), 32),
            (self.env._("Block"), 8),
            (self.env._("Block (kg)"), 10),
            (self.env._("Member No."), 9),
            (self.env._("Member"), 26),
            (self.env._("To Cut (kg)"), 10),
            (self.env._("Weighed (kg)"), 10),
        ]
        return self.env._("Cut list"), columns, rows

    def _get_label_sheet(self):
        """A row a label, for a label printer: those of the pieces, of the baskets."""
        rows = [
            [
                label["title"],
                label["text"],
                label["order"].coop_member_number or "",
                label["order"].partner_id.name or "",
                label["note"],
            ]
            for label in self._get_piece_labels() + self._get_basket_labels()
        ]
        columns = [
            (self.env._("Label"), 30),
            (self.env._("Quantity"), 12),
            (self.env._("Member No."), 9),
            (self.env._("Member"), 26),
            (self.env._("Note"), 18),
        ]
        return self.env._("Labels"), columns, rows

    def _get_checklist_sheet(self):
        rows = [
            [
                phase,
                step.name,
                step.role_name or "",
                step.volunteer_names or None,
                step.minutes or "",
                "✓" if step.done_at else None,
            ]
            for phase, steps in self._get_checklist()
            for step in steps
        ]
        columns = [
            (self.env._("When"), 22),
            (self.env._("Step"), 44),
            (self.env._("Who"), 16),
            (self.env._("Volunteers"), 26),
            (self.env._("Minutes"), 9),
            (self.env._("Done"), 8),
        ]
        return self.env._("Check-list"), columns, rows

    def _get_inventory_sheet(self):
        rows = [
            [
                row["name"],
                sum(quantity for _order, _text, quantity in row["members"]),
                row["unit"],
                len(row["members"]),
                None,
                None,
            ]
            for row in self._get_picking_rows()
        ]
        columns = [
            (self.env._("Product"), 32),
            (self.env._("Total"), 10),
            (self.env._("Unit"), 9),
            (self.env._("Members"), 10),
            (self.env._("Counted"), 12),
            (self.env._("Left over"), 12),
        ]
        return self.env._("Inventory"), columns, rows


def write_sheet(sheet, styles, columns, rows):
    """A heading and the rows; None is a blank to write in. A4, one page wide."""
    for column, (heading, width) in enumerate(columns):
        sheet.write_string(0, column, heading, styles["head"])
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value is None:
                sheet.write_blank(number, column, None, styles["blank"])
            elif isinstance(value, str):
                sheet.write_string(number, column, value, styles["text"])
            else:
                sheet.write_number(number, column, round(value, 3), styles["number"])
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
