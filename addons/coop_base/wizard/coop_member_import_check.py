# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an import of members would do, then does. Not a model: it lives one click."""

from collections import defaultdict

from odoo.tools import email_normalize

from ..tools.member_file import parse_channel, parse_date, parse_phone
from ..tools.table_file import fold

PLAIN = ("street", "zip", "city")


class MemberImportCheck:
    """Rows checked against the database, in a fixed number of queries.

    A row is an update when its number, else its e-mail, is known; a row with neither
    updates the member without e-mail who has the same name and phone. So importing a
    file twice changes nothing.

    :ivar issues: list of dicts ``row, field, value, why, todo``
    :ivar to_create: list of values
    :ivar to_update: list of ``(partner, values that differ)``
    """

    def __init__(self, env, company, found, rows, create_places=False):
        self.env = env
        self.company = company
        self.found = found
        self.rows = rows
        self.create_places = create_places
        self.issues = []
        self.to_create = []
        self.to_update = []
        self.unchanged = 0
        self.new_places = defaultdict(dict)
        self._labels = {
            "name": env._("Name"),
            "coop_number": env._("Number"),
            "email": env._("E-mail"),
            "phone": env._("Phone"),
            "group": env._("Local group"),
            "point": env._("Collection point"),
            "channel": env._("Contact channel"),
            "charter_signed_on": env._("Charter signed on"),
        }
        self._load_places()
        self._load_partners()
        self._check_rows()

    # ------------------------------------------------------------------
    # Reading the database
    # ------------------------------------------------------------------

    def _load_places(self):
        domain = [("company_id", "=", self.company.id)]
        self.groups, self.points = {}, {}
        for group in self.env["coop.group"].search_fetch(domain, ["name", "code"]):
            self.groups[fold(group.name)] = group.id
            self.groups.setdefault(fold(group.code), group.id)
        for point in self.env["coop.collection.point"].search_fetch(domain, ["name"]):
            self.points[fold(point.name)] = point.id

    def _load_partners(self):
        emails = {
            email
            for row in self.rows
            if (email := email_normalize(row.values.get("email", "")))
        }
        partners = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("company_id", "in", [self.company.id, False]),
                    "|",
                    ("is_coop_member", "=", True),
                    ("email_normalized", "in", list(emails)),
                ],
                self._compared_fields() + ["email_normalized", "is_coop_member"],
                order="active desc, is_coop_member desc, id",
            )
        )
        self.by_number, self.by_email, self.by_name = {}, {}, {}
        for partner in partners:
            if partner.coop_number:
                self.by_number.setdefault(partner.coop_number, partner)
            # sudo: a mark of the card, not its content. Whoever made an account with
            # the address of somebody else must not become that member.
            if partner.email_normalized and not partner.sudo().coop_email_unproved:
                self.by_email.setdefault(partner.email_normalized, partner)
            elif partner.is_coop_member:
                self.by_name.setdefault(
                    self._name_key({"name": partner.name, "phone": partner.phone}),
                    partner,
                )

    @staticmethod
    def _compared_fields():
        return [
            "name",
            "coop_number",
            "email",
            "phone",
            "street",
            "zip",
            "city",
            "coop_group_id",
            "collection_point_id",
            "contact_channel",
            "charter_signed_on",
        ]

    @staticmethod
    def _name_key(values):
        phone = "".join(c for c in values.get("phone") or "" if c.isdigit())[-9:]
        return fold(values.get("name") or ""), phone

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------

    def _check_rows(self):
        self._seen = {"coop_number": {}, "email": {}, "partner": {}, "name": {}}
        for row in self.rows:
            before = len(self.issues)
            values = self._values(row)
            partner = self._find(row, values)
            self._check_twice(row, values, partner)
            if len(self.issues) > before:
                continue
            if partner:
                changes = self._changes(partner, values)
                if changes:
                    self.to_update.append((partner, changes))
                else:
                    self.unchanged += 1
            else:
                values.setdefault(
                    "contact_channel", "portal" if values.get("email") else "paper"
                )
                self.to_create.append(values)

    def _issue(self, row, key, why, todo):
        self.issues.append(
            {
                "row": row.number,
                "field": self._labels.get(key, key),
                "value": row.values.get(key, ""),
                "why": why,
                "todo": todo,
            }
        )

    def _values(self, row):
        """Partner values of a row; what is wrong in it goes to ``issues``."""
        texts, values = row.values, {}
        if texts.get("name"):
            values["name"] = texts["name"]
        else:
            self._issue(
                row,
                "name",
                self.env._("The name is missing."),
                self.env._("Write the name."),
            )
        for key in ("coop_number", *PLAIN):
            if texts.get(key):
                values[key] = texts[key]
        if texts.get("email"):
            values["email"] = email_normalize(texts["email"])
            if not values["email"]:
                self._issue(
                    row,
                    "email",
                    self.env._("This is not an e-mail address."),
                    self.env._(
                        "Correct it, or leave it empty: a member may have none."
                    ),
                )
        if texts.get("phone"):
            values["phone"] = parse_phone(texts["phone"])
            if not values["phone"]:
                self._issue(
                    row,
                    "phone",
                    self.env._("This is not a phone number."),
                    self.env._("Write one number, digits only, or leave it empty."),
                )
        if texts.get("channel"):
            values["contact_channel"] = parse_channel(texts["channel"])
            if not values["contact_channel"]:
                self._issue(
                    row,
                    "channel",
                    self.env._("This contact channel is not known."),
                    self.env._("Write “internet”, “phone” or “paper”."),
                )
        if texts.get("charter_signed_on"):
            values["charter_signed_on"] = parse_date(texts["charter_signed_on"])
            if not values["charter_signed_on"]:
                self._issue(
                    row,
                    "charter_signed_on",
                    self.env._("This is not a date."),
                    self.env._("Write it as 31/12/2026."),
                )
        self._place(row, "group", self.groups, "coop_group_id", values)
        self._place(row, "point", self.points, "collection_point_id", values)
        return values

    def _place(self, row, key, known, fname, values):
        text = row.values.get(key)
        if not text:
            return
        folded = fold(text)
        if folded in known:
            values[fname] = known[folded]
        elif self.create_places and folded:
            # Its id is known once it is created.
            self.new_places[key].setdefault(folded, text)
            values[fname] = (key, folded)
        else:
            why = (
                self.env._("No local group has this name or code.")
                if key == "group"
                else self.env._("No collection point has this name.")
            )
            self._issue(
                row,
                key,
                why,
                self.env._("Correct it, create it first, or let the import create it."),
            )

    def _find(self, row, values):
        number, email = values.get("coop_number"), values.get("email")
        if number and number in self.by_number:
            partner = self.by_number[number]
            owner = self.by_email.get(email) if email else None
            if owner and owner != partner and owner.is_coop_member:
                self._issue(
                    row,
                    "email",
                    self.env._(
                        "This e-mail is already that of member %(number)s.",
                        number=owner.coop_number,
                    ),
                    self.env._("Correct the number or the e-mail."),
                )
            return partner
        if email and email in self.by_email:
            partner = self.by_email[email]
            if number and partner.coop_number and partner.coop_number != number:
                self._issue(
                    row,
                    "coop_number",
                    self.env._(
                        "This e-mail is already that of member %(number)s.",
                        number=partner.coop_number,
                    ),
                    self.env._("Correct the number or the e-mail."),
                )
            return partner
        if not number and not email and values.get("name"):
            return self.by_name.get(self._name_key(values))
        return None

    def _check_twice(self, row, values, partner):
        """The same member on two rows of the file."""
        keys = {"coop_number": values.get("coop_number"), "email": values.get("email")}
        if partner:
            keys["partner"] = partner.id
        elif values.get("name") and not any(keys.values()):
            keys["name"] = self._name_key(values)
        for key, value in keys.items():
            if not value:
                continue
            first = self._seen[key].setdefault(value, row.number)
            if first != row.number:
                self._issue(
                    row,
                    key if key in self._labels else "name",
                    self.env._("The same as on row %(row)s.", row=first),
                    self.env._("Remove one of the rows, or correct it."),
                )
                return

    def _changes(self, partner, values):
        changes = {}
        for fname, value in values.items():
            current = partner[fname]
            if partner._fields[fname].type == "many2one":
                current = current.id
            if isinstance(value, tuple) or (current or False) != (value or False):
                changes[fname] = value
        if "email" in changes and partner.email_normalized == changes["email"]:
            del changes["email"]
        if not partner.is_coop_member:
            changes["is_coop_member"] = True
        return changes

    # ------------------------------------------------------------------
    # Importing
    # ------------------------------------------------------------------

    def apply(self):
        """Create and update, in batch. The caller's transaction makes it whole."""
        places = self._create_places()
        partners = self.env["res.partner"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        for values in self.to_create:
            self._settle(values, places)
            values.update(
                is_coop_member=True, company_id=self.company.id, lang=self._lang()
            )
        partners.create(self.to_create)
        for partner, values in self.to_update:
            self._settle(values, places)
            # In cache; flushed together.
            partner.with_context(**partners.env.context).write(values)

    def _lang(self):
        return self.company.partner_id.lang or self.env.lang

    def _settle(self, values, places):
        for fname in ("coop_group_id", "collection_point_id"):
            if isinstance(values.get(fname), tuple):
                values[fname] = places[values[fname]]

    def _create_places(self):
        places = {}
        wanted = self.new_places["group"]
        groups = self.env["coop.group"].create(
            [
                {"name": text, "code": text.upper()[:12], "company_id": self.company.id}
                for text in wanted.values()
            ]
        )
        for folded, group in zip(wanted, groups, strict=True):
            places["group", folded] = group.id
        wanted = self.new_places["point"]
        points = self.env["coop.collection.point"].create(
            [{"name": text, "company_id": self.company.id} for text in wanted.values()]
        )
        for folded, point in zip(wanted, points, strict=True):
            places["point", folded] = point.id
        return places
