# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def uninstall_hook(env):
    """OCA's own menus come back in place of ours."""
    for xmlid in (
        "account_statement_import_file.account_statement_import_menu",
        "account_reconcile_oca.account_account_reconcile_menu",
    ):
        if menu := env.ref(xmlid, raise_if_not_found=False):
            menu.active = True
