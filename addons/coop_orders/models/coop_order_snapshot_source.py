# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .coop_order_snapshot import SNAPSHOT


class CoopOrderSnapshotSource(models.AbstractModel):
    """A model whose values are kept between transactions, until one of them changes."""

    _name = "coop.order.snapshot.source"
    _description = "Read by All Orders of a Window"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if SNAPSHOT[self._name] is None:
            self._coop_forget()
        return records

    def write(self, vals):
        res = super().write(vals)
        kept = SNAPSHOT[self._name]
        if kept is None or not vals.keys().isdisjoint(kept):
            self._coop_forget()
        return res

    def unlink(self):
        self._coop_forget()
        return super().unlink()

    def _coop_forget(self):
        """Make all processes forget what windows keep of these.

        All of Odoo's own caches go with it, everywhere: not where nothing is kept, in a
        shop that has no window. Whether there are analytic models is asked for any
        order.
        """
        # sudo: whoever changes a price need not read windows.
        windows = self.env["coop.order.window"].sudo()
        if self._name == "account.analytic.distribution.model" or windows.search_count(
            [], limit=1
        ):
            self.env.registry.clear_cache()


class AccountAnalyticDistributionModel(models.Model):
    _name = "account.analytic.distribution.model"
    _inherit = ("account.analytic.distribution.model", "coop.order.snapshot.source")


class AccountTax(models.Model):
    _name = "account.tax"
    _inherit = ("account.tax", "coop.order.snapshot.source")


class AccountTaxGroup(models.Model):
    _name = "account.tax.group"
    _inherit = ("account.tax.group", "coop.order.snapshot.source")


class AccountTaxRepartitionLine(models.Model):
    _name = "account.tax.repartition.line"
    _inherit = ("account.tax.repartition.line", "coop.order.snapshot.source")


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ("product.product", "coop.order.snapshot.source")


class ResCurrency(models.Model):
    _name = "res.currency"
    _inherit = ("res.currency", "coop.order.snapshot.source")
