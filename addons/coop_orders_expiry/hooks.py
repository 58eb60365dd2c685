# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields


def post_init_hook(env):
    """Have the last year of products with expiry dates counted again, with them.

    The nightly task writes a year of weeks for a product without any.
    """
    since = fields.Date.today() - timedelta(weeks=52)
    env["coop.shelf.week"].search(
        [
            ("product_id.product_tmpl_id.use_expiration_date", "=", True),
            ("date", ">=", since),
        ]
    ).unlink()
    env["coop.product.forecast"]._forget(env["res.company"].search([]))
