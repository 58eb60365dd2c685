# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CoopProducerPayout(models.Model):
    """What a producer delivered for a window, billed and was paid: a row an order.

    Bills that cite several orders count by their lines; what is paid of a bill is
    shared among its lines by their amounts.
    """

    _name = "coop.producer.payout"
    _description = "Producer's Statement"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "purchase_id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    window_id = fields.Many2one("coop.order.window", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Producer", readonly=True)
    purchase_id = fields.Many2one("purchase.order", string="Order", readonly=True)
    amount_ordered = fields.Monetary(
        string="Ordered", readonly=True, help="Without VAT."
    )
    amount_received = fields.Monetary(
        string="Delivered", readonly=True, help="As counted at reception, without VAT."
    )
    amount_received_total = fields.Monetary(string="Delivered with VAT", readonly=True)
    amount_claimed = fields.Monetary(
        string="Credit Expected", readonly=True, help="Open claims, with VAT."
    )
    amount_billed = fields.Monetary(
        string="Billed",
        readonly=True,
        help="Posted bills less credit notes, with VAT.",
    )
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_to_pay = fields.Monetary(
        string="Still to Pay",
        readonly=True,
        help="What is billed and not paid, less the credit expected; before the bill,"
        " what was delivered.",
    )
    state = fields.Selection(
        [
            ("to_receive", "To receive"),
            ("to_bill", "Bill awaited"),
            ("to_pay", "To pay"),
            ("paid", "Paid"),
        ],
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT rows.*,
                   CASE WHEN has_bill
                        THEN amount_billed - amount_paid - amount_claimed
                        ELSE amount_received_total
                   END AS amount_to_pay,
                   CASE WHEN NOT has_bill AND amount_received_total = 0
                        THEN 'to_receive'
                        WHEN NOT has_bill THEN 'to_bill'
                        WHEN ROUND(amount_billed - amount_paid, 2) > 0 THEN 'to_pay'
                        ELSE 'paid'
                   END AS state
              FROM (
                SELECT purchase.id AS id, purchase.id AS purchase_id,
                       purchase.order_window_id AS window_id, purchase.partner_id,
                       purchase.company_id,
                       (COALESCE(purchase.date_planned, purchase.date_order)
                            AT TIME ZONE 'UTC' AT TIME ZONE company.coop_tz)::date
                            AS date,
                       COALESCE(goods.ordered, 0) AS amount_ordered,
                       COALESCE(goods.received, 0) AS amount_received,
                       COALESCE(goods.received_total, 0) AS amount_received_total,
                       COALESCE(claim.amount, 0) AS amount_claimed,
                       COALESCE(bill.billed, 0) AS amount_billed,
                       COALESCE(bill.paid, 0) AS amount_paid,
                       bill.billed IS NOT NULL AS has_bill
                  FROM purchase_order purchase
                  JOIN res_company company ON company.id = purchase.company_id
             LEFT JOIN LATERAL (
                        SELECT SUM(price_subtotal) AS ordered,
                               SUM(price_subtotal * qty_received
                                   / NULLIF(product_qty, 0)) AS received,
                               SUM(price_total * qty_received
                                   / NULLIF(product_qty, 0)) AS received_total
                          FROM purchase_order_line
                         WHERE order_id = purchase.id AND display_type IS NULL
                       ) goods ON TRUE
             LEFT JOIN LATERAL (
                        SELECT SUM(expected_credit_total) AS amount
                          FROM coop_supplier_claim
                         WHERE purchase_order_id = purchase.id
                           AND state IN ('sent', 'acknowledged')
                       ) claim ON TRUE
             LEFT JOIN LATERAL (
                        SELECT SUM(share.amount) AS billed,
                               SUM(share.amount * share.paid) AS paid
                          FROM (
                            SELECT item.price_total
                                   * CASE WHEN move.move_type = 'in_refund'
                                          THEN -1 ELSE 1 END AS amount,
                                   1 - move.amount_residual
                                       / NULLIF(move.amount_total, 0) AS paid
                              FROM account_move_line item
                              JOIN purchase_order_line line
                                ON line.id = item.purchase_line_id
                              JOIN account_move move ON move.id = item.move_id
                             WHERE line.order_id = purchase.id
                               AND move.state = 'posted'
                               AND item.display_type = 'product'
                               AND move.move_type IN ('in_invoice', 'in_refund')
                          ) share
                       ) bill ON TRUE
                 WHERE purchase.order_window_id IS NOT NULL
                   AND purchase.state = 'purchase'
              ) rows
            """
        )

    def _get_statement_values(self):
        """What the paper says, as text (called by the report).

        :return: ``{'lines', 'claims', 'bills', 'totals': [(label, amount)]}``
        """
        self.ensure_one()
        # sudo: who reads the statement reads its figures; coordinators have no right
        # on purchases nor on bills.
        order = self.sudo().purchase_id
        money, Offer = self.currency_id, self.env["coop.order.offer"]
        lines = []
        for line in order.order_line.filtered("product_id").sorted(
            lambda x: x.product_id.name or ""
        ):
            uom = line.product_uom_id
            share = line.qty_received / line.product_qty if line.product_qty else 0.0
            lines.append(
                {
                    "product": line.product_id.with_context(
                        display_default_code=False
                    ).display_name,
                    "ordered": Offer._format_quantity(line.product_qty, uom),
                    "received": Offer._format_quantity(line.qty_received, uom),
                    "is_different": bool(
                        uom.compare(line.qty_received, line.product_qty)
                    ),
                    "price": money.format(line.price_unit),
                    "amount": money.format(line.price_subtotal * share),
                }
            )
        moves = order.order_line.invoice_lines.move_id.filtered(
            lambda m: m.state == "posted"
        )
        open_claims = order.claim_ids.filtered(
            lambda c: c.state not in ("draft", "rejected")
        )
        states = dict(open_claims._fields["state"]._description_selection(self.env))
        return {
            "lines": lines,
            "claims": [
                {
                    "name": claim.name,
                    "state": states[claim.state],
                    "amount": money.format(claim.expected_credit_total),
                }
                for claim in open_claims
            ],
            "bills": [
                {
                    "name": move.ref or move.name,
                    "date": move.invoice_date,
                    "amount": money.format(move.direction_sign * move.amount_total),
                    "due": money.format(move.direction_sign * move.amount_residual),
                }
                for move in moves.sorted("invoice_date")
            ],
        }
