"""States are changed by their actions, whatever screen, import or call tries."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

MIXIN = "coop.state.mixin"
# Models with a state that people may write, each with the reason.
TYPED = {
    "coop.bill.exception": "decided one by one by the accountant, with its own checks",
    "coop.bill.match": "links that the accountant confirms or rejects",
    "coop.committee.request": "a board that its committee moves cards on",
    "coop.lettering.run.line": "suggestions that the accountant decides",
    "coop.order.window.template.date": "computed from its window",
    "coop.purchase.plan": "computed from its purchase orders",
    "coop.shift.registration": "who came is entered on the attendance sheet",
}


@tagged("post_install", "-at_install")
class TestStates(CoopOrdersCommon):
    @staticmethod
    def _get_parents(model):
        return {getattr(parent, "_name", None) for parent in model.__mro__}

    def test_every_state_has_its_door(self):
        """A new model with a state that people may write is decided upon."""
        access = self.env["ir.model.access"].search(
            [("perm_write", "=", True), ("active", "=", True)]
        )
        writable = set(access.model_id.mapped("model"))
        open_ = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("coop.")
            and not model._transient
            and not model._abstract
            and name in writable
            and "state" in model._fields
            and model._fields["state"].store
            and not model._fields["state"].compute
            and MIXIN not in self._get_parents(model)
        }
        self.assertEqual(open_ - set(TYPED), set())

    def test_a_window_s_state(self):
        manager = new_test_user(
            self.env, "state_manager", "coop_base.coop_base_group_manager"
        )
        window = self.window.with_user(manager)
        for state in ("open", "closed", "done", "cancelled"):
            with self.subTest(state=state), self.assertRaises(UserError):
                window.write({"state": state})
        with self.assertRaises(UserError):
            window.create({"name": "By hand", "state": "open"})
        window.action_open()
        self.assertEqual(window.state, "open")
        for state in ("draft", "closed"):
            with self.subTest(state=state), self.assertRaises(UserError):
                window.write({"state": state})
        # What a form sends and does not change is nothing.
        window.write({"state": "open", "name": "Renamed"})
        window.action_close()
        for vals in ({"state": "open"}, {"flow": "stock"}, {"opens_at": "2030-01-01"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                window.write(vals)
        self.assertEqual(window.copy({"closes_at": "2199-01-01"}).state, "draft")
