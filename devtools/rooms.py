"""The house: rooms where each rule has one home, measured on the source.

Of each add-on, tests apart: models opened by more than one class, methods that override
themselves, `sudo()` without its reason, context keys that nobody declared, size.
Nothing is imported: what is read is the text.

    ./coop rooms [add-ons]
"""

import ast
import collections
import re
from dataclasses import dataclass, field

import tomllib

from devtools import settings
from devtools.console import say

# Lines of Python, tests apart.
CORE_LINES = 10_500
FEATURE_LINES = 3_500
CORES = {
    "coop_base",
    "coop_logistics",
    "coop_orders",
    "coop_reconciliation",
    "coop_volunteers",
}
# A key that more than one add-on needs is an exception; all together they are few.
MAX_KEYS = 15
KEYS = settings.ROOT / "devtools" / "context_keys.toml"
# The reason of a sudo() stands on its line or in the lines just above.
REASON_LINES = 8
OWN_KEY = re.compile(r"coop_\w+")


@dataclass
class Room:
    """What was measured of one add-on.

    ``reopened``: ``{model: [where]}``; ``overridden``: ``{"model.method": [where]}``;
    ``bare``: places of a sudo() without a reason; ``keys``: ``{context key: [where]}``.
    """

    name: str
    lines: int = 0
    reopened: dict = field(default_factory=dict)
    overridden: dict = field(default_factory=dict)
    bare: list = field(default_factory=list)
    sudo: int = 0
    keys: dict = field(default_factory=dict)

    @property
    def limit(self):
        return CORE_LINES if self.name in CORES else FEATURE_LINES


@dataclass
class Opened:
    """A class that makes or opens a model."""

    model: str
    inherits: list
    methods: dict  # name → whether it is an empty hook
    where: str


def measure(folder):
    """The :class:`Room` of the add-on in `folder`."""
    room, classes = Room(folder.name), []
    keys = collections.defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(folder)
        if "tests" in relative.parts:
            continue
        text = path.read_text()
        tree, where = ast.parse(text), f"{folder.name}/{relative}"
        rows = text.splitlines()
        room.lines += len(rows)
        for number in _sudo_lines(rows):
            room.sudo += 1
            if not _has_reason(rows, number):
                room.bare.append(f"{where}:{number + 1}")
        for key, line in _find_keys(tree):
            keys[key].append(f"{where}:{line}")
        classes += _find_classes(tree, where)
    room.keys = dict(sorted(keys.items()))
    _compare(room, classes)
    return room


def _sudo_lines(rows):
    return [
        number
        for number, row in enumerate(rows)
        if ".sudo()" in row and not row.lstrip().startswith("#")
    ]


def _has_reason(rows, number):
    near = "\n".join(rows[max(0, number - REASON_LINES) : number + 1])
    return "#" in near or "sudo" in near.replace(".sudo()", "")


# -- models


def _literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _find_classes(tree, where):
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        named = {
            target.id: _literal(item.value)
            for item in node.body
            if isinstance(item, ast.Assign)
            for target in item.targets
            if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
        }
        inherits = named.get("_inherit") or []
        inherits = [inherits] if isinstance(inherits, str) else list(inherits)
        model = named.get("_name") or (inherits[0] if len(inherits) == 1 else None)
        if model:
            methods = {
                item.name: _is_hook(item)
                for item in node.body
                if isinstance(item, ast.FunctionDef)
            }
            yield Opened(model, inherits, methods, f"{where}:{node.lineno}")


def _is_hook(function):
    """Whether the method is empty: it says what may be done there, and returns a value.

    Such a method is there to be overridden.
    """
    body = function.body
    if ast.get_docstring(function):
        body = body[1:]
    if not body:
        return True
    (first, *more) = body
    if more:
        return False
    if isinstance(first, ast.Return):
        return first.value is None or not any(
            isinstance(node, ast.Call | ast.Await) for node in ast.walk(first.value)
        )
    return isinstance(first, ast.Pass | ast.Raise)


def _compare(room, classes):
    by_model = collections.defaultdict(list)
    for opened in classes:
        by_model[opened.model].append(opened)
    users = collections.Counter(
        mixin for opened in classes for mixin in opened.inherits if mixin in by_model
    )
    for model, blocks in sorted(by_model.items()):
        if len(blocks) > 1:
            room.reopened[model] = [block.where for block in blocks]
        # A part of this model alone, in a file of its own, is the model's; a mixin that
        # several models share is made to be overridden.
        parts = [
            part
            for block in blocks
            for name in block.inherits
            if name != model and users[name] == 1
            for part in by_model.get(name, [])
        ]
        places = collections.defaultdict(list)
        for block in blocks:
            for name in block.methods:
                places[name].append(block.where)
        for part in parts:
            for name, is_hook in part.methods.items():
                if not is_hook:
                    places[name].append(part.where)
        for name, found in sorted(places.items()):
            if len(found) > 1:
                room.overridden[f"{model}.{name}"] = found


