# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def uninstall_hook(env):
    """The units have as many decimals as before the setting "Weigh to the Gram"."""
    env["decimal.precision"]._coop_forget_gram()
