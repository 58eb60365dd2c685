# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Account of Donations",
    "summary": "Donations of members wait on an account of third parties",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders"],
    "data": ["views/res_config_settings_views.xml"],
    "auto_install": True,
}
