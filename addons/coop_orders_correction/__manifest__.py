# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Corrections of Orders",
    "summary": "Orders corrected after the closing, new prices, reopened windows",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders_producer"],
    "data": [
        "security/ir.model.access.csv",
        "data/mail_template_closing_data.xml",
        "data/mail_template_price_data.xml",
        "wizard/coop_offer_reprice_views.xml",
        "views/coop_order_window_reopen_views.xml",
        "wizard/coop_order_correction_views.xml",
        "wizard/coop_order_reopen_views.xml",
    ],
    "auto_install": True,
}
