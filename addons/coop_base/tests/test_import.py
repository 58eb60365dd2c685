# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
import time

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CoopCommon

GOOD = (
    "Numéro;Nom;Prénom;Courriel;Téléphone;Groupe;Point de retrait;Canal;"
    "Charte signée le\n"
    "A100;Œuvrard;Zoé;zoe@example.com;06 12 34 56 78;Toul centre;"
    "Maison des associations;internet;03/02/2026\n"
    ";Sans-Mail;Lucien;;03 83 11 22 33;T-TOUL;;téléphone;\n"
)
BAD = """Nom;Courriel;Téléphone;Groupe;Canal;Charte
;vide@example.com;;;;
Jean Pasmail;pas un mail;;;;
Jeanne Groupe;;;Groupe inconnu;;
Jules Canal;;;;pigeon;31/02/2026
Jade Bonne;jade@example.com;;;;
Jade Bis;JADE@example.com;;;;
"""


@tagged("post_install", "-at_install")
class TestImport(CoopCommon):
    def _wizard(self, text, user=None, encoding="utf-8", **values):
        content = text if isinstance(text, bytes) else text.encode(encoding)
        return (
            self.env["coop.member.import"]
            .with_user(user or self.user_coordinator)
            .with_context(lang="fr_FR")
            .create(
                {
                    "file": base64.b64encode(content),
                    "filename": "membres.csv",
                    **values,
                }
            )
        )

    def _count(self):
        return self.env["res.partner"].search_count([("is_coop_member", "=", True)])

    def test_dry_run_changes_nothing(self):
        before = self._count()
        wizard = self._wizard(GOOD)
        wizard.action_check()
        self.assertRecordValues(
            wizard, [{"state": "checked", "create_count": 2, "bad_count": 0}]
        )
        self.assertEqual(self._count(), before)

    def test_import(self):
        wizard = self._wizard(GOOD, encoding="cp1252")
        wizard.action_import()
        zoe = self.env["res.partner"].search([("coop_number", "=", "A100")])
        self.assertRecordValues(
            zoe,
            [
                {
                    "name": "Zoé Œuvrard",
                    "email": "zoe@example.com",
                    "coop_group_id": self.group_toul.id,
                    "collection_point_id": self.point_1.id,
                    "contact_channel": "portal",
                    "is_coop_member": True,
                }
            ],
        )
        self.assertEqual(str(zoe.charter_signed_on), "2026-02-03")
        lucien = self.env["res.partner"].search([("name", "=", "Lucien Sans-Mail")])
        self.assertEqual(lucien.contact_channel, "phone")
        self.assertFalse(lucien.email)
        self.assertTrue(lucien.coop_number)

    def test_twice_changes_nothing(self):
        self._wizard(GOOD).action_import()
        before = self._count()
        wizard = self._wizard(GOOD)
        wizard.action_import()
        self.assertRecordValues(
            wizard, [{"create_count": 0, "update_count": 0, "unchanged_count": 2}]
        )
        self.assertEqual(self._count(), before)

    def test_update_by_number_and_by_email(self):
        wizard = self._wizard(
            "number,name,email,phone\n"
            f"{self.member_2.coop_number},Bruno Nouveau,,0600000001\n"
            f",Alice Adhérente,{self.member.email.upper()},0600000002\n"
        )
        wizard.action_import()
        self.assertEqual(wizard.update_count, 2)
        self.assertEqual(self.member_2.name, "Bruno Nouveau")
        self.assertEqual(self.member.phone, "0600000002")
        self.assertEqual(self.member_2.email, "coop_member_2@coop.example.com")

    def test_known_contact_becomes_a_member(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "email": "contact@example.com"}
        )
        self._wizard("nom;mail\nContact;contact@example.com\n").action_import()
        self.assertTrue(contact.is_coop_member)
        self.assertTrue(contact.coop_number)

    def test_each_bad_row_is_explained(self):
        before = self._count()
        wizard = self._wizard(BAD)
        wizard.action_import()
        self.assertEqual(wizard.state, "checked")
        self.assertEqual(wizard.bad_count, 5)
        self.assertEqual(
            [(issue.row, issue.field) for issue in wizard.issue_ids],
            [
                (2, "Nom"),
                (3, "E-mail"),
                (4, "Groupe local"),
                (5, "Canal de contact"),
                (5, "Charte signée le"),
                (7, "E-mail"),
            ],
        )
        self.assertTrue(all(issue.why and issue.todo for issue in wizard.issue_ids))
        self.assertIn("6", wizard.issue_ids[-1].why)
        self.assertEqual(self._count(), before)

    def test_good_rows_alone_on_demand(self):
        before = self._count()
        wizard = self._wizard(BAD, skip_bad_rows=True)
        wizard.action_import()
        self.assertRecordValues(
            wizard, [{"state": "done", "create_count": 1, "bad_count": 5}]
        )
        self.assertEqual(self._count(), before + 1)

    def test_unknown_places_are_created_on_demand(self):
        self._wizard(
            "nom;groupe;point\nA B;Zébrécourt;Salle Z\nC D;zebrecourt;Salle Z\n",
            create_places=True,
        ).action_import()
        group = self.env["coop.group"].search([("name", "=", "Zébrécourt")])
        self.assertEqual(len(group), 1)
        self.assertEqual(group.member_count, 2)

    def test_email_of_another_member(self):
        wizard = self._wizard(
            f"numero;nom;mail\n{self.member_2.coop_number};X;{self.member.email}\n"
        )
        wizard.action_check()
        self.assertEqual(wizard.issue_ids.field, "E-mail")

    def test_files_that_cannot_be_read(self):
        for content in (b"", b"   ", b"\x00\x01\x02", b"PK\x03\x04xx", b"a;b\n1;2\n"):
            with self.assertRaises(UserError):
                self._wizard(content or b"\n").action_check()

    def test_xlsx(self):
        book = Workbook()
        book.active.append(["Member number", "Full name", "E-mail"])
        book.active.append([7001, "Zoé Œuvrard", "zoe@example.com"])
        buffer = io.BytesIO()
        book.save(buffer)
        self._wizard(buffer.getvalue()).action_import()
        self.assertTrue(self.env["res.partner"].search([("coop_number", "=", "7001")]))

    def test_only_those_who_keep_the_list_import(self):
        for user in (self.user_referent, self.user_buyer, self.user_member):
            with self.assertRaises(AccessError):
                self._wizard(GOOD, user=user)

    def test_queries_do_not_grow_with_the_rows(self):
        def queries(count, tag):
            lines = ["nom;mail;telephone;groupe"]
            lines += [
                f"Nom{tag}{i} P;{tag}{i}@example.com;06{i:08d};T-TOUL"
                for i in range(count)
            ]
            wizard = self._wizard("\n".join(lines))
            self.env.flush_all()
            self.env.invalidate_all()
            start, clock = self.cr.sql_log_count, time.time()
            wizard.action_import()
            self.env.flush_all()
            return self.cr.sql_log_count - start, time.time() - clock

        queries(5, "w")
        few, _seconds = queries(20, "a")
        many, _seconds = queries(220, "b")
        self.assertLessEqual(many - few, 40, f"{few} for 20 rows, {many} for 220")
