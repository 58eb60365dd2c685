# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from .coop_supplier_score_card import RATES


class CoopSupplierScore(models.Model):
    """How suppliers deliver and bill: one row an order line, bill line and claim.

    Nothing is summed up in the view, so that a filter on a supplier reaches the tables;
    a rate is the ratio of two sums, whatever it is grouped by. Amounts are without VAT,
    in the company's currency.
    """

    _name = "coop.supplier.score"
    _inherit = ["coop.supplier.score.card"]
    _description = "Supplier Scorecard"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    kind = fields.Selection(
        [
            ("delivery", "Delivery"),
            ("order", "Order"),
            ("bill", "Bill"),
            ("claim", "Claim"),
        ],
        string="Document",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    date = fields.Date(
        readonly=True,
        help="Day on which a delivery was due, an order or a bill was dated, a claim "
        "was made.",
    )
    ordered_amount = fields.Monetary(string="Due", readonly=True)
    received_amount = fields.Monetary(
        string="Received of It",
        readonly=True,
        help="At the order's price, at most what was ordered.",
    )
    due_count = fields.Integer(string="Lines Due", readonly=True)
    on_time_count = fields.Integer(string="Lines on Time", readonly=True)
    agreed_amount = fields.Monetary(string="At the Order's Price", readonly=True)
    billed_amount = fields.Monetary(string="Billed", readonly=True)
    price_before_amount = fields.Monetary(
        string="At the Earlier Price",
        readonly=True,
        help="What was ordered, at the price of the order before it.",
    )
    price_now_amount = fields.Monetary(string="Ordered Again", readonly=True)
    claim_count = fields.Integer(string="Claims", readonly=True)
    claim_amount = fields.Monetary(string="Claimed", readonly=True)
    fill_rate = fields.Float(
        string="Fill Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Value received of what was due.",
    )
    on_time_rate = fields.Float(
        string="On Time (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Order lines of which something came on the planned day or before.",
    )
    price_gap = fields.Float(
        string="Billed above the Order (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="What was billed against the same quantities at the order's price.",
    )
    price_drift = fields.Float(
        string="Price Drift (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="What was ordered against the same quantities at the earlier order's "
        "price.",
    )
    claim_rate = fields.Float(
        string="Claimed (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Value claimed against value received.",
    )

    _depends = {
        "account.move": ["state", "move_type", "invoice_date", "date"],
        "account.move.line": [
            "balance",
            "display_type",
            "move_id",
            "product_uom_id",
            "purchase_line_id",
            "quantity",
        ],
        "coop.supplier.claim": [
            "company_id",
            "currency_id",
            "date",
            "expected_credit",
            "partner_id",
            "purchase_order_id",
            "sent_on",
        ],
        "purchase.order": ["currency_rate", "date_order", "partner_id", "state"],
        "purchase.order.line": [
            "company_id",
            "date_planned",
            "order_id",
            "price_subtotal",
            "product_id",
            "product_qty",
            "product_uom_id",
            "product_uom_qty",
            "qty_received",
        ],
        "res.partner": ["commercial_partner_id", "tz"],
        "stock.move": ["date", "location_id", "purchase_line_id", "state"],
    }

    @property
    def _table_query(self):
        """The rows; each kind leaves what it does not know to null."""
        return SQL(
            """
            SELECT id * 4 AS id, 'delivery' AS kind, company_id, partner_id, product_id,
                   date, %(delivery)s
              FROM (%(deliveries)s) deliveries
             UNION ALL
            SELECT id * 4 + 1, 'order', company_id, partner_id, product_id, date,
                   %(order)s
              FROM (%(orders)s) orders WHERE price_before_amount IS NOT NULL
             UNION ALL
            SELECT id * 4 + 2, 'bill', company_id, partner_id, product_id, date,
                   %(bill)s
              FROM (%(bills)s) bills
             UNION ALL
            SELECT id * 4 + 3, 'claim', company_id, partner_id, NULL, date, %(claim)s
              FROM (%(claims)s) claims
            """,
            delivery=self._columns(
                "ordered_amount", "received_amount", "due_count", "on_time_count"
            ),
            order=self._columns("price_before_amount", "price_now_amount"),
            bill=self._columns("agreed_amount", "billed_amount"),
            claim=self._columns("claim_count", "claim_amount"),
            deliveries=self._deliveries(),
            orders=self._orders(),
            bills=self._bills(),
            claims=self._claims(),
        )

    def _columns(self, *known):
        """All measures in one order: those known by name, nulls for the others."""
        columns = []
        for name in (
            "ordered_amount",
            "received_amount",
            "due_count",
            "on_time_count",
            "agreed_amount",
            "billed_amount",
            "price_before_amount",
            "price_now_amount",
            "claim_count",
            "claim_amount",
        ):
            identifier = SQL.identifier(name)
            is_count = self._fields[name].type == "integer"
            null = SQL("NULL::integer") if is_count else SQL("NULL::numeric")
            value = identifier if name in known else null
            columns.append(SQL("%s AS %s", value, identifier))
        columns += [SQL("NULL::numeric AS %s", SQL.identifier(name)) for name in RATES]
        return SQL(", ").join(columns)

    def _deliveries(self):
        """Order lines of goods whose day has come."""
        return SQL(
            """
            SELECT pol.id, pol.company_id, supplier.commercial_partner_id AS partner_id,
                   pol.product_id, planned.day AS date,
                   pol.price_subtotal / COALESCE(NULLIF(po.currency_rate, 0), 1)
                       AS ordered_amount,
                   pol.price_subtotal / COALESCE(NULLIF(po.currency_rate, 0), 1)
                       * GREATEST(LEAST(pol.qty_received / pol.product_qty, 1), 0)
                       AS received_amount,
                   1 AS due_count,
                   CASE WHEN came.day <= planned.day THEN 1 ELSE 0 END AS on_time_count
              FROM purchase_order_line pol
              JOIN purchase_order po ON po.id = pol.order_id
              JOIN res_partner supplier ON supplier.id = po.partner_id
              JOIN res_company company ON company.id = pol.company_id
              JOIN res_partner home ON home.id = company.partner_id
              JOIN product_product product ON product.id = pol.product_id
              JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
        CROSS JOIN LATERAL (
                   SELECT (pol.date_planned AT TIME ZONE 'UTC'
                           AT TIME ZONE COALESCE(home.tz, 'UTC'))::date AS day
                   ) planned
         LEFT JOIN LATERAL (
                   SELECT (MIN(move.date) AT TIME ZONE 'UTC'
                           AT TIME ZONE COALESCE(home.tz, 'UTC'))::date AS day
                     FROM stock_move move
                     JOIN stock_location source ON source.id = move.location_id
                    WHERE move.purchase_line_id = pol.id
                      AND move.state = 'done'
                      AND source.usage = 'supplier'
                   ) came ON TRUE
             WHERE po.state = 'purchase'
               AND pol.product_qty > 0
               AND tmpl.type != 'service'
               AND pol.date_planned <= NOW() AT TIME ZONE 'UTC'
            """
        )

    def _orders(self):
        """Order lines beside the price of the order before, of the same product.

        The window is cut by company, supplier and product: a filter on them is applied
        before it.
        """
        return SQL(
            """
            SELECT id, company_id, partner_id, product_id, date,
                   price * quantity AS price_now_amount,
                   LAG(price) OVER (PARTITION BY company_id, partner_id, product_id
                                    ORDER BY date_order, id) * quantity
                       AS price_before_amount
              FROM (
                   SELECT pol.id, pol.company_id,
                          supplier.commercial_partner_id AS partner_id, pol.product_id,
                          po.date_order, po.date_order::date AS date,
                          pol.product_uom_qty AS quantity,
                          pol.price_subtotal / COALESCE(NULLIF(po.currency_rate, 0), 1)
                              / pol.product_uom_qty AS price
                     FROM purchase_order_line pol
                     JOIN purchase_order po ON po.id = pol.order_id
                     JOIN res_partner supplier ON supplier.id = po.partner_id
                    WHERE po.state = 'purchase'
                      AND pol.product_uom_qty > 0
                      AND pol.product_id IS NOT NULL
                      AND pol.price_subtotal > 0
                   ) lines
            """
        )

    def _bills(self):
        """Posted bill lines beside the same quantity at the order's price."""
        return SQL(
            """
            SELECT aml.id, aml.company_id, supplier.commercial_partner_id AS partner_id,
                   aml.product_id, COALESCE(bill.invoice_date, bill.date) AS date,
                   aml.balance AS billed_amount,
                   pol.price_subtotal / COALESCE(NULLIF(po.currency_rate, 0), 1)
                       / pol.product_qty * aml.quantity
                       * COALESCE(billed_in.factor / ordered_in.factor, 1)
                       AS agreed_amount
              FROM account_move_line aml
              JOIN account_move bill ON bill.id = aml.move_id
              JOIN purchase_order_line pol ON pol.id = aml.purchase_line_id
              JOIN purchase_order po ON po.id = pol.order_id
              JOIN res_partner supplier ON supplier.id = po.partner_id
              JOIN uom_uom ordered_in ON ordered_in.id = pol.product_uom_id
         LEFT JOIN uom_uom billed_in ON billed_in.id = aml.product_uom_id
             WHERE bill.state = 'posted'
               AND bill.move_type = 'in_invoice'
               AND aml.display_type = 'product'
               AND pol.product_qty > 0
            """
        )

    def _claims(self):
        """Claims that were sent; one of another currency at its order's rate."""
        return SQL(
            """
            SELECT claim.id, claim.company_id,
                   supplier.commercial_partner_id AS partner_id, claim.date,
                   1 AS claim_count,
                   CASE WHEN claim.currency_id = company.currency_id
                        THEN claim.expected_credit
                        ELSE claim.expected_credit
                             / COALESCE(NULLIF(po.currency_rate, 0), 1)
                   END AS claim_amount
              FROM coop_supplier_claim claim
              JOIN res_company company ON company.id = claim.company_id
              JOIN res_partner supplier ON supplier.id = claim.partner_id
         LEFT JOIN purchase_order po ON po.id = claim.purchase_order_id
             WHERE claim.sent_on IS NOT NULL
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """A rate is the ratio of two sums; nothing where there was nothing."""
        name = aggregate_spec.split(":")[0]
        if name not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole, less = RATES[name]
        return SQL(
            "100 * (COALESCE(SUM(%s), 0)::numeric / NULLIF(SUM(%s), 0)::numeric - %s)",
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
            less,
        )
