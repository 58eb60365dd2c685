# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

# measure: (what is counted, what it is compared to, 1 where the whole is taken off)
RATES = {
    "fill_rate": ("received_amount", "ordered_amount", 0),
    "on_time_rate": ("on_time_count", "due_count", 0),
    "price_gap": ("billed_amount", "agreed_amount", 1),
    "price_drift": ("price_now_amount", "price_before_amount", 1),
    "claim_rate": ("claim_amount", "received_amount", 0),
}
MONTHS = (3, 6, 12, 24)
SUMS = (
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
)
LATEST = 8


class CoopSupplierScoreCard(models.AbstractModel):
    """The page of the scorecard: all suppliers, or the charts of one."""

    _name = "coop.supplier.score.card"
    _description = "Page of the Supplier Scorecard"

    @api.model
    def _card_domain(self, months):
        """From the first day of a month, this one being the last; and that day."""
        today = fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=months - 1)
        domain = Domain("date", ">=", first) & Domain("date", "<=", today)
        return domain & Domain("company_id", "in", self.env.companies.ids), first

    @api.model
    def _card_aggregates(self):
        return [f"{name}:sum" for name in SUMS]

    @api.model
    def _card_figures(self, values):
        """``{name: figure}`` out of the sums, with their rates; a rate is None where
        there was nothing to compare."""
        sums = {
            name: float(value or 0) for name, value in zip(SUMS, values, strict=True)
        }
        rates = {
            name: round(100 * (sums[part] / sums[whole] - less), 2)
            if sums[whole]
            else None
            for name, (part, whole, less) in RATES.items()
        }
        return sums | rates

    @api.model
    def coop_score_list(self, months=12):
        """Every supplier of a period beside the average of all of them.

        :param int months: how many, this one included
        :return: ``{'suppliers': [{'id', 'name', figures…}], 'all': figures,
            'currency_id', 'months'}``; one query, however many suppliers
        """
        domain, __ = self._card_domain(self._card_months(months))
        groups = self._read_group(domain, ["partner_id"], self._card_aggregates())
        # Added up here rather than read again: the query is what costs.
        columns = list(zip(*groups, strict=True))[1:] or [()] * len(SUMS)
        everyone = [sum(value or 0 for value in column) for column in columns]
        suppliers = [
            {"id": partner.id, "name": partner.display_name}
            | self._card_figures(values)
            for partner, *values in groups
        ]
        suppliers.sort(key=lambda row: (-row["received_amount"], row["name"]))
        return {
            "suppliers": suppliers,
            "all": self._card_figures(everyone),
            "currency_id": self.env.company.currency_id.id,
            "months": self._card_months(months),
        }

    @api.model
    def coop_score_card(self, partner_id, months=12):
        """The charts of one supplier: month by month, beside all the others.

        :return: ``{'partner', 'figures', 'all', 'series': [{'month', figures…}],
            'claims', 'prices', 'currency_id', 'months'}``
        """
        months = self._card_months(months)
        partner = self.env["res.partner"].browse(partner_id).commercial_partner_id
        partner.check_access("read")
        domain, first = self._card_domain(months)
        mine = domain & Domain("partner_id", "=", partner.id)
        aggregates = self._card_aggregates()
        by_month = {
            month: self._card_figures(values)
            for month, *values in self._read_group(mine, ["date:month"], aggregates)
        }
        empty = self._card_figures([None] * len(aggregates))
        series = []
        for number in range(months):
            month = first + relativedelta(months=number)
            figures = by_month.get(month, empty)
            series.append({"month": fields.Date.to_string(month)} | figures)
        return {
            "partner": {"id": partner.id, "name": partner.display_name},
            "figures": self._card_figures(self._read_group(mine, [], aggregates)[0]),
            "all": self._card_figures(self._read_group(domain, [], aggregates)[0]),
            "series": series,
            "claims": self._card_claims(partner, first),
            "prices": self._card_prices(mine),
            "currency_id": self.env.company.currency_id.id,
            "months": months,
        }

    @api.model
    def _card_months(self, months):
        return months if months in MONTHS else 12

    @api.model
    def _card_claims(self, partner, first):
        """The latest claims, in words."""
        claims = self.env["coop.supplier.claim"].search(
            [
                ("partner_id", "child_of", partner.ids),
                ("company_id", "in", self.env.companies.ids),
                ("sent_on", "!=", False),
                ("date", ">=", first),
            ],
            limit=LATEST,
        )
        fields_info = claims.fields_get(["state", "reason"], ["selection"])
        words = {name: dict(info["selection"]) for name, info in fields_info.items()}
        return [
            {
                "id": claim.id,
                "name": claim.name,
                "date": fields.Date.to_string(claim.date),
                "reason": words["reason"][claim.reason],
                "state": words["state"][claim.state],
                "amount": claim.expected_credit,
                "currency_id": claim.currency_id.id,
            }
            for claim in claims
        ]

    @api.model
    def _card_prices(self, mine):
        """The articles whose price moved most, in money."""
        groups = self._read_group(
            mine & Domain("kind", "=", "order"),
            ["product_id"],
            ["price_before_amount:sum", "price_now_amount:sum", "price_drift:avg"],
        )
        rows = [
            {
                "id": product.id,
                "name": product.display_name,
                "drift": round(float(drift), 2),
                "amount": float(now - before),
            }
            for product, before, now, drift in groups
            if drift is not False and abs(drift) >= 0.01
        ]
        rows.sort(key=lambda row: -abs(row["amount"]))
        return rows[:LATEST]
