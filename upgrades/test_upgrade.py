"""The last release's demonstration, upgraded, beside a database made today.

Run by `./coop test --upgrade`, on the upgraded database.
"""

import re

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from devtools import settings
from devtools.upgrade import RELEASE_DB

OURS = "(data.module LIKE 'coop\\_%' OR data.module = 'stock_delivery_bulk')"
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable
    FROM information_schema.columns WHERE table_schema = 'public'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
      AND conrelid::regclass::text LIKE 'coop%'
"""
INDEXES = """
    SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
    FROM pg_indexes WHERE schemaname = 'public' AND tablename LIKE 'coop%'
"""
NAMES = f"""
    SELECT data.module, data.name, data.model, COALESCE(data.noupdate, FALSE)
    FROM ir_model_data data WHERE {OURS} AND data.module <> 'coop_demo'
      AND data.name NOT LIKE 'model_inherit__%'
"""
RULES = f"""
    SELECT data.module, data.name, model.model, rule.domain_force, rule.perm_read,
        rule.perm_write, rule.perm_create, rule.perm_unlink, rule.active,
        (SELECT count(*) FROM rule_group_rel rel WHERE rel.rule_group_id = rule.id)
    FROM ir_rule rule JOIN ir_model model ON model.id = rule.model_id
    JOIN ir_model_data data ON data.model = 'ir.rule' AND data.res_id = rule.id
    WHERE {OURS}
"""
ACCESS = f"""
    SELECT data.module, data.name, model.model, access.perm_read, access.perm_write,
        access.perm_create, access.perm_unlink
    FROM ir_model_access access JOIN ir_model model ON model.id = access.model_id
    JOIN ir_model_data data
        ON data.model = 'ir.model.access' AND data.res_id = access.id
    WHERE {OURS}
"""
VIEWS = f"""
    SELECT data.module, data.name, view.mode, view.priority, view.active,
        view.arch_db->>'en_US'
    FROM ir_ui_view view
    JOIN ir_model_data data ON data.model = 'ir.ui.view' AND data.res_id = view.id
    WHERE {OURS}
"""
MAILS = f"""
    SELECT data.module, data.name, template.subject->>'en_US',
        template.body_html->>'en_US', template.body_html->>'fr_FR'
    FROM mail_template template
    JOIN ir_model_data data
        ON data.model = 'mail.template' AND data.res_id = template.id
    WHERE {OURS}
"""
CRONS = f"""
    SELECT data.module, data.name, action.code, cron.interval_number,
        cron.interval_type, cron.active
    FROM ir_cron cron
    JOIN ir_act_server action ON action.id = cron.ir_actions_server_id
    JOIN ir_model_data data ON data.model = 'ir.cron' AND data.res_id = cron.id
    WHERE {OURS}
"""
MODULES = """
    SELECT name, latest_version, state FROM ir_module_module
    WHERE name LIKE 'coop\\_%' OR name = 'stock_delivery_bulk'
"""
# What the members, the producers and the accountants have, to the cent.
FIGURES = {
    "orders": "SELECT count(*), sum(amount_total), min(state), max(state)"
    " FROM sale_order",
    "lines": "SELECT count(*), sum(product_uom_qty), sum(quantity_allocated),"
    " sum(price_total), count(offer_id), count(order_window_id) FROM sale_order_line",
    "offers": "SELECT count(*), sum(price_unit), sum(quantity_to_order)"
    " FROM coop_order_offer",
    "bills": "SELECT move_type, state, count(*), sum(amount_total) FROM account_move"
    " GROUP BY 1, 2 ORDER BY 1, 2",
    "lettered": "SELECT count(*), sum(debit), sum(amount_residual),"
    " count(full_reconcile_id) FROM account_move_line",
    "goods": "SELECT count(*), sum(quantity) FROM stock_quant",
    "people": "SELECT count(*), count(coop_group_id), count(collection_point_id)"
    " FROM res_partner",
    "shifts": "SELECT count(*), min(start_at), max(end_at) FROM coop_shift",
    "registrations": "SELECT state, count(*) FROM coop_shift_registration"
    " GROUP BY 1 ORDER BY 1",
    "ledger": "SELECT count(*), sum(points) FROM coop_shift_ledger",
    "claims": "SELECT state, count(*) FROM coop_supplier_claim GROUP BY 1 ORDER BY 1",
    "history": "SELECT 'rows', count(*) FROM coop_order_change",
}


def read(cr, query):
    cr.execute(query)
    return cr.fetchall()


@tagged("post_install", "-at_install")
class TestUpgrade(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = db_connect(settings.SUITE_DB).cursor()
        cls.addClassCleanup(cls.fresh.close)
        cls.before = db_connect(RELEASE_DB).cursor()
        cls.addClassCleanup(cls.before.close)

    def _compare(self, query, clean=tuple):
        upgraded = {clean(row) for row in read(self.env.cr, query)}
        fresh = {clean(row) for row in read(self.fresh, query)}
        self.assertTrue(fresh)
        self.assertFalse(sorted(map(repr, upgraded - fresh)), "only after the upgrade")
        self.assertFalse(sorted(map(repr, fresh - upgraded)), "only in a new database")

    def test_add_ons(self):
        self._compare(MODULES)

    def test_tables(self):
        self._compare(COLUMNS)
        self._compare(CONSTRAINTS)
        self._compare(INDEXES)

    def test_owners_of_records(self):
        self._compare(NAMES)

    def test_rules_and_access(self):
        self._compare(RULES)
        self._compare(ACCESS)

    def test_views(self):
        def without_numbers(row):
            # A button of an action has its number.
            return (*row[:-1], re.sub(r"name=[\"']\d+[\"']", "", row[-1]))

        self._compare(VIEWS, without_numbers)

    def test_mails(self):
        self._compare(MAILS)

    def test_scheduled_actions(self):
        self._compare(CRONS)

    def test_nothing_that_was_entered_changed(self):
        for name, query in FIGURES.items():
            with self.subTest(name):
                before = read(self.before, query)
                self.assertTrue(before[0][0])
                self.assertEqual(read(self.env.cr, query), before)
