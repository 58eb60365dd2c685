# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a write would change, whatever form the values have."""

from odoo.tools import float_compare


def find_changed(records, vals, names):
    """What of ``names`` the values would change, and where.

    A form or an import sends values that are the same as before: only what differs
    counts.

    :param vals: values of a ``write``
    :param names: names of fields to look at; those that ``vals`` lacks are left out
    :return: ``{name: records that it would change}``, without what changes nothing
    """
    changed = {}
    for name in names:
        if name not in vals:
            continue
        field = records._fields[name]
        found = records.filtered(
            lambda record, field=field: _differs(record, field, vals[field.name])
        )
        if found:
            changed[name] = found
    return changed


def _differs(record, field, value):
    """Whether ``value``, as ``write`` takes it, is not what the record has."""
    if field.type in ("one2many", "many2many"):
        new = record.new({field.name: value}, origin=record)[field.name]
        return set(new._origin.ids or new.ids) != set(record[field.name].ids)
    new = field.convert_to_record(
        field.convert_to_cache(value, record, validate=False), record
    )
    old = record[field.name]
    if field.type in ("float", "monetary"):
        return float_compare(old, new, precision_digits=6) != 0
    return old != new
