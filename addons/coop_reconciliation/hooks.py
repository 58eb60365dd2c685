# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def uninstall_hook(env):
    """Odoo's own groups as they were before ``coop_reconciliation_accountant.xml``."""
    user = env.ref("account.group_account_user")
    (user | env.ref("account.group_account_readonly")).privilege_id = False
    env.ref("account.group_account_manager").implied_ids -= user
