# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Supplier Scorecard",
    "summary": "Fill rate, on time, prices and claims by supplier",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_reconciliation"],
    "data": [
        "security/coop_supplier_score_security.xml",
        "security/ir.model.access.csv",
        "views/coop_supplier_score_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "coop_supplier_score/static/src/supplier_score/**/*",
        ],
        "web.assets_tests": [
            "coop_supplier_score/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
