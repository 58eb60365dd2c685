"""What people without a role can call from outside: nothing of it writes.

From the registry: every method that a remote call reaches, of every model that the
suite defines or extends, as a member, a producer, an account of nobody and an employee
without a role, on a record of somebody else.
"""

import inspect
import re
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.coop_logistics.tests.common import LogisticsCommon

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b", re.I)
# Calls that write on purpose, each with its reason: (model, method).
ALLOWED = {}
# What a call without any sense may raise; anything else is a fault of ours.
SENSELESS = (
    AccessError,
    UserError,
    TypeError,
    ValueError,
    KeyError,
    AttributeError,
    IndexError,
)


def find_methods(model):
    """``{name: function}`` of a model class that a remote call reaches, ours only."""
    found = {}
    for parent in model.__mro__:
        if not parent.__module__.startswith(
            ("odoo.addons.coop_", "odoo.addons.stock_delivery_bulk")
        ):
            continue
        for name, function in vars(parent).items():
            if (
                not name.startswith("_")
                and inspect.isfunction(function)
                and not getattr(function, "_api_private", False)
                and name not in ("create", "write", "unlink", "copy", "copy_data")
            ):
                found.setdefault(name, function)
    return found


@tagged("post_install", "-at_install")
class TestPublicMethods(LogisticsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.window.order_ids.filtered(
            lambda order: order.partner_id == cls.member_2
        ) or cls._coop_make_orders(cls.window, cls.member_2)
        cls.env["coop.shift.template"].create({"name": "Vaisselle"})
        cls.env["coop.committee"].create({"name": "Jardin", "purpose": "Cultiver"})
        cls.strangers = [
            cls.user_member,
            cls.user_producer,
            new_test_user(cls.env, "stranger_portal", "base.group_portal"),
            new_test_user(cls.env, "stranger_clerk", "base.group_user"),
        ]

    def _arguments(self, function):
        """Something for each argument that must be given."""
        values = []
        for parameter in list(inspect.signature(function).parameters.values())[1:]:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if parameter.default is parameter.empty:
                values.append(1)
        return values

    def _call(self, user, name, method, function):
        """The statements that a call wrote with."""
        records = self.env[name].sudo().search([], limit=1, order="id desc")
        if name == "sale.order":
            records = self.foreign
        target = self.env[name].with_user(user).browse(records.ids)
        written = []
        execute = sql_db.Cursor.execute

        def watch(cursor, query, params=None, log_exceptions=True):
            text = query if isinstance(query, str) else getattr(query, "code", "")
            if WRITES.match(text):
                written.append(text[:120])
            return execute(cursor, query, params, log_exceptions)

        savepoint = self.env.cr.savepoint()
        try:
            with patch.object(sql_db.Cursor, "execute", watch):
                getattr(target, method)(*self._arguments(function))
                target.env.flush_all()
        except SENSELESS:
            pass
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return written

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_nobody_writes_without_a_role(self):
        self.env.flush_all()
        tried, holes = 0, []
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or model._transient or not model._auto:
                continue
            for method, function in find_methods(model).items():
                for user in self.strangers:
                    written = self._call(user, name, method, function)
                    tried += 1
                    if written and (name, method) not in ALLOWED:
                        holes.append(f"{user.login}: {name}.{method}: {written[0]}")
        self.assertGreater(tried, 500)
        self.assertFalse(holes, "\n".join(holes))
