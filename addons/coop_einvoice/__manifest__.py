# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "E-invoices Read without Loss",
    "summary": "Factur-X, CII and UBL bills: totals to the cent, references kept",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_tools", "account_edi_ubl_cii"],
    "data": [
        "security/coop_einvoice_security.xml",
        "security/ir.model.access.csv",
        "views/account_move_views.xml",
        "views/res_config_settings_views.xml",
    ],
}
