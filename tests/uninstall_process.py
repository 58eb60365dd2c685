"""Installs add-ons, opens their menus, upgrades and uninstalls them; says what is left.

Run by test_uninstall.py in an Odoo process of its own: ``python -m
tests.uninstall_process DATABASE MODULE,MODULE``; writes one JSON object: ``{"left":
[text], "faults": [text], "opened": number of menus}``.
"""

import contextlib
import json
import re
import sys
import traceback

from lxml import etree

# What Odoo itself writes whenever modules come and go.
KEEPS = {
    # Journals and their accounts: a company's books are never deleted with an add-on.
    "account_account",
    "account_account_res_company_rel",
    "account_journal",
    "account_payment_method_line",
    "bus_bus",
    "ir_attachment",
    "ir_cron_trigger",
    "ir_logging",
    "ir_model_constraint",
    "ir_model_data",  # by name, below
    "ir_module_module",
    "ir_module_module_dependency",
    "ir_module_module_exclusion",
    "mail_message",
    "module_country",
    "orm_signaling_registry",
    "product_value",  # stock_account keeps the prices of products that are gone
    "res_users_log",
}
# Records that add-ons are named by, so that a message says which one stays.
NAMED = {
    "ir_config_parameter": "key",
    "ir_cron": "cron_name",
    "ir_model": "model",
    "ir_model_data": "module || '.' || name",
    "ir_ui_view": "name",
    "res_groups": "name->>'en_US'",
    "decimal_precision": "name || ' ' || digits",
    "uom_uom": "(name->>'en_US') || ' ' || rounding",
}


# Names that Odoo gives in its own modules to what ours inherits, in base to modules.
ODOO_NAMES = re.compile(
    r"ir_model_data ((?!coop_)\w+\.(model_inherit|selection)__|base\.module_"
    r"|account\.\d+_\w+_journal_default_account_)"
)


def snapshot(cr):
    """Everything that a database has: texts, and how many rows each table holds."""
    cr.execute(
        "SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c"
        " WHERE c.table_schema = 'public'"
    )
    found, rows = {f"column {name}" for (name,) in cr.fetchall()}, {}
    cr.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    tables = {name for (name,) in cr.fetchall()}
    for table in sorted(tables - KEEPS):
        cr.execute(f'SELECT count(*) FROM "{table}"')  # a name of the catalogue
        rows[table] = cr.fetchone()[0]
    columns = {name.removeprefix("column ") for name in found}
    for table, expression in NAMED.items():
        if table == "uom_uom" and "uom_uom.rounding" not in columns:
            continue
        cr.execute(f'SELECT {expression} FROM "{table}"')
        found |= {f"{table} {name}" for (name,) in cr.fetchall()}
    return {text for text in found if not ODOO_NAMES.match(text)}, rows


def compare(before, after):
    """What there is now and was not, sorted."""
    more = [
        f"rows of {table}: {count}, were {before[1].get(table, 0)}"
        for table, count in after[1].items()
        if count > before[1].get(table, 0)
    ]
    return sorted(after[0] - before[0]) + sorted(more)


def open_menus(env, user, menus):
    """Load what each of the menus opens, as the web client does.

    :return: faults (list of text) and the number of menus that were opened
    """
    faults, opened = [], 0
    env = env(user=user, su=False)
    for menu in env["ir.ui.menu"].search([("id", "in", menus)]):
        action = menu.sudo().action
        if not action or action._name != "ir.actions.act_window":
            continue
        model = env.get(action.res_model)
        if model is None or not model.has_access("read"):
            continue
        views = [(view.get("id"), kind) for view, kind in _views_of(action)]
        savepoint = env.cr.savepoint(flush=False)
        try:
            found = model.get_views(views, {"load_filters": True})
            for view in found["views"].values():
                root = etree.fromstring(view["arch"])
                if root.tag == "list":
                    model.search_read([], root.xpath("./field/@name"), limit=2)
            opened += 1
        except Exception:
            faults.append(f"{menu.complete_name}\n{traceback.format_exc()}")
        finally:
            savepoint.close(rollback=True)
    return faults, opened


def _views_of(action):
    for view, kind in action.views:
        if kind in ("list", "form", "kanban", "calendar", "pivot", "graph"):
            yield {"id": view}, kind


def main():
    database, names = sys.argv[1], sys.argv[2].split(",")
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests import new_test_user

    from devtools import odoo_build

    odoo_build.configure(database, alone=True)
    registry = Registry(database)
    with registry.cursor() as cr:
        cr.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        already = {name for (name,) in cr.fetchall()}
        before = snapshot(cr)
    registry = Registry.new(database, update_module=True, install_modules=names)
    with contextlib.closing(registry.cursor()) as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        user = new_test_user(env, "ordinary", "base.group_user", lang="fr_FR")
        modules = env["ir.module.module"].search([("state", "=", "installed")])
        new = set(modules.mapped("name")) - already
        menus = env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "in", sorted(new))]
        )
        menus = menus.mapped("res_id")
        faults, opened = open_menus(env, user, menus)
        more, administrator = open_menus(env, env.ref("base.user_admin"), menus)
        cr.rollback()
    registry = Registry.new(database, update_module=True, upgrade_modules=names)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        added = env["ir.module.module"].search(
            [("state", "=", "installed"), ("name", "not in", sorted(already))]
        )
        added.button_immediate_uninstall()
    with Registry(database).cursor() as cr:
        left = compare(before, snapshot(cr))
    json.dump(
        {
            "left": left,
            "faults": faults + more,
            "opened": opened + administrator,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
