# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Point of Sale and Purchase Planner",
    "summary": "Sales of each day and customers of each hour, from the point of sale",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_purchase_planner", "point_of_sale", "pos_sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_footfall_report_rules.xml",
        "report/coop_footfall_report_views.xml",
    ],
    "auto_install": ["coop_purchase_planner", "point_of_sale"],
}
