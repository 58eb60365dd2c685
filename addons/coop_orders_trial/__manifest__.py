# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Trial Orders",
    "summary": "A coordinator tries an order window as a member",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders_rules"],
    "data": [
        "security/ir.model.access.csv",
        "views/coop_order_trial_views.xml",
    ],
    "auto_install": True,
}
