# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Lettering of Bank Statements",
    "summary": "Statements imported (CAMT, CFONB, OFX, sheets) find their bills",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": [
        "coop_reconciliation",
        "account_reconcile_oca",
        "account_statement_import_camt",
        "account_statement_import_fr_cfonb",
        "account_statement_import_sheet_file_xlsx",
    ],
    "external_dependencies": {"python": ["ofxparse"]},
    "data": [
        "data/account_statement_import_sheet_mapping_data.xml",
        "wizard/account_statement_import_views.xml",
        "views/account_bank_statement_line_views.xml",
        "views/account_journal_views.xml",
        "views/coop_bank_menus.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "coop_reconciliation_bank/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
