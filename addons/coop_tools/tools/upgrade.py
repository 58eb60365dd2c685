# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From release 19.0.1 to 19.0.2: features became add-ons of their own.

This add-on is new in 19.0.2 and all the others stand on it: its installation is the
first thing that happens when an installed suite is upgraded, before any of its data is
loaded. What belongs to another add-on now changes hands here; the fields, models and
records stay what they are, with all that was entered.
"""

import csv
import logging
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists

_logger = logging.getLogger(__name__)
RELEASE = "19.0.2.0.0"
# Names of records (XML ids) that changed hands: add-on before, add-on now, name.
MOVED = Path(__file__).parent.parent / "data" / "moved_19_0_2.csv"
# Names of releases before this one, as installed add-ons have them.
BEFORE = "19.0.1.%"
# Add-ons of this release that who has another one gets: what it stands on, the add-on.
NEW_ROOMS = (("coop_orders", "coop_orders_donation"),)
# Methods that mails call, by other names now: in a text that a cooperative wrote, too.
RENAMED = {
    "_get_coop_access_url": "_coop_get_access_url",
    "_get_coop_home_contact": "_coop_get_home_contact",
}


def carry(env):
    """Carry an installed suite of release 19.0.1 over; nothing where there is none.

    :raise UserError: not all of its add-ons are being upgraded
    """
    env.cr.execute(
        "SELECT name FROM ir_module_module WHERE state IN ('installed', 'to upgrade')"
        " AND latest_version LIKE %s AND name LIKE 'coop\\_%%'",
        [BEFORE],
    )
    modules = [name for (name,) in env.cr.fetchall()]
    if not modules:
        return
    _check_all_upgraded(env, modules)
    moved = read_moved()
    _free_rules(env.cr, modules)
    _refresh_templates(env, modules)
    _drop_inheriting_views(env.cr, modules)
    _hand_over(env.cr, moved)
    _carry_closures(env.cr)
    env.registry.clear_all_caches()
    _install_rooms(env, modules, moved)


def _check_all_upgraded(env, modules):
    """What moves from one add-on to another needs both: nothing is half done."""
    left = env["ir.module.module"].search(
        [("name", "in", modules), ("state", "!=", "to upgrade")]
    )
    if left:
        raise UserError(
            env._(
                "All of the add-ons of the cooperative are upgraded together:"
                " start Odoo once with -u %(modules)s",
                modules=",".join(sorted(modules)),
            )
        )


def read_moved():
    """``[(add-on before, add-on now, name)]`` of this release."""
    with MOVED.open(newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def _free_rules(cr, modules):
    """Record rules reach every cooperative from now on: they were ``noupdate``."""
    cr.execute(
        "UPDATE ir_model_data SET noupdate = FALSE"
        " WHERE model = 'ir.rule' AND module = ANY(%s)",
        [modules],
    )


def _refresh_templates(env, modules):
    """Mails that nobody touched get their newer text; touched ones are kept, listed.

    A template was never touched if it was last written when, and by whom, it was made:
    by the installation. They are ``noupdate`` again once they are loaded.
    """
    cr = env.cr
    if not column_exists(cr, "mail_template", "coop_kept_release"):
        cr.execute("ALTER TABLE mail_template ADD coop_kept_release varchar")
    cr.execute(
        """
        SELECT data.id, template.id,
            template.write_uid = 1 AND template.write_date = template.create_date
        FROM ir_model_data data JOIN mail_template template ON template.id = data.res_id
        WHERE data.model = 'mail.template' AND data.module = ANY(%s)
        """,
        [modules],
    )
    rows = cr.fetchall()
    fresh = [data_id for data_id, _template_id, untouched in rows if untouched]
    kept = [template_id for _data_id, template_id, untouched in rows if not untouched]
    cr.execute("UPDATE ir_model_data SET noupdate = FALSE WHERE id = ANY(%s)", [fresh])
    # Translations of the text of before are loaded anew with the text.
    cr.execute(
        """
        UPDATE mail_template template
        SET subject = jsonb_build_object('en_US', subject->'en_US'),
            body_html = jsonb_build_object('en_US', body_html->'en_US')
        FROM ir_model_data data
        WHERE data.id = ANY(%s) AND data.res_id = template.id
        """,
        [fresh],
    )
    cr.execute(
        "UPDATE mail_template SET coop_kept_release = %s WHERE id = ANY(%s)",
        [RELEASE, kept],
    )
    _rename_methods(cr, kept)
    if kept:
        _logger.warning(
            "%s mails keep the text that was written here: see Settings, Technical,"
            " Mails with a Newer Text",
            len(kept),
        )


def _rename_methods(cr, template_ids):
    """These mails, in all languages, call methods by their present names."""
    for before, now in RENAMED.items():
        cr.execute(
            """
            UPDATE mail_template
            SET body_html = replace(body_html::text, %(before)s, %(now)s)::jsonb
            WHERE id = ANY(%(ids)s) AND body_html::text LIKE %(within)s
            """,
            {
                "before": before,
                "now": now,
                "ids": template_ids,
                "within": "%" + before.replace("_", r"\_") + "%",
            },
        )


def _drop_inheriting_views(cr, modules):
    """Our views that extend others are made again, each from its own file.

    Else a view would be checked together with what another one said of it before, and
    they would apply in the order of before. Those that somebody extended stay.
    """
    cr.execute(
        """
        WITH RECURSIVE ours AS (
            SELECT view.id, view.inherit_id FROM ir_ui_view view
            JOIN ir_model_data data
                ON data.model = 'ir.ui.view' AND data.res_id = view.id
            WHERE data.module = ANY(%s) AND NOT COALESCE(data.noupdate, FALSE)
        ), kept AS (
            SELECT child.inherit_id AS id FROM ir_ui_view child
            WHERE child.inherit_id IS NOT NULL
              AND child.id NOT IN (SELECT id FROM ours)
            UNION
            SELECT ours.inherit_id FROM ours JOIN kept USING (id)
            WHERE ours.inherit_id IS NOT NULL
        )
        SELECT ours.id FROM ours
        WHERE ours.inherit_id IS NOT NULL
          AND ours.id NOT IN (SELECT id FROM kept WHERE id IS NOT NULL)
        """,
        [modules],
    )
    ids = [view_id for (view_id,) in cr.fetchall()]
    cr.execute(
        "DELETE FROM ir_model_data WHERE model = 'ir.ui.view' AND res_id = ANY(%s)",
        [ids],
    )
    deleted = True
    while deleted:  # the outermost first
        cr.execute(
            "DELETE FROM ir_ui_view view WHERE id = ANY(%s) AND NOT EXISTS"
            " (SELECT FROM ir_ui_view child WHERE child.inherit_id = view.id)",
            [ids],
        )
        deleted = cr.rowcount


def _hand_over(cr, moved):
    """Records, models and fields belong to the add-ons that hold them now."""
    for before, now in {(before, now) for before, now, _name in moved}:
        names = [name for old, new, name in moved if (old, new) == (before, now)]
        cr.execute(
            """
            UPDATE ir_model_data data SET module = %(now)s
            WHERE module = %(before)s AND name = ANY(%(names)s)
              AND NOT EXISTS (
                  SELECT FROM ir_model_data other
                  WHERE other.module = %(now)s AND other.name = data.name
              )
            """,
            {"now": now, "before": before, "names": names},
        )


def _carry_closures(cr):
    """Days without shifts became the cooperative's closed days, whoever enters them."""
    if not table_exists(cr, "coop_shift_closure"):
        return
    if not table_exists(cr, "coop_closed_day"):
        cr.execute("ALTER TABLE coop_shift_closure RENAME TO coop_closed_day")
        cr.execute(
            "ALTER SEQUENCE IF EXISTS coop_shift_closure_id_seq"
            " RENAME TO coop_closed_day_id_seq"
        )
        before = "coop_collection_point_coop_shift_closure_rel"
        now = "coop_closed_day_coop_collection_point_rel"
        if table_exists(cr, before):
            names = SQL.identifier(before), SQL.identifier(now)
            cr.execute(SQL("ALTER TABLE %s RENAME TO %s", *names))
            cr.execute(
                SQL(
                    "ALTER TABLE %s RENAME COLUMN coop_shift_closure_id"
                    " TO coop_closed_day_id",
                    names[1],
                )
            )
        cr.execute("ALTER TABLE coop_closed_day ADD no_shift boolean")
        cr.execute("UPDATE coop_closed_day SET no_shift = TRUE")
    else:
        cr.execute(
            """
            INSERT INTO coop_closed_day (name, company_id, date_from, date_to,
                create_uid, create_date, write_uid, write_date)
            SELECT closure.name, closure.company_id, closure.date_from, closure.date_to,
                closure.create_uid, closure.create_date, closure.write_uid,
                closure.write_date
            FROM coop_shift_closure closure
            WHERE NOT EXISTS (
                SELECT FROM coop_closed_day day
                WHERE day.company_id = closure.company_id
                  AND day.date_from = closure.date_from
                  AND day.date_to = closure.date_to
            )
            """
        )
        cr.execute("DROP TABLE coop_shift_closure CASCADE")
    cr.execute(
        "DELETE FROM ir_model_data WHERE name LIKE '%coop_shift_closure%'"
        " AND module = 'coop_volunteers' AND model IN ('ir.rule', 'ir.model.access')"
    )


def _install_rooms(env, modules, moved):
    """Who had a feature keeps it: its add-on is installed with the others."""
    rooms = {now for before, now, _name in moved if before in modules} - set(modules)
    rooms |= {room for base, room in NEW_ROOMS if base in modules}
    env["ir.module.module"].search(
        [("name", "in", sorted(rooms)), ("state", "=", "uninstalled")]
    ).button_install()


def settle(cr):
    """Once all is loaded: the mails belong to their cooperative again."""
    cr.execute(
        "UPDATE ir_model_data SET noupdate = TRUE"
        " WHERE model = 'mail.template' AND module LIKE 'coop\\_%'"
    )
