"""Who may read, write, create and delete what: decided in tests/data/access.csv.

A new model, or another right, is a line there to look at: run this file with
COOP_WRITE_ACCESS=1 to write the table anew, then read the difference.
"""

import csv
import io
import os
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.coop_base.tests.common import CoopCommon

TABLE = Path(__file__).parent / "data" / "access.csv"
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
# Core models that the suite's people get at, too.
CORE = (
    "account.move",
    "account.payment",
    "product.template",
    "product.product",
    "product.supplierinfo",
    "purchase.order",
    "res.partner",
    "res.users",
    "sale.order",
    "sale.order.line",
    "stock.picking",
    "stock.move",
    "calendar.event",
    "project.project",
    "fleet.vehicle",
)
# What everybody of a company shares, or a company's own without one.
NO_COMPANY_RULE = {
    "coop.lettering.counter": "a counter that nobody reads",
    "coop.match.stamp": "a mark of what changed, that nobody reads",
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(CoopCommon):
    def _roles(self):
        return {
            "member": self.user_member,
            "producer": self.user_producer,
            "nobody": self.user_internal,
            "referent": self.user_referent,
            "coordinator": self.user_coordinator,
            "buyer": self.user_buyer,
            "volunteers": self.user_volunteer,
            "accountant": self.user_accountant,
            "manager": self.user_manager,
        }

    def _models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if (name.startswith("coop.") or name in CORE)
            and model._auto
            and not model._abstract
        )

    def _read_matrix(self):
        roles = self._roles()
        rows = [["model", *roles]]
        for name in self._models():
            row = [name]
            for user in roles.values():
                model = self.env[name].with_user(user)
                row.append(
                    "".join(
                        letter if model.has_access(operation) else "-"
                        for operation, letter in OPERATIONS.items()
                    )
                )
            rows.append(row)
        return rows

    def test_every_right_is_decided(self):
        rows = self._read_matrix()
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        if os.environ.get("COOP_WRITE_ACCESS"):
            TABLE.write_text(text.getvalue())
        decided = {row[0]: row for row in csv.reader(TABLE.read_text().splitlines())}
        found = {row[0]: row for row in rows}
        changed = [
            f"{name}: {decided.get(name)} is now {found.get(name)}"
            for name in sorted({*decided, *found})
            if decided.get(name) != found.get(name)
        ]
        self.assertFalse(changed, "\n".join(changed))

    def test_portal_people_write_nothing(self):
        """Members and producers act through pages that check; never by a right."""
        for row in self._read_matrix()[1:]:
            if row[0] in ("res.users", "res.partner", "calendar.event"):
                continue
            for rights in row[1:3]:
                self.assertRegex(rights, r"^[r-]---$", row[0])

    def test_who_has_no_role_writes_nothing_of_ours(self):
        for row in self._read_matrix()[1:]:
            if row[0].startswith("coop."):
                self.assertRegex(row[3], r"^[r-]---$", row[0])

    def test_every_company_keeps_to_itself(self):
        """A model with a company has a rule for it, for everybody."""
        employees = self.env.ref("base.group_user")
        rules = self.env["ir.rule"].search([])
        rules = rules.filtered(lambda r: not r.groups or employees in r.groups)
        with_rule = {
            rule.model_id.model
            for rule in rules
            if "company_id" in (rule.domain_force or "")
        }
        without = [
            name
            for name in self._models()
            if name.startswith("coop.")
            and "company_id" in self.env[name]._fields
            and self.env[name]._fields["company_id"].store
            and not self.env[name]._transient
            and name not in with_rule
            and name not in NO_COMPANY_RULE
        ]
        self.assertFalse(without)
