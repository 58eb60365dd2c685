# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..tools.export_zip import build_zip


class CoopPartnerExport(models.AbstractModel):
    """Article 15 and 20 GDPR: everything about one person, in readable files."""

    _name = "coop.partner.export"
    _description = "Contact: Export of Personal Data"

    def _coop_privacy_export(self):
        """What the cooperative holds about this person. Add-ons append sections.

        Called with sudo, on one partner: extensions must only return what belongs to
        this person.

        :return: list of dicts ``key`` (file name), ``title``, ``columns`` (list of
            ``(key, label)``), ``rows`` (list of dicts of texts), ``files`` (list of
            ``(name, bytes)``, optional)
        """
        self.ensure_one()
        return [
            self._coop_export_identity(),
            self._coop_export_accounts(),
            self._coop_export_memberships(),
            self._coop_export_invoices(),
            self._coop_export_payments(),
            self._coop_export_messages(),
            self._coop_export_documents(),
        ]

    def _coop_privacy_zip(self):
        """``(file name, bytes)`` of the person's data.

        Callers check that the person asks for themselves, or that a manager does.
        """
        self.ensure_one()
        # sudo: the person has a right to all of it, whatever their rights in Odoo.
        person = self.sudo().with_context(lang=self.lang or self.env.lang)
        content = build_zip(
            person._coop_privacy_export(),
            title=person.env._("Personal data of %(name)s", name=person.name),
            intro=person.env._(
                "Everything that %(company)s holds about you on %(date)s. Each table is"
                " also a CSV file, and all of it is in donnees.json. To correct or"
                " erase it, write to %(email)s.",
                company=person._coop_company().name,
                date=fields.Date.context_today(person).strftime("%d/%m/%Y"),
                email=person._coop_company().email or person.env._("your cooperative"),
            ),
            lang=(person.env.lang or "fr")[:2],
        )
        number = person.coop_number or person.id
        return f"donnees-personnelles-{number}.zip", content

    def _coop_company(self):
        return self.company_id or self.env.company

    def _coop_section(self, key, title, records, names, files=None):
        """A section whose columns are fields, with the reader's own labels."""
        labels = records.fields_get(names, ["string"])
        columns = [(name, labels[name]["string"]) for name in names]
        rows = []
        for record in records:
            row = {}
            for name in names:
                field = record._fields[name]
                value = record[name]
                if field.type == "selection":
                    value = dict(field._description_selection(self.env)).get(value)
                elif field.relational:
                    value = ", ".join(value.mapped("display_name"))
                elif field.type == "boolean":
                    value = self.env._("yes") if value else self.env._("no")
                elif field.type in ("date", "datetime"):
                    value = fields.Date.to_string(value) if value else ""
                row[name] = "" if value in (False, None) else str(value)
            rows.append(row)
        return {
            "key": key,
            "title": title,
            "columns": columns,
            "rows": rows,
            "files": files or [],
        }

    def _coop_export_identity(self):
        names = [
            "name",
            "coop_number",
            "email",
            "phone",
            "street",
            "street2",
            "zip",
            "city",
            "country_id",
            "lang",
            "coop_group_id",
            "collection_point_id",
            "contact_channel",
            "charter_signed_on",
            "coop_state",
            "coop_left_on",
            "category_id",
            "comment",
            "create_date",
            "write_date",
        ]
        return self._coop_section(
            "identite", self.env._("Identity"), self | self.child_ids, names
        )

    def _coop_export_accounts(self):
        return self._coop_section(
            "comptes",
            self.env._("Connection accounts"),
            self.with_context(active_test=False).user_ids,
            ["login", "login_date", "active", "create_date"],
        )

    def _coop_export_memberships(self):
        return self._coop_section(
            "cotisations",
            self.env._("Membership fees"),
            self.member_line_ids,
            ["membership_id", "date_from", "date_to", "member_price", "state"],
        )

    def _coop_export_invoices(self):
        moves = self.env["account.move"].search(
            [
                ("partner_id", "child_of", self.id),
                ("move_type", "!=", "entry"),
                ("state", "=", "posted"),
            ]
        )
        return self._coop_section(
            "factures",
            self.env._("Invoices"),
            moves,
            ["name", "invoice_date", "move_type", "amount_total", "payment_state"],
            [
                (attachment.name, attachment.raw)
                for attachment in self._coop_attachments("account.move", moves.ids)
            ],
        )

    def _coop_export_payments(self):
        payments = self.env["account.payment"].search(
            [("partner_id", "child_of", self.id)]
        )
        return self._coop_section(
            "paiements",
            self.env._("Payments"),
            payments,
            ["name", "date", "amount", "journal_id", "memo", "state"],
        )

    def _coop_export_messages(self):
        messages = self.env["mail.message"].search(
            [
                "|",
                ("author_id", "=", self.id),
                "&",
                ("model", "=", "res.partner"),
                ("res_id", "=", self.id),
                # Internal notes too: they are about the person.
                ("message_type", "!=", "user_notification"),
            ]
        )
        section = self._coop_section(
            "messages",
            self.env._("Messages"),
            messages,
            ["date", "subject", "record_name", "body"],
        )
        for row, message in zip(section["rows"], messages, strict=True):
            row["body"] = message.preview or ""
        return section

    def _coop_export_documents(self):
        attachments = self._coop_attachments("res.partner", self.ids)
        return self._coop_section(
            "documents",
            self.env._("Documents"),
            attachments,
            ["name", "mimetype", "create_date"],
            [(attachment.name, attachment.raw) for attachment in attachments],
        )

    def _coop_attachments(self, model, res_ids):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", model),
                ("res_id", "in", res_ids),
                ("res_field", "=", False),
                ("type", "=", "binary"),
            ]
        )
