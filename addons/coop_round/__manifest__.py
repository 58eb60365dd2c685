# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Rounds",
    "summary": "Rounds of vehicles, their stops, and baskets brought home",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_till", "stock_fleet"],
    "external_dependencies": {"python": ["pyvrp"]},
    "data": [
        "security/ir.model.access.csv",
        "security/coop_round_rules.xml",
        "data/mail_template_home_data.xml",
        "report/coop_round_templates.xml",
        "wizard/coop_round_plan_views.xml",
        "views/coop_round_views.xml",
        "views/portal_round_templates.xml",
        "views/portal_round_home_templates.xml",
        "views/home_delivery_views.xml",
        "views/portal_home_delivery_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "coop_round/static/src/scss/portal_round.scss",
            "coop_round/static/src/interactions/*.js",
        ],
        "web.assets_tests": [
            "coop_round/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
