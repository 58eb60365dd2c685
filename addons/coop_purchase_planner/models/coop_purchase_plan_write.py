# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import models
from odoo.tools import SQL

COLUMNS = {
    "product_id": "int",
    "product_uom_id": "int",
    "purchase_uom_id": "int",
    "urgency": "int",
    "suggested_packs": "int",
    "stock": "numeric",
    "incoming": "numeric",
    "sold_per_day": "numeric",
    "forecast": "numeric",
    "short": "numeric",
    "pack_size": "numeric",
    "minimum_quantity": "numeric",
    "price_unit": "numeric",
    "loss_rate": "float",
    "days_out": "int",
    "weekly_sales": "jsonb",
    "daily": "jsonb",
    "reasons": "jsonb",
}


class CoopPurchasePlanWrite(models.AbstractModel):
    """Writing thousands of lines in one query each way."""

    _name = "coop.purchase.plan.write"
    _description = "Purchase Plan: Writing"

    def _write_lines(self, rows):
        """Replace what was computed, keep the packs that the buyer changed.

        :param rows: list of dicts with the keys of ``COLUMNS``
        """
        self.ensure_one()
        Line = self.env["coop.purchase.plan.line"]
        Line.check_access("write")
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        types = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(kind))
            for name, kind in COLUMNS.items()
        )
        updates = SQL(", ").join(
            SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name))
            for name in COLUMNS
        )
        self.env.execute_query(
            SQL(
                """
                WITH old AS (
                    DELETE FROM coop_purchase_plan_line
                     WHERE plan_id = %(plan)s AND NOT product_id = ANY(%(products)s)
                ), new AS (
                    INSERT INTO coop_purchase_plan_line AS line
                           (plan_id, packs, create_uid, write_uid, create_date,
                            write_date, %(names)s)
                    SELECT %(plan)s, suggested_packs, %(uid)s, %(uid)s, %(now)s,
                           %(now)s, %(names)s
                      FROM jsonb_to_recordset(%(rows)s::jsonb) AS row (%(types)s)
                    ON CONFLICT (plan_id, product_id) DO UPDATE
                       SET write_uid = EXCLUDED.write_uid,
                           write_date = EXCLUDED.write_date,
                           packs = CASE WHEN line.packs = line.suggested_packs
                                        THEN EXCLUDED.packs ELSE line.packs END,
                           %(updates)s
                )
                SELECT 1
                """,
                plan=self.id,
                products=[row["product_id"] for row in rows],
                names=names,
                types=types,
                updates=updates,
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows),
            )
        )
        self.invalidate_recordset(["line_ids"])
        Line.invalidate_model()
