"""A line typed into a list can be saved: what it needs has a column to type in."""

from lxml import etree

from odoo.tests import TransactionCase, tagged

from odoo.addons.coop_base.tests.common import CoopCommon

NO = ("0", "false", "False")


@tagged("post_install", "-at_install")
class TestEditableLists(TransactionCase):
    def test_required_fields_have_a_column(self):
        """In each list of a model of ours that takes new lines in place."""
        lists, faults = 0, []
        for model, view, where in self._get_editable_lists():
            lists += 1
            for name in self._get_needed(self.env[model], where):
                if not self._is_typed(view, name):
                    faults.append(f"{where}: no column to type {model}.{name} in")
        self.assertFalse(faults, "\n".join(sorted(set(faults))))
        self.assertGreater(lists, 20)

    def _get_editable_lists(self):
        """Yield (model, node, name) of lists and of lists inside forms."""
        views = self.env["ir.ui.view"].search(
            [("type", "in", ("list", "form")), ("mode", "=", "primary")]
        )
        for view in views.filtered(lambda v: v.model in self.env):
            model = self.env[view.model]
            tree = etree.fromstring(model.get_view(view.id, view.type)["arch"])
            if view.type == "list":
                inside = [(view.model, tree, view.xml_id)]
            else:
                inside = [
                    (field.comodel_name, node, f"{view.xml_id}: {field.name}")
                    for field, node in self._get_lists_of_form(model, tree)
                ]
            for name, node, where in inside:
                takes = node.get("editable") and node.get("create", "1") in (
                    "1",
                    "true",
                )
                if name.startswith("coop.") and takes:
                    yield name, node, where

    def _get_lists_of_form(self, model, tree):
        for node in tree.iterfind(".//field/list"):
            names = [field.get("name") for field in node.iterancestors("field")]
            field = None
            for name in reversed(names):
                comodel = self.env[field.comodel_name] if field else model
                field = comodel._fields[name]
            yield field, node

    def _get_needed(self, model, where):
        """Required fields that nothing fills; that of the form fills itself."""
        given = model.default_get(list(model._fields))
        parents = {
            field.inverse_name
            for other in self.env.values()
            for field in other._fields.values()
            if field.type == "one2many" and field.comodel_name == model._name
        }
        if ": " not in where:
            parents = set()
        return [
            name
            for name, field in model._fields.items()
            if field.required
            and field.store
            and not field.compute
            and not field.readonly
            and name not in given
            and name not in parents
            and name != "id"
        ]

    def _is_typed(self, view, name):
        columns = view.xpath(f"./field[@name='{name}']")
        return any(
            column.get("optional") != "hide"
            and column.get("column_invisible") not in ("1", "True")
            and column.get("readonly") not in ("1", "True")
            for column in columns
        )


@tagged("post_install", "-at_install")
class TestSaveButton(CoopCommon):
    def test_a_form_that_takes_new_records_has_a_button_to_save_them(self):
        """Odoo shows none to who may create and not write."""
        staff = {
            "referent": self.user_referent,
            "coordinator": self.user_coordinator,
            "buyer": self.user_buyer,
            "volunteer coordinator": self.user_volunteer,
            "manager": self.user_manager,
            "accountant": self.user_accountant,
        }
        views = self.env["ir.ui.view"].search(
            [("type", "=", "form"), ("mode", "=", "primary")]
        )
        views = views.filtered(lambda v: v.model.startswith("coop."))
        faults, checked = [], 0
        for role, user in staff.items():
            for view in views:
                model = self.env[view.model].with_user(user)
                if model._transient or not model.has_access("create"):
                    continue
                checked += 1
                form = etree.fromstring(model.get_view(view.id, "form")["arch"])
                if form.get("edit") not in NO or form.get("create") in NO:
                    continue
                if form.find(".//button[@special='save']") is None:
                    faults.append(f"{role}: {view.xml_id}")
        self.assertFalse(faults)
        self.assertGreater(checked, 50)
