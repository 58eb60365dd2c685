# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class CoopKeptMixin(models.AbstractModel):
    """What others stand on is not deleted: one sentence says what stands on it.

    Else PostgreSQL refuses, in words about constraints.
    """

    _name = "coop.kept.mixin"
    _description = "Kept while in Use"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for field in self._get_keeping_fields():
            # sudo: whether it is used, not by what.
            model = self.env[field.model_name].sudo().with_context(active_test=False)
            found = model.search([(field.name, "in", self.ids)], limit=1)
            if found:
                raise UserError(
                    self.env._(
                        "“%(name)s” is in use (%(kind)s): archive it, or undo that"
                        " first.",
                        name=found[field.name].with_env(self.env).display_name,
                        kind=self.env["ir.model"]._get(field.model_name).name,
                    )
                )

    def _get_keeping_fields(self):
        """The fields of all models through which a record of this one is kept."""
        return [
            field
            for model in self.env.registry.values()
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.type == "many2one"
            and field.store
            and field.comodel_name == self._name
            and field.ondelete == "restrict"
        ]
