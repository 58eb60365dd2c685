# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Volunteers of a Distribution",
    "summary": "Calls for a distribution day; who helps there, read from the shifts",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_round", "coop_volunteers"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_distribution_call_rules.xml",
        "data/mail_template_distribution_call_data.xml",
        "views/coop_preparation_step_views.xml",
        "views/coop_distribution_views.xml",
        "views/coop_distribution_call_views.xml",
        "views/portal_call_templates.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "coop_logistics_volunteers/static/tests/tours/*.js",
        ],
    },
    "auto_install": True,
}
