"""Each method of ours that Odoo calls by itself meets a new record, none, two.

Computes, onchanges, constraints and defaults: Odoo calls them while a form is being
filled, on records without id, name or dates, and in batches.
"""

import re
import traceback

from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from odoo.addons.coop_base.tests.common import CoopCommon

OURS = "odoo.addons.coop_"


def ours(model, method):
    """Whether an add-on of the suite defines or overrides the method of `model`."""
    name = method if isinstance(method, str) else getattr(method, "__name__", "")
    return any(
        base.__module__.startswith(OURS) and name in vars(base)
        for base in type(model).__mro__
    )


@tagged("post_install", "-at_install")
class TestNewComputes(CoopCommon):
    def _models(self):
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not model._abstract and name != "base":
                yield model

    def _each_role(self):
        yield self.env
        for user in (self.user_manager, self.user_referent):
            yield self.env(user=user, su=False)

    def _try(self, faults, label, call, *arguments):
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            call(*arguments)
        except UserError:
            pass  # a sentence
        except Exception:
            faults[label] = traceback.format_exc()
        finally:
            self.env.clear()
            savepoint.close(rollback=True)

    def _sets(self, model, spare):
        """Named sets of records of `model`: none, new ones, copies of saved ones."""
        yield "none", model.browse()
        yield "a new one", model.new({})
        yield "an emptied one", model.new(self._emptied(model))
        yield "two new ones", model.new({}) + model.new({})
        saved = model.sudo(False).browse(spare)
        if saved:
            yield "saved ones", saved
            yield "an edited one", model.new(origin=saved[0])

    def _emptied(self, model):
        """Every field that one can empty in a form, emptied."""
        return {
            name: False
            for name, field in model._fields.items()
            if field.store
            and not field.compute
            and name not in MAGIC_COLUMNS
            and model._has_field_access(field, "write")
            # A required choice has no empty one.
            and not (field.type == "selection" and field.required)
        }

    def _spare(self, model):
        if not model._auto:
            return []
        return model.sudo().with_context(active_test=False).search([], limit=2).ids

    def test_computes(self):
        """Each compute of ours, on none, on new records, on several."""
        faults, seen = {}, 0
        for model in self._models():
            mine = {}
            for name, field in model._fields.items():
                if not field.compute or isinstance(field.compute, bool):
                    continue
                if field.related or not ours(model, field.compute):
                    continue
                mine.setdefault(field.compute, []).append(name)
            if not mine:
                continue
            spare = self._spare(model)
            for env in self._each_role():
                there = model.with_env(env)
                for names in mine.values():
                    field = model._fields[names[0]]
                    for label, records in self._sets(there, spare):
                        seen += 1
                        full = f"{model._name}.{names[0]}, {label}, as {env.user.login}"
                        self._try(faults, full, self._compute, field, records, names)
        self.assertGreater(seen, 1000)
        self._fail(faults)

    def _compute(self, field, records, names):
        if not records:
            field.compute_value(records)
        for record in records:
            for name in names:
                record[name]

    def test_onchanges(self):
        """Each onchange of ours, on a record where nothing is filled in."""
        faults, seen = {}, 0
        for model in self._models():
            names = {
                name
                for name, methods in model._onchange_methods.items()
                for method in methods
                if ours(model, method)
            }
            for name in sorted(names):
                for env in self._each_role():
                    seen += 1
                    record = model.with_env(env).new({})
                    label = f"{model._name}, onchange of {name}, as {env.user.login}"
                    self._try(
                        faults,
                        label,
                        record._apply_onchange_methods,
                        name,
                        {"warnings": set()},
                    )
        self.assertGreater(seen, 5)
        self._fail(faults)

    def test_constraints(self):
        """Each constraint of ours, on none and on two records at once."""
        faults, seen = {}, 0
        for model in self._models():
            saved = model.browse(self._spare(model))
            for method in model._constraint_methods:
                if not ours(model, method):
                    continue
                seen += 1
                label = f"{model._name}.{method.__name__}"
                self._try(faults, f"{label}, none", method, model.browse())
                self._try(faults, f"{label}, saved ones", method, saved)
        self.assertGreater(seen, 25)
        self._fail(faults)

    def test_defaults_and_names(self):
        """Each model of ours opens, and names a record that has nothing yet."""
        faults, seen = {}, 0
        for model in self._models():
            if not any(b.__module__.startswith(OURS) for b in type(model).__mro__):
                continue
            seen += 1
            for env in self._each_role():
                there = model.with_env(env)
                login = env.user.login
                names = list(model._fields)
                self._try(
                    faults,
                    f"defaults of {model._name}, {login}",
                    there.default_get,
                    names,
                )
                for label, records in self._sets(there, self._spare(model)):
                    self._try(
                        faults,
                        f"name of {model._name}, {label}, as {login}",
                        records.mapped,
                        "display_name",
                    )
        self.assertGreater(seen, 100)
        self._fail(faults)

    def test_words(self):
        """No "False" in what a new record of ours says of itself."""
        said, seen = [], 0
        for model in self._models():
            if not model._name.startswith("coop."):
                continue
            new = model.new({})
            for name, field in model._fields.items():
                if name != "display_name" and not (
                    field.type in ("char", "text", "html")
                    and isinstance(field.compute, str)
                    and not field.related
                ):
                    continue
                seen += 1
                if re.search(r"\b(False|None)\b", new[name] or ""):
                    said.append(f"{model._name}.{name}: {new[name]}")
        self.assertGreater(seen, 100)
        self.assertFalse(said)

    def _fail(self, faults):
        if faults:
            self.fail(
                "".join(f"\n\n== {name}\n{text}" for name, text in faults.items())
            )
