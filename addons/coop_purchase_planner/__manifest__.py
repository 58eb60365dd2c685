# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Purchase Planner",
    "summary": "Forecasts of sales and what to order from each producer",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders_producer"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_purchase_plan_rules.xml",
        "data/ir_cron_forecast_data.xml",
        "data/mail_template_plan_data.xml",
        "views/coop_purchase_plan_views.xml",
        "views/coop_purchase_plan_line_views.xml",
        "views/coop_shelf_week_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "coop_purchase_planner/static/tests/tours/**/*",
        ],
        "web.assets_backend": [
            "coop_purchase_planner/static/src/forecast_chart/**/*",
            "coop_purchase_planner/static/src/sparkline/**/*",
        ],
    },
    "auto_install": True,
}
