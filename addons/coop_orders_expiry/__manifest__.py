# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Expiry Dates and Purchase Planner",
    "summary": "What goes off is no stock to count on, and a loss on the day it does",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_purchase_planner", "product_expiry"],
    "data": ["views/coop_shelf_week_views.xml"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
