"""Erasing somebody, all add-ons installed: no word of theirs is left in any table."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

CANARY = "kanari"
NAME = "Ondine Kanarivelle"
EMAIL = "ondine.kanari@example.com"
PHONE = "06 41 42 43 44"
# Fields of the card whose values have a form of their own.
FORMS = {
    "invoice_edi_format_store",
    "lang",
    "tz",
    "vat",
    "company_registry",
    "barcode",
    "coop_number",
    "type",
}


@tagged("post_install", "-at_install")
class TestErasing(CoopOrdersCommon):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As in a cooperative at work: histories are written.
        cls.env = cls.env(
            context={
                **cls.env.context,
                "mail_notrack": False,
                "mail_create_nolog": False,
                "tracking_disable": False,
            }
        )
        cls.manager = new_test_user(
            cls.env, "erasing_manager", "coop_base.coop_base_group_manager"
        )
        cls.person = cls.member.with_env(cls.env)
        cls.person.write({"name": NAME, "email": EMAIL, "phone": PHONE})
        cls.window.action_open()
        cls.order = cls._order(cls.window, cls.person, {0: 2}).with_env(cls.env)

    def _fill(self, record):
        """A canary in every text that somebody may write on this record."""
        for name, field in record._fields.items():
            if (
                field.type in ("char", "text", "html")
                and field.store
                and not field.compute
                and not field.related
                and name not in FORMS | {"name", "email", "phone"}
            ):
                try:
                    with self.env.cr.savepoint():
                        record.write({name: f"{CANARY} {name}"})
                        record.flush_recordset()
                except (UserError, ValueError):
                    continue

    def _own_records(self):
        """One record of each model that is somebody's own, with a canary in it."""
        env, person = self.env, self.person
        committee = env["coop.committee"].create(
            {"name": "Jardin", "purpose": "Cultiver"}
        )
        leave_type = env["coop.member.leave.type"].search([], limit=1)
        today = self.company._coop_get_today()
        wanted = {
            "coop.committee.request": {
                "committee_id": committee.id,
                "description": CANARY,
            },
            "coop.committee.hours": {
                "committee_id": committee.id,
                "hours": 1,
                "note": CANARY,
                "date": today,
            },
            "coop.member.leave": {
                "type_id": leave_type.id,
                "date_from": today,
                "date_to": today,
            },
        }
        for model, values in wanted.items():
            known = {k: v for k, v in values.items() if k in env[model]._fields}
            record = env[model].create({"member_id": person.id, **known})
            self._fill(record)
            if "message_ids" in record._fields:
                record.message_post(body=f"{NAME} {CANARY}", author_id=person.id)
            env["ir.attachment"].create(
                {
                    "name": f"{CANARY}.txt",
                    "raw": CANARY.encode(),
                    "res_model": model,
                    "res_id": record.id,
                }
            )

    def _found(self, *terms):
        """``[(table, column)]`` that still hold one of the terms."""
        self.env.flush_all()
        columns = self.env.execute_query(
            SQL(
                """SELECT c.table_name, c.column_name
                     FROM information_schema.columns c
                     JOIN information_schema.tables t USING (table_schema, table_name)
                    WHERE c.table_schema = current_schema()
                      AND t.table_type = 'BASE TABLE'
                      AND c.data_type IN ('text', 'character varying', 'jsonb')"""
            )
        )
        return [
            (table, column)
            for table, column in columns
            if self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s WHERE %s LIMIT 1",
                    SQL.identifier(table),
                    SQL(" OR ").join(
                        SQL("%s::text ILIKE %s", SQL.identifier(column), f"%{term}%")
                        for term in terms
                    ),
                )
            )
        ]

    def _erase(self):
        person = self.person.with_user(self.manager)
        action = person.action_coop_privacy_erase()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.understood = True
        wizard.action_erase()

    def test_refused_while_something_is_due(self):
        with self.assertRaisesRegex(UserError, self.order.name):
            self._erase()
        self.assertEqual(self.person.name, NAME)

    def test_no_word_is_left(self):
        self._fill(self.person)
        self.person.write(
            {
                "street": f"1 rue {CANARY}",
                "child_ids": [Command.create({"name": f"Parent {CANARY}"})],
            }
        )
        self.order.write({"coop_note": f"{CANARY} au portail"})
        self._own_records()
        # Whoever speaks of them, elsewhere; a history of what the card was.
        self.window.message_post(body=f"Appeler {NAME} au {PHONE}")
        self.person.message_post(body=f"{CANARY} a appelé")
        self.person.write({"email": f"autre.{CANARY}@example.com"})
        self.env["bus.bus"]._sendone("test", "notice", {"text": f"{NAME} arrive"})
        self.env.flush_all()
        self.order._coop_cancel()
        self.assertGreater(len(self._found(CANARY)), 10)
        self._erase()
        self.assertEqual(self._found(CANARY, "41424344", PHONE), [])
