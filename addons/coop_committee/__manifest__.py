# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Committees and Knowledge",
    "summary": "Committees, their meetings, requests, pages of knowledge, skills",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_volunteers", "calendar"],
    "data": [
        "security/ir.model.access.csv",
        "security/coop_committee_rules.xml",
        "data/mail_template_committee_data.xml",
        "data/mail_template_committee_meeting_data.xml",
        "views/coop_committee_views.xml",
        "views/coop_committee_request_views.xml",
        "views/coop_knowledge_page_views.xml",
        "views/coop_committee_menus.xml",
        "views/coop_volunteer_policy_views.xml",
        "views/portal_committee_templates.xml",
        "views/portal_committee_request_templates.xml",
        "views/portal_skills_templates.xml",
        "views/portal_knowledge_templates.xml",
        "views/portal_shift_knowledge_templates.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "coop_committee/static/tests/tours/*.js",
        ],
    },
    "auto_install": ["coop_volunteers"],
}
