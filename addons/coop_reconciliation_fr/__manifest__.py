# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Lettering in the French FEC",
    "summary": "EcritureLet and DateLet of the FEC from the lettering codes",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_reconciliation", "l10n_fr_account"],
    "data": ["views/account_fr_fec_export_wizard_views.xml"],
    "auto_install": True,
}
