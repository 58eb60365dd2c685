# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Producers' Minimums",
    "summary": "What becomes of orders under a producer's minimum, and of early ones",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders"],
    "data": [
        "security/ir.model.access.csv",
        "data/mail_template_early_data.xml",
        "data/mail_template_extended_data.xml",
        "data/mail_template_give_up_data.xml",
        "views/coop_order_window_decide_views.xml",
        "views/coop_order_window_early_views.xml",
        "views/coop_order_window_give_up_views.xml",
        "wizard/coop_order_minimum_views.xml",
    ],
    "auto_install": True,
}
