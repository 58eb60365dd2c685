# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import to_utc

from ..tools.planner import Need, plan

LOSS_DAYS = 84
WEEKS = 12
SEEN_DAYS = 7 * WEEKS + 14  # of sales that a plan shows
SHOWN_DAYS = 56  # of its chart
PENDING = ("waiting", "confirmed", "partially_available", "assigned")


class CoopPurchasePlanRead(models.AbstractModel):
    """Reading the books: a constant number of queries, whatever the products.

    Plain SQL because the ORM would make one query for each thousand products and one
    for each hundred lines. Access was checked, the company is in every query.
    """

    _name = "coop.purchase.plan.read"
    _description = "Purchase Plan: Reading"

    def _compute_lines(self):
        self.ensure_one()
        self.env["stock.move.line"].check_access("read")
        self.env.flush_all()
        today = self._get_today()
        products = self._read_assortment(today)
        rows = self._suggest(products, today) if products else []
        self._write_lines(rows)
        self._write_visits(today)
        self.computed_at = self.env.cr.now()

    def _suggest(self, products, today):
        """One row a product, as columns of ``coop.purchase.plan.line``."""
        ids = list(products)
        origin = today.toordinal()
        lead = (self.delivery_date - today).days
        days = (self.next_delivery_date - today).days
        books = self.env["coop.shelf.books"]
        sales = books._read_product_sales(self.company_id, today, SEEN_DAYS, ids)
        stock = books._read_stock(self.company_id, ids)
        forecasts = self._get_forecasts(today, ids)
        closed = self._get_all_closed_days(today)
        aside, promised = self._read_window_demand(ids)
        incoming, outgoing = self._read_moves(ids)
        losses = self._read_losses(today, ids)
        expiring = self._get_expiring_quantities(ids)
        rows = []
        for product_id, values in products.items():
            history = sales.get(product_id, {})
            daily, spread, days_out = forecasts[product_id]
            expected = [
                0.0 if day in closed else value
                for day, value in enumerate(daily[:days], origin)
            ]
            if expected:
                # What was sold this morning will not be sold again.
                expected[0] = max(expected[0] - history.get(origin, 0.0), 0.0)
            lost = max(losses.get(product_id, 0.0), 0.0)
            sold = sum(
                quantity
                for day, quantity in history.items()
                if day >= origin - LOSS_DAYS
            )
            rate = lost / (lost + max(sold, 0.0)) if lost else 0.0
            on_hand = stock.get(product_id, 0.0) - aside.get(product_id, 0.0)
            suggestion = plan(
                Need(
                    forecast=expected,
                    lead=lead,
                    stock=on_hand,
                    incoming=max(incoming.get(product_id, 0.0), 0.0),
                    committed=max(
                        outgoing.get(product_id, 0.0) + promised.get(product_id, 0.0),
                        0.0,
                    ),
                    loss_rate=rate,
                    safety_days=self.safety_days,
                    pack_size=values["pack_size"],
                    minimum=values["minimum_quantity"],
                    shelf_life=values["shelf_life"] or None,
                    expiring=expiring.get(product_id, ()),
                )
            )
            if round(suggestion.short, 2) > 0:
                urgency = 0
            else:
                urgency = 1 if suggestion.packs else 2
            rows.append(
                {
                    "product_id": product_id,
                    "product_uom_id": values["uom_id"],
                    "purchase_uom_id": values["purchase_uom_id"],
                    "pack_size": values["pack_size"],
                    "minimum_quantity": values["minimum_quantity"],
                    "price_unit": self._choose_price(values, suggestion.quantity),
                    "urgency": urgency,
                    "stock": on_hand,
                    "incoming": incoming.get(product_id, 0.0),
                    "sold_per_day": self._sum_days(history, origin - 28, origin) / 28,
                    "weekly_sales": [
                        round(self._sum_days(history, start, start + 7), 3)
                        for start in range(origin - 7 * WEEKS, origin, 7)
                    ],
                    "forecast": sum(expected),
                    "days_out": days_out,
                    "daily": {
                        "start": origin - SHOWN_DAYS,
                        "sold": [
                            round(history.get(day, 0.0), 2)
                            for day in range(origin - SHOWN_DAYS, origin)
                        ],
                        "expected": [round(value, 2) for value in expected],
                        "spread": round(spread, 2),
                        "lead": lead,
                    },
                    "loss_rate": rate,
                    "short": suggestion.short,
                    "suggested_packs": suggestion.packs,
                    "reasons": [
                        [reason.code, reason.values] for reason in suggestion.reasons
                    ],
                }
            )
        return rows

    def _write_visits(self, today):
        visits = self.env["coop.shelf.books"]._read_visits(
            self.company_id, today, SEEN_DAYS
        )
        origin = today.toordinal()
        self.weekly_visits = [
            self._sum_days(visits, start, start + 7)
            for start in range(origin - 7 * WEEKS, origin, 7)
        ]
        self.visits_per_day = self._sum_days(visits, origin - 28, origin) / 28

    def _get_forecasts(self, today, product_ids):
        """``{product id: (daily, spread, days sold out)}``, from the night's work.

        What is not there yet (a new product, a correction this morning) is computed.
        """
        Forecast = self.env["coop.product.forecast"]
        found = Forecast._read_stored(self.company_id, today, product_ids)
        missing = [key for key in product_ids if key not in found]
        if missing:
            forecaster, open_days = Forecast._make_forecaster(self.company_id, today)
            computed = Forecast._forecast_products(
                self.company_id, today, missing, forecaster, open_days
            )
            recent = today.toordinal() - LOSS_DAYS
            for product_id, (forecast, _sold, _lost, sold_out) in computed.items():
                days_out = sum(1 for day in sold_out if day >= recent)
                found[product_id] = (forecast.daily, forecast.spread, days_out)
        return found

    def _get_all_closed_days(self, today):
        """Ordinals of the cooperative's closed days and of those keyed in here."""
        closed = self.env["coop.closed.day"]._get_shop_closed_days(
            self.company_id, today, self.next_delivery_date
        )
        return closed.union(self._get_closed_days())

    @staticmethod
    def _sum_days(history, start, stop):
        return sum(history.get(day, 0.0) for day in range(start, stop))

    @staticmethod
    def _choose_price(values, quantity):
        """The lowest price that this quantity reaches, else the first one."""
        reached = [
            price for least, price in values["prices"] if least <= quantity + 1e-6
        ]
        return min(reached, default=values["prices"][0][1])

    def _get_expiring_quantities(self, product_ids):
        """``{product id: [(days from today, quantity)]}`` of lots that go off (hook).

        Odoo's expiry dates are an application of their own.
        """
        return {}

    def _get_seller_domain(self, today):
        """Price lines of the supplier that can be ordered today (hook)."""
        return (
            Domain(
                "partner_id", "in", (self.partner_id | self.partner_id.parent_id).ids
            )
            & Domain("company_id", "in", [False, self.company_id.id])
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", today))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
            & Domain("is_available", "=", True)
            & Domain("product_tmpl_id.active", "=", True)
            & Domain("product_tmpl_id.purchase_ok", "=", True)
            & Domain("product_tmpl_id.is_storable", "=", True)
        )

    def _get_rate_from(self, currency_id, day):
        """How much of the plan's currency one of a price list's currency is."""
        currency = self.env["res.currency"].browse(currency_id) or self.currency_id
        if currency == self.currency_id:
            return 1.0
        return currency._get_conversion_rate(
            currency, self.currency_id, self.company_id, day
        )

    def _read_assortment(self, today):
        """``{product id: what the supplier asks}``, in the order of their names."""
        sellers = self.env["product.supplierinfo"]._search(
            self._get_seller_domain(today)
        )
        # The pack of the last window, where the supplier's own unit is not one.
        query = SQL(
            """
            SELECT product.id, template.uom_id, seller.product_uom_id,
                   seller_uom.factor / uom.factor,
                   seller.min_qty * seller_uom.factor / uom.factor,
                   seller.price * (1 - COALESCE(seller.discount, 0) / 100)
                       * uom.factor / seller_uom.factor,
                   template.coop_shelf_life_days, offer.pack_size, seller.currency_id
              FROM product_supplierinfo seller
              JOIN product_template template ON template.id = seller.product_tmpl_id
              JOIN product_product product
                ON product.product_tmpl_id = template.id AND product.active
               AND (seller.product_id IS NULL OR seller.product_id = product.id)
              JOIN uom_uom uom ON uom.id = template.uom_id
              JOIN uom_uom seller_uom ON seller_uom.id = seller.product_uom_id
              LEFT JOIN (
                    SELECT DISTINCT ON (offer.product_id) offer.product_id,
                           offer.pack_size * offer_uom.factor / unit.factor AS pack_size
                      FROM coop_order_offer offer
                      JOIN coop_order_window w ON w.id = offer.window_id
                      JOIN product_product variant ON variant.id = offer.product_id
                      JOIN product_template pt ON pt.id = variant.product_tmpl_id
                      JOIN uom_uom unit ON unit.id = pt.uom_id
                      JOIN uom_uom offer_uom ON offer_uom.id = offer.product_uom_id
                     WHERE offer.supplier_id = %(partner)s
                       AND w.company_id = %(company)s
                     ORDER BY offer.product_id, offer.id DESC
                   ) offer ON offer.product_id = product.id
             WHERE seller.id IN %(sellers)s
             ORDER BY template.name->>'en_US', product.id,
                      seller.sequence, seller.min_qty, seller.id
            """,
            partner=self.partner_id.id,
            company=self.company_id.id,
            sellers=sellers.subselect(),
        )
        products, rates = {}, {}
        for row in self.env.execute_query(query):
            product_id, uom, seller_uom, factor, least, price, *row = row
            shelf_life, pack, currency_id = row
            if currency_id not in rates:
                rates[currency_id] = self._get_rate_from(currency_id, today)
            values = products.get(product_id)
            if values is None:
                values = products[product_id] = {
                    "uom_id": uom,
                    "purchase_uom_id": seller_uom,
                    "pack_size": float(pack if uom == seller_uom and pack else factor),
                    "minimum_quantity": float(least),
                    "shelf_life": shelf_life,
                    "prices": [],
                }
            values["minimum_quantity"] = min(values["minimum_quantity"], float(least))
            values["prices"].append((float(least), float(price) * rates[currency_id]))
        return products

    def _read_window_demand(self, product_ids):
        """What closed windows still have to hand out.

        :return: two ``{product id: quantity}``: put aside from what came for a window,
            and promised from the shelves without a delivery yet
        """
        query = SQL(
            """
            SELECT line.product_id,
                   SUM(CASE WHEN w.flow <> 'stock' THEN GREATEST(
                       COALESCE(line.quantity_allocated, 0) - line.qty_delivered, 0
                   ) * line_uom.factor / uom.factor ELSE 0 END)::float,
                   SUM(CASE WHEN w.flow = 'stock' AND NOT EXISTS (
                       SELECT 1 FROM stock_move move
                        WHERE move.sale_line_id = line.id AND move.state <> 'cancel'
                   ) THEN GREATEST(line.product_uom_qty - line.qty_delivered, 0)
                       * line_uom.factor / uom.factor ELSE 0 END)::float
              FROM sale_order_line line
              JOIN coop_order_offer offer ON offer.id = line.offer_id
              JOIN coop_order_window w ON w.id = offer.window_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom uom ON uom.id = template.uom_id
              JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
             WHERE line.state = 'sale'
               AND w.state = 'closed'
               AND w.company_id = %s
               AND line.product_id = ANY(%s)
             GROUP BY line.product_id
            """,
            self.company_id.id,
            product_ids,
        )
        rows = self.env.execute_query(query)
        return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}

    def _read_moves(self, product_ids):
        """``{product id: quantity}`` expected by the end of the plan, in and out.

        What a producer said will not be supplied is not expected any more.
        """
        tz = self.company_id.coop_tz
        until = to_utc(datetime.combine(self.next_delivery_date, time()), tz)
        query = SQL(
            """
            SELECT move.product_id,
                   COALESCE(SUM(
                       move.product_qty * CASE
                           WHEN buy.is_confirmed AND buy.product_qty > 0
                           THEN LEAST(buy.quantity_confirmed / buy.product_qty, 1)
                           ELSE 1 END
                   ) FILTER (WHERE target.usage = 'internal'), 0)::float,
                   COALESCE(SUM(move.product_qty) FILTER (
                       WHERE target.usage = 'customer'), 0)::float
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              LEFT JOIN purchase_order_line buy ON buy.id = move.purchase_line_id
              LEFT JOIN sale_order_line sale_line ON sale_line.id = move.sale_line_id
              LEFT JOIN coop_order_offer offer
                ON offer.id = COALESCE(buy.offer_id, sale_line.offer_id)
              LEFT JOIN coop_order_window w ON w.id = offer.window_id
             WHERE move.state IN %(pending)s
               AND move.company_id = %(company)s
               AND move.date < %(until)s
               AND move.product_id = ANY(%(products)s)
               AND (source.usage = 'internal') <> (target.usage = 'internal')
               AND (w.id IS NULL OR w.flow = 'stock')
             GROUP BY move.product_id
            """,
            pending=PENDING,
            company=self.company_id.id,
            until=until,
            products=product_ids,
        )
        rows = self.env.execute_query(query)
        return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}

    def _read_losses(self, today, product_ids):
        """``{product id: quantity}`` scrapped, or missing at an inventory."""
        query = SQL(
            """
            SELECT product_id, SUM(lost)::float FROM (%s) flows
             WHERE lost > 0 AND product_id = ANY(%s)
             GROUP BY product_id
            """,
            self.env["coop.shelf.books"]._get_flows_sql(
                self.company_id, today, LOSS_DAYS
            ),
            product_ids,
        )
        return dict(self.env.execute_query(query))
