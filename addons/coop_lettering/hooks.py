# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
CHUNK = 1000


def post_init_hook(env):
    """Give their codes to the reconciliations made before this add-on, oldest first, so
    that a journal or a FEC of last year is lettered like this year's."""
    fulls = env["account.full.reconcile"].search([], order="id")
    for start in range(0, len(fulls), CHUNK):
        env["coop.lettering.code"]._assign(fulls[start : start + CHUNK])
        env.flush_all()
        env.invalidate_all()


def uninstall_hook(env):
    """Odoo's own groups as they were before somebody asked for them."""
    env["res.groups"]._offer_accounting(False)
