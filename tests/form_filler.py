"""Fills a form as a person would: what it asks for, with plausible values."""

import ast
import contextlib
import datetime
import itertools

from odoo import fields
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
# A name that says it: this date comes after the others.
LATE = ("end", "stop", "until", "_to", "close", "deadline", "due", "last", "cutoff")
# Fields that a person does not type, or whose widget writes them by itself.
NOT_TYPED = ("properties", "properties_definition", "json", "many2one_reference")
MOST_PASSES = 6
_number = itertools.count(1)


class NothingToChoose(Exception):
    """A field is required, and no record can be chosen in it."""


def fillable(form, name):
    """Whether a person could type in the field now."""
    modifier = form._get_modifier
    view = form._view
    return (
        name != "id"
        and view["fields"][name].get("type") is not None
        and not modifier(name, "invisible")
        and not modifier(name, "column_invisible")
        and not modifier(name, "readonly")
    )


def missing(form):
    """Names of the fields that the form still asks for."""
    return [
        name
        for name, info in form._view["fields"].items()
        if fillable(form, name)
        and info["type"] not in ("boolean", "integer", "float", "monetary")
        and form._get_modifier(name, "required")
        and not form._values[name]
    ]


def fill(form):
    """Fill what is required, until nothing is.

    :raises NothingToChoose: it cannot be filled
    """
    for _pass in range(MOST_PASSES):
        names = missing(form)
        if not names:
            return
        for name in names:
            if form._values[name] or not fillable(form, name):
                continue
            info = form._view["fields"][name]
            if info["type"] == "one2many":
                add_line(form, name)
            else:
                put(form, name, value_for(form, name))
    if names := missing(form):
        raise NothingToChoose(f"still asked for: {', '.join(names)}")


def check_saveable(form):
    """The client would not send the form with a field that is asked for and empty.

    :raises NothingToChoose: a widget has to fill such a field, not a person
    """
    for name, info in form._view["fields"].items():
        if (
            info["type"] not in ("boolean", "integer", "float", "monetary", "id", None)
            and not form._values[name]
            and not form._get_modifier(name, "invisible")
            and not form._get_modifier(name, "column_invisible")
            and form._get_modifier(name, "required")
        ):
            raise NothingToChoose(f"{name} is asked for and cannot be typed")


def put(form, name, value):
    """Type `value` (as the client holds it) in the field: its onchange runs."""
    info = form._view["fields"][name]
    if info["type"] == "many2many":
        form[name].set(form._env[info["relation"]].browse(value or ()))
        return
    if info["type"] == "many2one":
        value = form._env[info["relation"]].browse(value or ())
    form[name] = value


def value_for(form, name):
    """A plausible value for the field, as the client holds it.

    :raises NothingToChoose: no record can be chosen
    """
    info = form._view["fields"][name]
    kind = info["type"]
    if kind in ("many2one", "many2many"):
        chosen = choices(form, name)
        return chosen[0] if kind == "many2one" else chosen[:1]
    if kind == "selection":
        return next((key for key, _label in info["selection"] if key), False)
    if kind == "reference":
        return _reference(form, info, name)
    return _plain_value(form, name, kind)


def _plain_value(form, name, kind):
    number = next(_number)
    late = any(part in name for part in LATE)
    now = datetime.datetime.now().replace(microsecond=0)
    if kind == "date":
        day = now.date() + datetime.timedelta(days=20 if late else 1)
        return fields.Date.to_string(day)
    if kind == "datetime":
        later = datetime.timedelta(days=1, hours=2 if late else 0)
        return fields.Datetime.to_string(now + later)
    if kind in ("integer", "float", "monetary"):
        return 2 if late else 1
    if kind == "boolean":
        return True
    if kind == "binary":
        return PIXEL
    if kind == "html":
        return f"<p>Essai {number}</p>"
    if "email" in name:
        return f"essai{number}@coop.example.com"
    if "phone" in name:
        return f"+33 3 83 00 {number // 100 % 100:02} {number % 100:02}"
    if "url" in name or "website" in name:
        return f"https://essai{number}.coop.example.com"
    model = form._env[form._record._name]
    size = getattr(model._fields[name], "size", None)
    text = f"Essai {number}"
    return text[-size:].strip() if size else text


def _reference(form, info, name):
    for model, _label in info["selection"]:
        if found := form._env[model].search([], limit=1):
            return f"{model},{found.id}"
    raise NothingToChoose(f"no record for {name}")


def choices(form, name):
    """Ids of the records that the client would propose in the field.

    :raises NothingToChoose: there is none
    """
    info = form._view["fields"][name]
    node = _node(form, name)
    context = form._get_eval_context()
    domain = node.get("domain") or info.get("domain") or []
    if isinstance(domain, str):
        domain = safe_eval(domain, {"uid": form._env.uid, **context})
    comodel = form._env[info["relation"]].with_context(**form._get_context(name))
    found = comodel.web_name_search("", {"display_name": {}}, list(Domain(domain)))
    if not found:
        raise NothingToChoose(f"nothing to choose in {name}")
    return [row["id"] for row in found]


def line_lists(form):
    """Names of the one2many fields in which a line can be added.

    None in a row of a list: the client opens no list in a list.
    """
    names = []
    if form._view["tree"].tag != "form":
        return names
    for name, info in form._view["fields"].items():
        if info["type"] != "one2many" or not fillable(form, name):
            continue
        node = _node(form, name)
        rows = (
            node.find("list") if node.find("list") is not None else node.find("kanban")
        )
        options = ast.literal_eval(node.get("options") or "{}")
        if (
            rows is not None
            and _allows(rows, "create")
            and options.get("create", True)
            and form._env[info["relation"]].has_access("create")
        ):
            names.append(name)
    return names


def _node(form, name):
    tree = form._view["tree"]
    depth = int(tree.xpath("count(ancestor::field)"))
    return tree.xpath(f".//field[@name='{name}'][count(ancestor::field) = {depth}]")[0]


def _allows(node, what):
    return node.get(what, "1").lower() not in ("0", "false")


def add_line(form, name):
    """Add a line in the list, filled.

    :raises NothingToChoose: it cannot be filled
    """
    line = form.line(name)
    fill(line)
    line.save()


def touch(form):
    """Type in every field, then empty it: what each onchange meets sooner or later."""
    for name in list(form._view["fields"]):
        if not fillable(form, name):
            continue
        info = form._view["fields"][name]
        kind = info["type"]
        if kind in NOT_TYPED or kind in ("one2many", "binary", "reference"):
            continue
        if not form._view["onchange"].get(name):
            continue
        before = form._values[name]
        before = list(before) if kind == "many2many" else before
        nothing = 0 if kind in ("integer", "float", "monetary") else False
        if kind == "selection" and form._get_modifier(name, "required"):
            nothing = before  # the client shows no empty choice
        if before and nothing != before:
            put(form, name, nothing)
        if fillable(form, name):
            with contextlib.suppress(NothingToChoose):
                put(form, name, value_for(form, name))
        for value in (nothing, before) if not before else (before,):
            if fillable(form, name):
                put(form, name, value)
