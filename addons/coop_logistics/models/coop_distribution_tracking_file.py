# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_tools.tools.sheet import new_workbook

from .coop_distribution_preparation_file import write_sheet

# Distributions in one file: two years of a large cooperative.
MOST = 1000


class CoopDistributionTrackingFile(models.AbstractModel):
    """The tracking table as a spreadsheet, with a recap by group and by product."""

    _name = "coop.distribution.tracking.file"
    _description = "Distribution: Tracking Table as a File"

    def action_coop_download_tracking(self):
        """The chosen distributions as an xlsx file."""
        self._check_can_track()
        ids = ",".join(str(id_) for id_ in self.ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/distributions/tracking?ids={ids}",
            "target": "download",
        }

    def _check_can_track(self):
        """:raise AccessError: one of them is somebody else's"""
        self.check_access("read")
        if len(self) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s distributions: choose %(most)s at most.",
                    count=len(self),
                    most=MOST,
                )
            )
        for distribution in self:
            if not distribution._user_can_track():
                # sudo: the name of a point, in the sentence
                raise AccessError(
                    self.env._(
                        "Only the referents of %(point)s and the office read what was"
                        " taken there.",
                        point=distribution.sudo().collection_point_id.name,
                    )
                )

    def _get_tracking_file_name(self):
        return self.env._("Tracking table.xlsx")

    def _make_tracking_file(self):
        """:return: bytes of an xlsx of four sheets"""
        self._check_can_track()
        buffer = io.BytesIO()
        book = new_workbook(buffer)
        symbol = self.env.company.currency_id.symbol
        styles = {
            "head": book.add_format(
                {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}
            ),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "weight": book.add_format({"num_format": "#,##0.0", "valign": "top"}),
            "money": book.add_format(
                {"num_format": f'#,##0.00 "{symbol}"', "valign": "top"}
            ),
        }
        for style in ("number", "weight", "money"):
            styles[f"total_{style}"] = book.add_format(
                {
                    "bold": True,
                    "top": 1,
                    "num_format": {
                        "number": "#,##0",
                        "weight": "#,##0.0",
                        "money": f'#,##0.00 "{symbol}"',
                    }[style],
                }
            )
        styles["total"] = book.add_format({"bold": True, "top": 1})
        env = self.env
        _write_table(
            book.add_worksheet(env._("Distributions")),
            styles,
            env._("Total"),
            *self._get_tracking_table(),
        )
        for name, field, label in (
            (env._("By group"), "group_id", env._("Local Group")),
            (env._("By product"), "product_id", env._("Product")),
        ):
            _write_table(
                book.add_worksheet(name),
                styles,
                env._("Total"),
                *self._get_recap_table(field, label),
            )
        quantities = {
            "head": styles["head"],
            "text": styles["text"],
            "number": book.add_format({"num_format": "#,##0.###", "valign": "top"}),
            "blank": None,
        }
        write_sheet(
            book.add_worksheet(env._("Quantities")),
            quantities,
            *self._get_quantity_table(),
        )
        book.close()
        return buffer.getvalue()

    def _get_tracking_table(self):
        """``(columns, rows)``: a row a distribution; columns: (name, width, style)."""
        env = self.env
        columns = [
            (env._("Date"), 12, "text"),
            (env._("Collection Point"), 30, "text"),
            (env._("Order Window"), 24, "text"),
            (env._("Orders"), 9, "number"),
            (env._("Members Served"), 10, "number"),
            (env._("Absent"), 9, "number"),
            (env._("Turnover"), 12, "money"),
            (env._("Cash"), 12, "money"),
            (env._("Number of Cheques"), 9, "number"),
            (env._("Cheques"), 12, "money"),
            (env._("Cards"), 12, "money"),
            (env._("Still to Pay"), 12, "money"),
            (env._("New Memberships"), 11, "number"),
            (env._("Memberships Renewed"), 11, "number"),
            (env._("Volunteers Present"), 11, "number"),
            (env._("Left Over"), 40, "text"),
            (env._("Losses"), 11, "money"),
            (env._("Equipment Needed"), 30, "text"),
        ]
        rows = []
        # sudo: names; who may track was checked.
        for distribution in self.sorted("date_start"):
            plain = distribution.sudo()
            rows.append(
                [
                    format_local(env, plain.date_start, plain.company_id, "dd/MM/yyyy"),
                    plain.collection_point_id.name,
                    plain.window_id.name,
                    distribution.order_count,
                    distribution.tracking_member_count,
                    distribution.no_show_count,
                    distribution.tracking_turnover,
                    distribution.amount_cash,
                    distribution.tracking_cheque_count,
                    distribution.amount_cheque,
                    distribution.amount_card,
                    distribution.tracking_due,
                    distribution.tracking_new_count,
                    distribution.tracking_renewed_count,
                    distribution.tracking_volunteer_count,
                    distribution.tracking_left_text or "",
                    distribution.value_loss,
                    plain.equipment_needed or "",
                ]
            )
        return columns, rows

    def _get_recap_table(self, field, label):
        """``(columns, rows)`` by month and by group or product."""
        env = self.env
        columns = [
            (env._("Month"), 16, "text"),
            (label, 32, "text"),
            (env._("Members"), 10, "number"),
            (env._("Baskets"), 10, "number"),
            (env._("Weight (kg)"), 12, "weight"),
            (env._("Turnover"), 13, "money"),
            (env._("Losses"), 12, "money"),
        ]
        # sudo: totals of distributions that the user may track.
        rows = (
            self.env["coop.distribution.report"]
            .sudo()
            ._read_group(
                [("distribution_id", "in", self.ids)],
                ["date:month", field],
                [
                    "partner_id:count_distinct",
                    "order_id:count_distinct",
                    "weight:sum",
                    "amount:sum",
                    "value_loss:sum",
                ],
            )
        )
        return columns, [
            [
                month.strftime("%m/%Y"),
                record.with_context(display_default_code=False).display_name
                or env._("None"),
                *(value or 0 for value in values),
            ]
            for month, record, *values in rows
        ]


def _write_table(sheet, styles, total, columns, rows):
    """A heading, the rows, and sums of what can be summed; A4 landscape, one wide."""
    for column, (heading, width, _style) in enumerate(columns):
        sheet.write_string(0, column, heading, styles["head"])
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, 1):
        for column, ((_heading, _width, style), value) in enumerate(
            zip(columns, row, strict=True)
        ):
            write = sheet.write_string if style == "text" else sheet.write_number
            write(number, column, value, styles[style])
    last = len(rows)
    sheet.write_string(last + 1, 0, total, styles["total"])
    for column, (_heading, _width, style) in enumerate(columns):
        if style == "text":
            if column:
                sheet.write_blank(last + 1, column, None, styles["total"])
            continue
        value = sum(row[column] for row in rows)
        letter = _column_name(column)
        formula = f"=SUM({letter}2:{letter}{last + 1})" if rows else "=0"
        sheet.write_formula(last + 1, column, formula, styles[f"total_{style}"], value)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _column_name(index):
    """Letter of a column, from 0; tables here have fewer than 26.

    >>> _column_name(2)
    'C'
    """
    return chr(ord("A") + index)
