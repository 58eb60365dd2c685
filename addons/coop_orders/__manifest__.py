{
    "name": "Coop: Orders",
    "summary": "Order windows, member orders, purchase orders and fair sharing",
    "version": "19.0.1.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_base", "purchase_stock", "sale_management", "sale_stock"],
    "data": [
        "security/coop_orders_groups.xml",
        "security/ir.model.access.csv",
        "security/coop_orders_rules.xml",
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "report/purchase_order_reports.xml",
        "report/purchase_order_templates.xml",
        "data/mail_template_data.xml",
        "views/sale_order_views.xml",
        "views/coop_order_window_template_views.xml",
        "views/coop_order_offer_views.xml",
        "views/coop_distribution_views.xml",
        "views/coop_order_window_views.xml",
        "views/coop_menus.xml",
        "views/portal_templates.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "coop_orders/static/tests/tours/**/*",
        ],
        "web.assets_backend": [
            "coop_orders/static/src/entry_grid/**/*",
        ],
        "web.assets_frontend": [
            "coop_orders/static/src/scss/window.scss",
            "coop_orders/static/src/interactions/window.js",
        ],
    },
}
