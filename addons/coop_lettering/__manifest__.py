# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Lettering",
    "summary": "Open items and bank transactions lettered by rules, with codes",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_tools", "account"],
    "data": [
        "security/coop_lettering_security.xml",
        "security/ir.model.access.csv",
        "data/coop_lettering_rule_data.xml",
        "data/ir_cron_data.xml",
        "views/account_move_line_views.xml",
        "views/coop_lettering_rule_views.xml",
        "views/coop_lettering_run_views.xml",
        "views/coop_lettering_confirm_views.xml",
        "views/coop_lettering_code_views.xml",
        "views/coop_lettering_work_views.xml",
        "views/coop_lettering_menus.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "coop_lettering/static/src/keyboard_list/**/*",
            "coop_lettering/static/src/lettering_list/**/*",
        ],
        "web.assets_tests": [
            "coop_lettering/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
