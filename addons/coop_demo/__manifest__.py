# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Demo Cooperative",
    "summary": "Emplettes du Toulois: a finished month and an open window",
    "version": "19.0.1.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": [
        "coop_logistics",
        "coop_logistics_volunteers",
        "coop_pdf",
        "coop_reconciliation_bank",
        "coop_reconciliation_fr",
        "coop_volunteers_project",
        "web_tour",
    ],
    "external_dependencies": {"python": ["freezegun"]},
    "data": ["security/ir.model.access.csv"],
    "oca_data_manual": [
        "data/points.csv",
        "data/producers.csv",
        "data/products.csv",
    ],
    "post_init_hook": "post_init_hook",
}
