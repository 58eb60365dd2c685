# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Recurring Order Windows",
    "summary": "Order windows made ahead from a model, again and again",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders_decision"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_orders_recurring_rules.xml",
        "data/ir_cron_template_data.xml",
        "views/coop_order_window_template_views.xml",
        "views/coop_order_window_template_menus.xml",
        "views/coop_order_window_template_notice_views.xml",
        "views/coop_order_window_template_supplier_views.xml",
    ],
    "auto_install": True,
}
