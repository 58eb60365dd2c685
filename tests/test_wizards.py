"""A wizard, and each of its lines, belongs to who opened it."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

ROLES = (
    "coop_base.coop_base_group_manager",
    "coop_base.coop_base_group_buyer",
    "account.group_account_manager",
    "stock.group_stock_manager",
    "purchase.group_purchase_manager",
)


@tagged("post_install", "-at_install")
class TestWizards(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two = (
            new_test_user(cls.env, login, ",".join(ROLES))
            for login in ("wizard_one", "wizard_two")
        )

    def test_every_wizard_of_the_registry(self):
        tried = 0
        for name, model in self.env.registry.items():
            if not name.startswith("coop.") or not model._transient or not model._auto:
                continue
            for mode in ("read", "write", "create", "unlink"):
                rules = self.env["ir.rule"].with_user(self.two)
                with self.subTest(model=name, mode=mode):
                    domain = rules._compute_domain(name, mode)
                    self.assertIn("create_uid", str(domain))
            tried += 1
        self.assertGreater(tried, 20)

    def test_what_another_typed(self):
        wizard = self.env["coop.privacy.erase"].with_user(self.one)
        wizard = wizard.create({"partner_id": self.env.company.partner_id.id})
        line = self.env["coop.privacy.erase.line"].with_user(self.one)
        line = line.create({"wizard_id": wizard.id, "what": "x"})
        for record in (wizard, line):
            self.assertTrue(record.read(["id"]))
            other = record.with_user(self.two)
            self.assertFalse(other.search([("id", "=", record.id)]))
            for call in (
                lambda r: r.read(["id"]),
                lambda r: r.write({"create_date": False}),
                lambda r: r.unlink(),
            ):
                with self.assertRaises(AccessError):
                    call(other)
