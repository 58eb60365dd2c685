# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import ormcache

# What every change of an order reads and what hardly ever changes: model → fields
# (None: all its columns). A field belongs here only if it is written by ``write``.
SNAPSHOT = {
    "account.analytic.distribution.model": None,
    "account.tax": None,
    "account.tax.group": None,
    "account.tax.repartition.line": None,
    "product.product": (
        "active",
        "default_code",
        "product_template_attribute_value_ids",
        "product_tmpl_id",
    ),
    "product.template": (
        "company_id",
        "description_sale",
        "name",
        "sale_delay",
        "service_to_purchase",
        "taxes_id",
        "type",
        "uom_id",
    ),
    "res.company": (
        "account_fiscal_country_id",
        "account_price_include",
        "currency_id",
        "name",
        "parent_id",
        "parent_path",
        "partner_id",
        "tax_calculation_rounding_method",
    ),
    "res.currency": None,
}


class CoopOrderSnapshot(models.AbstractModel):
    """What is the same for every member of a window, read once for all of them.

    The amount of an order takes Odoo a dozen queries for its taxes and products, the
    same ones at every tap of every member. Their values are kept between transactions,
    as Odoo keeps its access rules, and put into the cache of a transaction that needs
    them. Who changes one of them makes all processes forget
    (``coop.order.snapshot.source``).
    """

    _name = "coop.order.snapshot"
    _description = "What All Orders of a Window Read"

    @api.model
    def _preload(self, window):
        """Spare this transaction the queries on the taxes and products of a window."""
        # sudo: what computes the amounts of any order.
        env = self.env(su=True)
        for model_name, field_name, values in self._get(window.id):
            field = env[model_name]._fields[field_name]
            field._insert_cache(env[model_name].browse(values), values.values())

    @api.model
    @ormcache("window_id", "self.env.lang", "self.env.company.id")
    def _get(self, window_id):
        """``[(model name, field name, {id: value as in the cache})]``"""
        return [
            (records._name, name, values)
            for records in self._get_sources(window_id)
            for name in SNAPSHOT[records._name] or self._get_columns(records)
            if name in records._fields
            and (values := self._copy_cache(records, records._fields[name]))
        ]

    @api.model
    @ormcache()
    def _has_analytic_models(self):
        """Whether Odoo has anything to look for when it gives a line its analytics."""
        # sudo: members do not read them.
        return bool(
            self.env["account.analytic.distribution.model"]
            .sudo()
            .search_count([], limit=1)
        )

    @api.model
    def _get_sources(self, window_id):
        """The records to keep, one recordset a model; sudo."""
        # sudo: see _preload.
        env = self.env(su=True)
        company = self.env.company
        taxes = env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("company_id", "parent_of", company.id)]
        )
        offers = env["coop.order.offer"].search([("window_id", "=", window_id)])
        return [
            taxes,
            taxes.tax_group_id,
            taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids,
            offers.product_id,
            offers.product_id.product_tmpl_id,
            company.with_env(env),
            company.with_env(env).currency_id,
        ]

    @api.model
    def _get_columns(self, records):
        names = [
            name
            for name, field in records._fields.items()
            if field.store and field.column_type and field.prefetch is True
        ]
        if records._name == "account.tax":
            names += ["invoice_repartition_line_ids", "refund_repartition_line_ids"]
        return names

    @api.model
    def _copy_cache(self, records, field):
        records.mapped(field.name)
        cache = field._get_cache(records.env)
        return {id_: cache[id_] for id_ in records._ids if id_ in cache}
