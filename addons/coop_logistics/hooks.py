# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def post_init_hook(env):
    """Till journals for companies that keep accounts."""
    env["res.company"].search(
        [("chart_template", "!=", False)]
    )._coop_create_payment_journals()


def uninstall_hook(env):
    """The list of distributions that this add-on replaces is in the menu again."""
    menu = env.ref("coop_orders.coop_menu_distributions", raise_if_not_found=False)
    if menu:
        menu.active = True
