# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CoopCommon


@tagged("post_install", "-at_install")
class TestTell(CoopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env["mail.template"].create(
            {
                "name": "Nouvelles",
                "model_id": cls.env["ir.model"]._get_id("coop.group"),
                "subject": "Des nouvelles de {{ object.name }}",
                "body_html": "<p>Bonjour, de la part de <t t-out='object.name'/></p>",
            }
        )
        cls.env["ir.model.data"].create(
            {
                "module": "coop_base",
                "name": "test_template",
                "model": "mail.template",
                "res_id": template.id,
            }
        )
        cls.everyone = cls.member + cls.member_2 + cls.member_paper

    def _tell(self, partners=None):
        return (partners or self.everyone)._coop_tell(
            self.group_toul, "coop_base.test_template", "la fenêtre est ouverte"
        )

    def _mails(self):
        return self.env["mail.mail"].search(
            [("subject", "=", "Des nouvelles de Toul centre")]
        )

    def test_one_mail_each_to_those_with_an_email(self):
        mailed, to_call = self._tell()
        self.assertEqual(
            (mailed, to_call), (self.member + self.member_2, self.member_paper)
        )
        mails = self._mails()
        self.assertEqual(
            sorted(mails.mapped(lambda mail: mail.recipient_ids.ids)),
            sorted([[self.member.id], [self.member_2.id]]),
        )
        self.assertIn("Toul centre", mails[0].body_html)
        self.assertIn(self.company.name, mails[0].body_html)

    def test_a_template_on_members_is_compiled_once_for_all(self):
        template = self.env["mail.template"].create(
            {
                "name": "À chacun le sien",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Bonjour {{ object.name }}",
                "body_html": "<p t-if='object.name'><t t-set='name'"
                " t-value='object.name.upper()'/>Bonjour <t t-out='name'/></p>",
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "coop_base",
                "name": "test_template_member",
                "model": "mail.template",
                "res_id": template.id,
            }
        )
        qweb, compiled = self.registry["ir.qweb"], []
        generate = qweb._generate_code

        def counted(records, source):
            if isinstance(source, etree._Element):
                compiled.append(records.env.context.get("coop_qweb_memo"))
            return generate(records, source)

        members = self.member + self.member_2
        members += members.create(
            [{"name": f"M{i}", "email": f"m{i}@example.com"} for i in range(5)]
        )
        with patch.object(qweb, "_generate_code", counted):
            members._coop_tell(self.group_toul, "coop_base.test_template_member", "x")
        # Odoo reads it once to see whether it is safe, then it is compiled.
        self.assertEqual(len([memo for memo in compiled if memo is not None]), 2)
        for member in members:
            mail = self.env["mail.mail"].search([("recipient_ids", "=", member.id)])
            self.assertEqual(mail.subject, f"Bonjour {member.name}")
            self.assertIn(f"Bonjour {member.name.upper()}", mail.body_html)
            self.assertIn(self.company.name, mail.body_html)
            # Whoever reads the member's card does not read what they are told.
            self.assertFalse(mail.model or mail.res_id)
            self.assertNotIn(mail.mail_message_id, member.message_ids)
            with self.assertRaises(AccessError):
                mail.mail_message_id.with_user(self.user_referent).read(["body"])

    def test_each_is_told_of_theirs(self):
        about = {self.member: self.group_toul, self.member_2: self.group_nancy}
        (self.member + self.member_2)._coop_tell(about, "coop_base.test_template", "x")
        for member, group in about.items():
            mail = self.env["mail.mail"].search([("recipient_ids", "=", member.id)])
            self.assertEqual(mail.subject, f"Des nouvelles de {group.name}")

    def test_no_client_sends_compiled_bodies(self):
        body = etree.fromstring("<p>Bonjour</p>")
        sent = {}
        qweb = self.env["ir.qweb"].with_context(coop_qweb_memo=sent)
        self.assertIn("Bonjour", qweb._render(body))
        self.assertFalse(sent, "Neither read nor written.")

    def test_the_referent_calls_those_without(self):
        self._tell()
        activity = self.member_paper.activity_ids
        self.assertEqual(activity.user_id, self.user_referent)
        self.assertIn("la fenêtre est ouverte", activity.summary)
        self.assertIn("+33 3 83 00 00 01", activity.note)

    def test_somebody_calls_where_there_is_no_referent(self):
        self.group_toul.referent_ids = False
        self._tell()
        self.assertTrue(self.member_paper.activity_ids.user_id._is_internal())

    def test_each_is_told_of_their_own_record(self):
        template = self.env["mail.template"].create(
            {
                "name": "Votre facture",
                "model_id": self.env["ir.model"]._get_id("account.move"),
                "subject": "Facture de {{ object.partner_id.name }}",
                "body_html": "<p>.</p>",
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "coop_base",
                "name": "test_template_move",
                "model": "mail.template",
                "res_id": template.id,
            }
        )
        moves = self.env["account.move"].create(
            [
                {"move_type": "out_invoice", "partner_id": partner.id}
                for partner in self.member + self.member_2
            ]
        )
        (self.member + self.member_2)._coop_tell(
            moves, "coop_base.test_template_move", "x"
        )
        mails = self.env["mail.mail"].search([("subject", "like", "Facture de %")])
        for mail in mails:
            self.assertEqual(mail.subject, f"Facture de {mail.recipient_ids.name}")
        self.assertEqual(len(mails), 2)

    def test_queries_do_not_grow_with_the_members(self):
        def told(count):
            partners = self.env["res.partner"].create(
                [
                    {
                        "name": f"M{i}",
                        "email": f"m{i}@example.com" if i % 2 else False,
                        "is_coop_member": True,
                        "coop_group_id": self.group_toul.id,
                    }
                    for i in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._tell(partners)
            self.env.flush_all()
            return self.cr.sql_log_count - start

        self._tell()
        few, many = told(10), told(110)
        self.assertLessEqual(many - few, 60, f"{few} queries for 10, {many} for 110")
