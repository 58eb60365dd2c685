# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Tills",
    "summary": "Screen of the distribution day, tills, cash, receipts and returns",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_logistics"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_cash_session_rules.xml",
        "data/mail_template_receipt_data.xml",
        "report/coop_cash_session_templates.xml",
        "report/coop_receipt_templates.xml",
        "views/coop_cash_session_views.xml",
        "views/coop_till_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "coop_till/static/src/till/**/*",
        ],
        "web.assets_tests": [
            "coop_till/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
