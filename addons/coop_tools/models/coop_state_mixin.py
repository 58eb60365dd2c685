# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..tools.changed import find_changed


class CoopStateMixin(models.AbstractModel):
    """A state that only its own actions change.

    They check, write the history and tell who must know; a form, a list, an import or a
    remote call that writes the state would do none of it. The actions write it with
    :meth:`_coop_enter_state`, which no client can call.
    """

    _name = "coop.state.mixin"
    _description = "State Changed by Actions"

    # Names of the fields that actions change.
    _coop_state_fields = ("state",)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.browse().check_access("create")
            first = self.default_get(list(self._coop_state_fields))
            for vals in vals_list:
                for name in self._coop_state_fields:
                    if vals.get(name, first.get(name)) != first.get(name):
                        raise UserError(self._coop_get_state_sentence(name))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            self._coop_check_state_kept(vals)
        return super().write(vals)

    def copy_data(self, default=None):
        """A copy begins where every record does."""
        kept = set(default or ())
        return [
            {
                name: value
                for name, value in vals.items()
                if name in kept or name not in self._coop_state_fields
            }
            for vals in super().copy_data(default)
        ]

    def _coop_check_state_kept(self, vals):
        """:raise UserError: what only an action changes, or what is settled"""
        for name, records in find_changed(self, vals, self._coop_state_fields).items():
            raise UserError(records[0]._coop_get_state_sentence(name))
        for record in self:
            state = record[self._coop_state_fields[0]]
            frozen = self._coop_get_frozen_fields(state)
            for name in find_changed(record, vals, frozen):
                raise UserError(record._coop_get_frozen_sentence(name))

    @api.model
    def _coop_get_frozen_fields(self, state):
        """Names of the fields that are settled in this state (hook)."""
        return ()

    def _coop_get_state_sentence(self, name):
        """What to do instead of writing the state."""
        return self.env._(
            "“%(field)s” of %(record)s is not typed in: it follows from what is done"
            " with the buttons of its form.",
            field=self._fields[name]._description_string(self.env),
            record=(self[:1].display_name if self else None)
            or self.env["ir.model"]._get(self._name).name,
        )

    def _coop_get_frozen_sentence(self, name):
        """Why what is settled is not changed any more."""
        state = self._coop_state_fields[0]
        labels = dict(self._fields[state]._description_selection(self.env))
        return self.env._(
            "%(record)s is “%(state)s”: its “%(field)s” is not changed any more.",
            record=self.display_name,
            state=labels.get(self[state], ""),
            field=self._fields[name]._description_string(self.env),
        )

    def _coop_enter_state(self, vals):
        """Write a state and what goes with it, from an action.

        :param vals: as for ``write``
        :raise AccessError: without the right to write
        """
        self.check_access("write")
        # sudo: the door is closed to who writes the state without its action.
        return self.sudo().write(vals)
