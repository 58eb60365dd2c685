# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CoopDistributionReport(models.Model):
    """Distributions in figures: a row a basket's line, and a row a product lost.

    Baskets and members are counted distinct, so that any grouping tells the truth.
    Money is what the posted invoices of the line say, credit notes deducted; the cent
    by which an invoice differs from the sum of its lines is shared among them.
    """

    _name = "coop.distribution.report"
    _description = "Distributions in Figures"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "product_id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    window_id = fields.Many2one("coop.order.window", readonly=True)
    distribution_id = fields.Many2one("coop.distribution", readonly=True)
    collection_point_id = fields.Many2one("coop.collection.point", readonly=True)
    group_id = fields.Many2one(
        "coop.group",
        string="Local Group",
        readonly=True,
        help="The group of the member; for losses, the only group of the point.",
    )
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    supplier_id = fields.Many2one("res.partner", string="Producer", readonly=True)
    order_id = fields.Many2one(
        "sale.order", string="Baskets", readonly=True, aggregator="count_distinct"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Members", readonly=True, aggregator="count_distinct"
    )
    quantity = fields.Float(
        string="Quantity Handed Over",
        readonly=True,
        digits="Product Unit",
        help="In the product's unit.",
    )
    weight = fields.Float(string="Weight (kg)", readonly=True, digits=(16, 1))
    amount = fields.Monetary(string="Turnover", readonly=True)
    weight_loss = fields.Float(string="Lost (kg)", readonly=True, digits=(16, 1))
    value_loss = fields.Monetary(string="Losses", readonly=True)

    @property
    def _table_query(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        # kg of a quantity in a unit of mass, else by the weight of a product's unit
        weight = SQL(
            """CASE WHEN SPLIT_PART(uom.parent_path, '/', 1) = %(root)s
                    THEN uom.factor / %(factor)s
                    ELSE COALESCE(product.weight, 0)::float8
                         * uom.factor / product_uom.factor
                END""",
            root=kilogram.parent_path.split("/")[0],
            factor=kilogram.factor,
        )
        return SQL(
            """
            SELECT line.id AS id,
                   (distribution.date_start AT TIME ZONE 'UTC'
                        AT TIME ZONE company.coop_tz)::date AS date,
                   distribution.company_id, distribution.window_id,
                   distribution.id AS distribution_id,
                   distribution.collection_point_id,
                   member.coop_group_id AS group_id,
                   line.product_id, template.categ_id, line.supplier_id,
                   line.order_id, sale.partner_id,
                   line.qty_delivered * uom.factor / product_uom.factor AS quantity,
                   line.qty_delivered * %(weight)s AS weight,
                   COALESCE(invoiced.amount, 0) AS amount,
                   0.0 AS weight_loss, 0.0 AS value_loss
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN coop_distribution distribution
                ON distribution.id = sale.distribution_id
              JOIN res_company company ON company.id = distribution.company_id
              JOIN res_partner member ON member.id = sale.partner_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom uom ON uom.id = line.product_uom_id
              JOIN uom_uom product_uom ON product_uom.id = template.uom_id
         LEFT JOIN LATERAL (
                    SELECT SUM(item.price_total * move.amount_total_signed
                               / NULLIF(whole.total, 0)) AS amount
                      FROM sale_order_line_invoice_rel rel
                      JOIN account_move_line item ON item.id = rel.invoice_line_id
                      JOIN account_move move ON move.id = item.move_id
                CROSS JOIN LATERAL (
                            SELECT SUM(price_total) AS total
                              FROM account_move_line
                             WHERE move_id = move.id AND display_type = 'product'
                           ) whole
                     WHERE rel.order_line_id = line.id AND move.state = 'posted'
                   ) invoiced ON TRUE
             WHERE sale.serve_state = 'served' AND line.display_type IS NULL
         UNION ALL
            SELECT -leftover.id AS id,
                   (distribution.date_start AT TIME ZONE 'UTC'
                        AT TIME ZONE company.coop_tz)::date AS date,
                   distribution.company_id, distribution.window_id,
                   distribution.id AS distribution_id,
                   distribution.collection_point_id,
                   only_group.id AS group_id,
                   leftover.product_id, template.categ_id, offer.supplier_id,
                   NULL AS order_id, NULL AS partner_id,
                   0.0 AS quantity, 0.0 AS weight, 0.0 AS amount,
                   (leftover.quantity_loss + leftover.quantity_missing)
                       * %(weight)s AS weight_loss,
                   leftover.value_loss
              FROM coop_distribution_leftover leftover
              JOIN coop_distribution distribution
                ON distribution.id = leftover.distribution_id
              JOIN res_company company ON company.id = distribution.company_id
              JOIN product_product product ON product.id = leftover.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom uom ON uom.id = leftover.product_uom_id
              JOIN uom_uom product_uom ON product_uom.id = template.uom_id
         LEFT JOIN coop_order_offer offer ON offer.id = leftover.offer_id
         LEFT JOIN LATERAL (
                    SELECT MIN(rel.group_id) AS id
                      FROM coop_group_collection_point_rel rel
                     WHERE rel.point_id = distribution.collection_point_id
                    HAVING COUNT(*) = 1
                   ) only_group ON TRUE
             WHERE leftover.quantity_loss > 0 OR leftover.quantity_missing > 0
            """,
            weight=weight,
        )
