# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CoopDistributionTrackingQuantity(models.AbstractModel):
    """The monthly recap of quantities: products down, local groups across."""

    _name = "coop.distribution.tracking.quantity"
    _description = "Distribution: Monthly Recap"

    def _get_quantity_table(self):
        """What was handed over, in all and by group, in the product's unit.

        :return: ``(columns, rows)``, a row a month and product
        """
        # sudo: totals of distributions that the user may track.
        data = (
            self.env["coop.distribution.report"]
            .sudo()
            ._read_group(
                [("distribution_id", "in", self.ids), ("order_id", "!=", False)],
                ["date:month", "product_id", "group_id"],
                ["quantity:sum"],
            )
        )
        # sudo: names of groups, in the recap
        groups = self.env["coop.group"].sudo()
        table = {}
        for month, product, group, quantity in data:
            groups |= group
            row = table.setdefault((month, product), {})
            row[group] = row.get(group, 0.0) + quantity
        groups = groups.sorted("name")
        has_others = any(groups.browse() in row for row in table.values())
        columns = [
            (self.env._("Month"), 10),
            (self.env._("Product"), 34),
            (self.env._("Unit"), 9),
            (self.env._("Total"), 11),
            *((group.name, 14) for group in groups),
        ]
        if has_others:
            columns.append((self.env._("No group"), 14))
        rows = []
        for (month, product), row in sorted(
            table.items(), key=lambda item: (item[0][0], item[0][1].name or "")
        ):
            values = [row.get(group) for group in groups]
            if has_others:
                values.append(row.get(groups.browse()))
            rows.append(
                [
                    month.strftime("%m/%Y"),
                    product.with_context(display_default_code=False).display_name,
                    product.uom_id.name,
                    sum(row.values()),
                    *values,
                ]
            )
        return columns, rows
