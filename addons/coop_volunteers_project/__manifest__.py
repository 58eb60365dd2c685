# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Committees and Projects",
    "summary": "Current projects of the committees, in the open",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_committee", "project"],
    "data": [
        "views/project_project_views.xml",
        "views/portal_templates.xml",
    ],
    "auto_install": True,
}
