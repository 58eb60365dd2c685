# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Producers' Pages",
    "summary": "Producers answer orders and keep their catalogue on pages of their own",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_orders_producer_rules.xml",
        "security/coop_producer_helper_rules.xml",
        "report/producer_delivery_note_reports.xml",
        "report/producer_delivery_note_templates.xml",
        "data/mail_template_helper_data.xml",
        "data/mail_template_shortage_data.xml",
        "views/purchase_order_confirm_views.xml",
        "views/producer_templates.xml",
        "views/producer_catalogue_templates.xml",
        "views/producer_delivery_templates.xml",
        "views/producer_helper_templates.xml",
        "views/res_partner_helper_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "coop_orders_producer/static/tests/tours/**/*",
        ],
        "web.assets_frontend": [
            "coop_orders_producer/static/src/scss/producer.scss",
        ],
    },
    "auto_install": True,
}
