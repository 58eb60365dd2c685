# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Orders on Paper",
    "summary": "Order forms on paper and in sheets, and the grid to key them in",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_order_form_rules.xml",
        "report/paper_order_form_reports.xml",
        "report/paper_order_form_templates.xml",
        "data/mail_template_form_data.xml",
        "views/coop_order_form_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "coop_orders_paper/static/tests/tours/**/*",
        ],
        "web.assets_backend": [
            "coop_orders_paper/static/src/entry_grid/**/*",
        ],
    },
    "auto_install": True,
}
