"""Odoo's test form, asking and sending what the web client asks and sends.

``odoo.tests.Form`` asks for bare ids; the web client asks for the names of what it
shows, so that the names of records not yet saved are computed too.
"""

from datetime import date

from lxml import etree

from odoo.fields import Command
from odoo.tests import form as odoo_form
from odoo.tools import safe_eval

# What the client knows besides the values of the form.
EVALUATION = {
    "time": safe_eval.time,
    "datetime": safe_eval.datetime,
    "relativedelta": safe_eval.dateutil.relativedelta.relativedelta,
    "context_today": date.today,
}
NAMED = {"fields": {"display_name": {}}}
RELATIONAL = ("many2one", "many2many")


class ClientForm(odoo_form.Form):
    """A form for a new record (or a row of a list that is edited in place).

    ``kind`` is ``form`` or ``list``.
    """

    def __init__(self, record, view=None, kind="form"):
        setattr_ = object.__setattr__
        setattr_(self, "_record", record)
        setattr_(self, "_env", record.env)
        views = record.get_views([(view or False, kind)])
        setattr_(self, "_models_info", views["models"])
        tree = etree.fromstring(views["views"][kind]["arch"])
        for node in tree.xpath("//field[@force_save='0']"):
            del node.attrib["force_save"]  # odoo.tests.Form takes "0" for a yes
        # A row shows its lists as words, and opens none of them.
        level = 2 if kind == "form" else 0
        setattr_(self, "_view", self._process_view(tree, record, level))
        setattr_(self, "_values", odoo_form.UpdateDict())
        if record:
            self._init_from_record()
        else:
            self._init_from_defaults()

    def _process_view(self, tree, model, level=2):
        view = super()._process_view(tree, model, level=level)
        depth = tree.xpath("count(ancestor::field)")
        for node in tree.xpath(f".//field[count(ancestor::field) = {depth}]"):
            spec = view["fields_spec"][node.get("name")]
            kind = view["fields"][node.get("name")]["type"]
            if kind in RELATIONAL:
                spec.setdefault("fields", {}).update(NAMED["fields"])
            if kind == "many2many":
                infos = self._models_info.get(
                    view["fields"][node.get("name")].get("relation"), {}
                )
                for column in node.xpath("./list/field|./kanban/field"):
                    known = infos.get("fields", {}).get(column.get("name"))
                    if known and known["type"] not in ("one2many", "many2many"):
                        named = NAMED if known["type"] == "many2one" else {}
                        spec["fields"][column.get("name")] = dict(named)
        return view

    def _get_eval_context(self, values=None):
        context = super()._get_eval_context(values)
        return {**EVALUATION, "uid": self._env.uid, **context}

    def _init_from_record(self):
        [values] = self._record.web_read(self._view["fields_spec"])
        self._load(values)

    def _load(self, values):
        self._env.flush_all()
        self._env.clear()
        self._values.clear()
        bare = plain(values, self._view["fields"])
        self._values.update(odoo_form.convert_read_to_form(bare, self._view["fields"]))

    def _apply_onchange_(self, values, fields, onchange_values):
        return super()._apply_onchange_(values, fields, plain(onchange_values, fields))

    def save(self):
        """Save as the client does, read again what it shows; returns the record."""
        values = self._get_save_values()
        [read] = self._record.web_save(values, self._view["fields_spec"])
        if not self._record:
            object.__setattr__(self, "_record", self._record.browse(read["id"]))
        self._load(read)
        return self._record

    def line(self, name):
        """A new line of the one2many `name`; `save()` puts it in the form."""
        proxy = self[name]
        proxy._assert_editable()
        return ClientLine(proxy)


class ClientLine(ClientForm, odoo_form.O2MForm):
    """A line that is being added in a form."""

    def __init__(self, proxy):
        odoo_form.O2MForm.__init__(self, proxy)

    def save(self):
        """Put the line in its form."""
        return odoo_form.O2MForm.save(self)


def plain(values, fields):
    """What the client got, without the names: what ``odoo.tests.Form`` works on."""
    result = {}
    for name, value in values.items():
        info = fields.get(name, {})
        kind = info.get("type")
        if kind == "many2one" and isinstance(value, dict):
            value = value["id"]
        elif kind in ("one2many", "many2many") and value:
            inner = {}
            if kind == "one2many":
                inner = info.get("edition_view", {}).get("fields", {})
            value = [_plain_line(line, inner) for line in value]
            if kind == "many2many" or not inner:
                value = [v["id"] if isinstance(v, dict) else v for v in value]
        result[name] = value
    return result


def _plain_line(line, fields):
    if isinstance(line, dict):
        return plain(line, {**fields, "id": {"type": "id"}}) if fields else line
    code, line_id, *rest = line
    if code in (Command.CREATE, Command.UPDATE, Command.LINK) and rest:
        values = {n: v for n, v in (rest[0] or {}).items() if n in fields or n == "id"}
        if code == Command.LINK and not fields:
            values = {"id": line_id}
        return (code, line_id, plain(values, fields))
    return tuple(line)
