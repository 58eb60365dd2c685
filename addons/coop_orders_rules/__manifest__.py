# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Rules of Ordering",
    "summary": "Who may order, limits, packs to fill and waiting lists",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders_paper"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_order_waiting_rules.xml",
        "data/coop_order_waiting_data.xml",
        "views/coop_order_waiting_views.xml",
        "views/coop_order_window_rules_views.xml",
        "views/res_config_settings_rules_views.xml",
        "views/res_partner_rules_views.xml",
        "views/coop_order_waiting_menus.xml",
        "views/portal_rules_templates.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "coop_orders_rules/static/src/entry_grid_rules/**/*",
        ],
        "web.assets_frontend": [
            "coop_orders_rules/static/src/interactions/*.js",
        ],
    },
    "auto_install": True,
}
