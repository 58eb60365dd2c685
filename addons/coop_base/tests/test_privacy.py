# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import json
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CoopCommon


@tagged("post_install", "-at_install")
class TestPrivacy(CoopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.member
        cls.person.write(
            {
                "name": "Zélie Quatrevents",
                "email": "zelie.quatrevents@example.com",
                "phone": "06 98 76 54 32",
                "street": "7 impasse des Mirabelliers",
            }
        )
        cls.user_member.login = "zelie.quatrevents@example.com"
        manager = cls.env(user=cls.user_manager)
        wizard = manager["coop.membership.register"].create(
            {"partner_ids": cls.person.ids}
        )
        cls.person.free_member = False
        wizard.action_register()
        cls.move = cls.person.member_line_ids.account_invoice_id
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": cls.person.id,
                "acc_holder_name": "Zélie Quatrevents",
            }
        )
        cls.person.message_post(body="Zélie a appelé")
        cls.env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"zelie",
                "res_model": "res.partner",
                "res_id": cls.person.id,
            }
        )
        cls.group_toul.message_subscribe(cls.person.ids)
        cls.group_toul.message_post(
            body="Rappeler Zélie Quatrevents au +33 6 98 76 54 32",
            author_id=cls.person.id,
            email_from='"Zélie Quatrevents" <zelie.quatrevents@example.com>',
        )
        cls.env["mail.mail"].create(
            {
                "subject": "Bonjour Zélie Quatrevents",
                "email_to": "zelie.quatrevents@example.com",
                "body_html": "<p>Zélie Quatrevents</p>",
                "recipient_ids": [(4, cls.person.id)],
            }
        )
        cls.env["mail.activity"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("coop.group"),
                "res_id": cls.group_toul.id,
                "summary": "Appeler Zélie Quatrevents",
                "user_id": cls.user_referent.id,
            }
        )

    def _erase(self):
        person = self.person.with_user(self.user_manager).with_context(lang="fr_FR")
        action = person.action_coop_privacy_erase()
        wizard = person.env[action["res_model"]]
        wizard = wizard.browse(action["res_id"])
        before = wizard.line_ids.mapped(lambda l: (l.what, l.count, l.outcome))  # noqa: E741
        wizard.understood = True
        wizard.action_erase()
        return wizard, before

    def _found_in_database(self, *terms):
        """Every text column of every table that still holds one of the terms."""
        self.env.flush_all()
        columns = self.env.execute_query(
            SQL(
                """SELECT c.table_name, c.column_name
                     FROM information_schema.columns c
                     JOIN information_schema.tables t USING (table_schema, table_name)
                    WHERE c.table_schema = current_schema()
                      AND t.table_type = 'BASE TABLE'
                      AND c.data_type IN ('text', 'character varying', 'jsonb')
                      AND c.table_name NOT LIKE 'coop_privacy_erase%%'"""
            )
        )
        found = []
        for table, column in columns:
            for term in terms:
                [[count]] = self.env.execute_query(
                    SQL(
                        "SELECT count(*) FROM %s WHERE %s::text ILIKE %s",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        f"%{term}%",
                    )
                )
                if count:
                    found.append((table, column, term, count))
        return found

    def test_erased_everywhere(self):
        self.assertTrue(self._found_in_database("quatrevents"))
        self._erase()
        self.assertEqual(
            self._found_in_database(
                "quatrevents",
                "98 76 54 32",
                "98765432",
                "Mirabelliers",
                "1234567890189",
            ),
            [],
        )

    def test_accounting_survives(self):
        lines = self.move.line_ids.mapped(lambda l: (l.account_id, l.balance))  # noqa: E741
        name, hashed = self.move.name, self.move.inalterable_hash
        self._erase()
        self.assertEqual((self.move.state, self.move.name), ("posted", name))
        self.assertEqual(self.move.inalterable_hash, hashed)
        self.assertEqual(
            self.move.line_ids.mapped(lambda l: (l.account_id, l.balance)),  # noqa: E741
            lines,
        )
        self.assertEqual(self.move.partner_id, self.person)
        self.assertIn("effacée", self.person.name)

    def test_account_is_closed(self):
        self._erase()
        user = self.user_member.with_context(active_test=False)
        self.assertFalse(user.active)
        self.assertNotIn("@", user.login)
        self.assertFalse(self.person.active)
        self.assertFalse(self.bank.active)
        self.assertFalse(self.bank.acc_holder_name)
        self.assertNotIn(self.person, self.group_toul.message_partner_ids)

    def test_only_an_erased_account_is_not_warned(self):
        """Whoever changes somebody's password cannot silence the warning."""
        user = self.user_member.with_context(coop_erasing=True)
        self.assertTrue(user._notify_security_setting_update("Alerte", "Changement"))
        self._erase()
        self.assertFalse(user._notify_security_setting_update("Alerte", "Changement"))

    def test_what_is_announced_is_done(self):
        wizard, before = self._erase()
        after = wizard.line_ids.mapped(lambda l: (l.what, l.count, l.outcome))  # noqa: E741
        self.assertEqual(after, before)
        self.assertIn("keep", {"keep", *wizard.line_ids.mapped("outcome")})

    def test_preview_changes_nothing(self):
        self.person.with_user(self.user_manager).action_coop_privacy_erase()
        self.assertEqual(self.person.name, "Zélie Quatrevents")
        self.assertTrue(self.bank.exists())

    def test_the_box_must_be_ticked(self):
        action = self.person.with_user(self.user_manager).action_coop_privacy_erase()
        wizard = self.env["coop.privacy.erase"].with_user(self.user_manager)
        with self.assertRaises(UserError):
            wizard.browse(action["res_id"]).action_erase()
        self.assertEqual(self.person.name, "Zélie Quatrevents")

    def test_not_while_something_is_owed(self):
        self.env["coop.membership.register"].with_user(self.user_manager).create(
            {"partner_ids": self.person.ids, "paid": False}
        ).action_register()
        with self.assertRaisesRegex(UserError, "Zélie"):
            self.person.with_user(self.user_manager).action_coop_privacy_erase()

    def test_not_a_colleague(self):
        with self.assertRaises(UserError):
            self.user_referent.partner_id.with_user(
                self.user_manager
            ).action_coop_privacy_erase()

    def test_only_a_manager(self):
        for user in (self.user_coordinator, self.user_referent, self.user_accountant):
            with self.assertRaises(AccessError):
                self.person.with_user(user).action_coop_privacy_erase()
            with self.assertRaises(AccessError):
                self.person.with_user(user).action_coop_privacy_export()

    def test_others_are_untouched(self):
        before = self.member_2.read(["name", "email", "active"])
        self._erase()
        self.assertEqual(self.member_2.read(["name", "email", "active"]), before)

    def test_erased_twice(self):
        self._erase()
        self._erase()
        self.assertFalse(self.person.email)

    def test_export_holds_everything(self):
        name, content = self.person.with_user(self.user_manager)._coop_privacy_zip()
        archive = zipfile.ZipFile(io.BytesIO(content))
        self.assertTrue(name.endswith(".zip"))
        data = json.loads(archive.read("donnees.json"))
        self.assertEqual(data["identite"][0]["email"], "zelie.quatrevents@example.com")
        self.assertEqual(data["factures"][0]["name"], self.move.name)
        self.assertEqual(len(data["cotisations"]), 1)
        self.assertEqual(len(data["paiements"]), 1)
        self.assertTrue(data["messages"])
        self.assertEqual(archive.read("documents/photo.txt"), b"zelie")
