# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Tools",
    "summary": "What the other add-ons stand on; carries installed ones over",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["mail"],
    "data": ["views/mail_template_views.xml"],
    "oca_data_manual": ["data/moved_19_0_2.csv"],
    "pre_init_hook": "pre_init_hook",
}
