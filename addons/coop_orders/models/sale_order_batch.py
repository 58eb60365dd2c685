# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .sale_order_basket import QUIET


class CoopSaleOrderBatch(models.AbstractModel):
    """Many orders of one window at once."""

    _name = "coop.sale.order.batch"
    _description = "Member's Order: Many at Once"

    @api.model
    def _coop_create_orders(self, window, orders):
        """Many orders of one window at once: imports, demonstration, tests.

        The number of queries grows by Odoo's own batches only. Limits, prices and
        uniqueness are checked as for any order; the window may be in any state.

        :param window: the window
        :param orders: list of ``{'partner': res.partner, 'lines': [(offer, quantity) or
            (offer, quantity, tolerance)], 'distribution': coop.distribution (default:
            the member's point), 'channel': str ('import'), 'entered_by': res.users,
            'state': 'draft' or 'sent' ('sent'), 'asked_at': datetime (now)}``
        :return: the orders, in the same order
        """
        names = self._coop_next_names(window.company_id, len(orders))
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", window.company_id.id)], limit=1
        )
        # What Odoo would search for each order, once for all.
        common = {"warehouse_id": warehouse.id}
        now = fields.Datetime.now()
        vals_list = []
        for order, name in zip(orders, names, strict=True):
            asked_at = order.get("asked_at") or now
            vals = self._coop_prepare_order_vals(
                window,
                order["partner"],
                order.get("channel", "import"),
                order.get("entered_by"),
            )
            state = order.get("state", "sent")
            vals.update(
                common,
                name=name,
                state=state,
                date_order=asked_at,
                validated_at=asked_at if state == "sent" else False,
                order_line=[
                    (
                        0,
                        0,
                        self._coop_prepare_line_vals(
                            offer, quantity, *tolerance, asked_at=asked_at
                        ),
                    )
                    for offer, quantity, *tolerance in order["lines"]
                ],
            )
            if order.get("distribution"):
                vals["distribution_id"] = order["distribution"].id
            vals_list.append(vals)
        return self.with_context(**QUIET).create(vals_list)

    @api.model
    def _coop_next_names(self, company, count):
        """``count`` order numbers in three queries instead of two each."""
        # sudo: who imports orders has no right on sequences.
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", "sale.order"),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        if (
            not sequence
            or sequence.implementation != "standard"
            or sequence.use_date_range
        ):
            # sudo: who imports orders has no right on sequences
            next_by_code = self.env["ir.sequence"].sudo().next_by_code
            return [next_by_code("sale.order") for _i in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]