# -- context keys


def _find_keys(tree):
    """``(own context key, line)``, read or given, of a module."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def own(node):
        value = constants.get(node.id) if isinstance(node, ast.Name) else None
        value = node.value if isinstance(node, ast.Constant) else value
        if isinstance(value, str) and OWN_KEY.fullmatch(value):
            yield value, node.lineno

    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _keys_of_call(node, own)
        elif isinstance(node, ast.Subscript) and _is_context(node.value):
            yield from own(node.slice)
        elif isinstance(node, ast.Compare) and any(map(_is_context, node.comparators)):
            yield from own(node.left)


def _keys_of_call(call, own):
    function = call.func
    name = getattr(function, "attr", getattr(function, "id", None))
    gives = name == "with_context" or (
        name == "dict" and call.args and _is_context(call.args[0])
    )
    if gives:
        for keyword in call.keywords:
            if keyword.arg and OWN_KEY.fullmatch(keyword.arg):
                yield keyword.arg, keyword.value.lineno
            elif keyword.arg is None and isinstance(keyword.value, ast.Dict):
                for key in filter(None, keyword.value.keys):
                    yield from own(key)
    elif (
        isinstance(function, ast.Attribute)
        and name in ("get", "pop")
        and call.args
        and _is_context(function.value)
    ):
        yield from own(call.args[0])


def _is_context(node):
    name = getattr(node, "attr", getattr(node, "id", None))
    return name in ("context", "_context")


# -- the whole


def read_declared(path=KEYS):
    """``{context key: reason}`` of the list of keys."""
    return tomllib.loads(path.read_text()) if path.exists() else {}


def find_faults(rooms, declared):
    """One sentence for each rule that is broken."""
    for room in rooms:
        for model, places in room.reopened.items():
            yield f"{room.name}: {model} is opened by several classes: {_list(places)}"
        for method, places in room.overridden.items():
            yield f"{room.name}: {method} overrides itself: {_list(places)}"
        for place in room.bare:
            yield f"{place}: sudo() without a reason in a comment"
        if room.lines > room.limit:
            yield (
                f"{room.name}: {room.lines} lines of Python, more than {room.limit}: "
                "what somebody may not want is an add-on of its own"
            )
    yield from _find_key_faults(rooms, declared)


def _find_key_faults(rooms, declared):
    used = collections.defaultdict(list)
    for room in rooms:
        for key, places in room.keys.items():
            used[key] += places
    for key, places in sorted(used.items()):
        if not str(declared.get(key, "")).strip():
            yield f"context key {key}: no reason in {KEYS.name} ({_list(places)})"
    for key in sorted(set(declared) - set(used)):
        yield f"context key {key}: in {KEYS.name}, and nowhere else"
    if len(used) > MAX_KEYS:
        yield f"{len(used)} context keys of our own, more than {MAX_KEYS}"


def _list(places):
    shown = ", ".join(places[:4])
    return shown + (f" and {len(places) - 4} more" if len(places) > 4 else "")


def run(names=(), addons=settings.ADDONS, declared=None):
    """Print the figures of the add-ons, and what is wrong. Returns 0 or 1."""
    folders = [path.parent for path in sorted(addons.glob("*/__manifest__.py"))]
    rooms = [measure(path) for path in folders]
    shown = [room for room in rooms if not names or room.name in names]
    width = max((len(room.name) for room in shown), default=0)
    heads = ("lines", "reopened", "overridden", "sudo", "bare", "keys")
    say(" ".join([" " * width, *(head.rjust(10) for head in heads)]))
    for room in shown:
        parts = (room.reopened, room.overridden, room.bare, room.keys)
        reopened, overridden, bare, keys = map(len, parts)
        figures = (room.lines, reopened, overridden, room.sudo, bare, keys)
        say(" ".join([room.name.ljust(width), *(f"{n:10}" for n in figures)]))
    declared = read_declared() if declared is None else declared
    faults = list(find_faults(shown, declared if not names else _only(declared, shown)))
    for fault in faults:
        say(f"  {fault}")
    return int(bool(faults))


def _only(declared, rooms):
    """What is declared of the keys of these rooms: the others are used elsewhere."""
    used = {key for room in rooms for key in room.keys}
    return {key: reason for key, reason in declared.items() if key in used}
