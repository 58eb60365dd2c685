"""The contract with Odoo: what of its private code, and of the OCA's, ours relies on.

Nobody promises that a private method stays as it is. Each one that an add-on overrides
or calls, and each internal that it imports, is pinned in ``tests/contract.toml`` by its
signature and a hash of its source; when Odoo is upgraded, ``./coop contract`` prints
what moved and which of our add-ons to look at.

Everything is read from the source, of ours and of the add-ons that ours depend on.
Where a receiver is not known (``order.picking_ids._action_done()``), each definition of
that name in those add-ons' models is pinned.
"""

import ast
import collections
import hashlib
import json
import re
import sys
import textwrap
from dataclasses import dataclass, field
from functools import cached_property

import tomllib

from devtools import odoo_source, settings
from devtools.console import say

PINNED = settings.ROOT / "tests" / "contract.toml"
HEAD = """\
# What of Odoo's and the OCA's private code ours relies on: made by
# `./coop contract --update`, once what moved was looked at.
"""
# The base of every model, which no `_inherit` names.
BASE = "base model"
# Of the framework, what models and controllers stand on.
FRAMEWORK = ("orm", "http.py", "models", "fields", "sql_db.py", "tools")


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


@dataclass
class Definition:
    """A method or function somewhere: its signature and a hash of its source."""

    where: str  # the add-on, or "odoo/orm/models.py"
    signature: str
    hash: str

    @classmethod
    def read(cls, where, node, rows):
        first = min([node.lineno, *(d.lineno for d in _decorators(node))])
        text = textwrap.dedent("\n".join(rows[first - 1 : node.end_lineno]))
        text = "\n".join(row.rstrip() for row in text.splitlines())
        signature = ""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            signature = f"({ast.unparse(node.args)})"
        return cls(where, signature, hashlib.sha256(text.encode()).hexdigest()[:16])


def _decorators(node):
    return getattr(node, "decorator_list", [])


@dataclass
class Source:
    """Python files of some add-ons, read.

    ``methods``: ``{(owner, method): [Definition]}``, an owner being a model or, with a
    dot before it, a Python class; ``parents``: ``{owner: {owner}}``; ``named``:
    ``{method: {owner}}``; ``top``: ``{(module, name): Definition}`` of what stands in
    no class; ``uses``: of the private names of others.
    """

    methods: dict = field(default_factory=lambda: collections.defaultdict(list))
    parents: dict = field(default_factory=lambda: collections.defaultdict(set))
    named: dict = field(default_factory=lambda: collections.defaultdict(set))
    top: dict = field(default_factory=dict)
    uses: list = field(default_factory=list)

    def ancestors(self, owner):
        """The owner itself and all that it inherits from."""
        seen, left = [], [owner]
        while left:
            name = left.pop(0)
            if name not in seen:
                seen.append(name)
                left += sorted(self.parents.get(name, ()))
        return seen

    def find(self, owner, method):
        """``{owner: [Definition]}`` of a method, of the owner and what it inherits."""
        return {
            name: self.methods[name, method]
            for name in [*self.ancestors(owner), BASE]
            if (name, method) in self.methods
        }


@dataclass
class Use:
    """What one add-on of ours does with one private name."""

    addon: str
    how: str  # "overrides", "calls", "imports"
    owner: str  # a model, a .class, a module, or "" where nobody can know
    name: str


def _owners(node):
    """``(models or .class that the class body makes or opens, what it inherits)``."""
    found = {}
    for item in node.body:
        if isinstance(item, ast.Assign):
            for target in item.targets:
                if getattr(target, "id", None) in ("_name", "_inherit"):
                    try:
                        found[target.id] = ast.literal_eval(item.value)
                    except ValueError:
                        continue
    inherits = found.get("_inherit") or []
    inherits = [inherits] if isinstance(inherits, str) else list(inherits)
    bases = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
    if "_name" in found and isinstance(found["_name"], str):
        return found["_name"], inherits
    if inherits:
        return inherits[0], inherits[1:]
    if node.name == "BaseModel":
        return BASE, []
    return f".{node.name}", [f".{base}" for base in sorted(bases) if base]


def _read_classes(source, where, tree, rows):
    """Add the classes of a module to `source`; yield ``(owner, class node)``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        owner, inherits = _owners(node)
        source.parents[owner] |= set(inherits) - {owner}
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and is_private(item.name):
                definition = Definition.read(where, item, rows)
                source.methods[owner, item.name].append(definition)
                source.named[item.name].add(owner)
        yield owner, node


def _python_files(folder):
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).parts
        if not {"tests", "migrations", "upgrades", "static"} & set(parts):
            yield path


class Theirs:
    """Odoo's and the OCA's add-ons that ours depend on, and the framework."""

    def __init__(self):
        self.source = Source()
        for name in self.addons:
            for path in _python_files(self.folder(name)):
                relative = path.relative_to(self.folder(name)).with_suffix("")
                module = ".".join(("odoo", "addons", name, *relative.parts))
                self._read(name, module, path)
        home = odoo_source.home() / "odoo"
        for part in FRAMEWORK:
            path = home / part
            files = [path] if path.is_file() else _python_files(path)
            for file in files:
                relative = file.relative_to(home.parent)
                module = ".".join(relative.with_suffix("").parts)
                self._read(str(relative), module.removesuffix(".__init__"), file)

    def _read(self, where, module, path):
        text = path.read_text()
        tree, rows = ast.parse(text), text.splitlines()
        for _owner in _read_classes(self.source, where, tree, rows):
            pass
        for node in tree.body:
            names = [getattr(node, "name", None)]
            if isinstance(node, ast.Assign):
                names = [getattr(target, "id", None) for target in node.targets]
            for name in filter(None, names):
                self.source.top[module, name] = Definition.read(where, node, rows)

    @cached_property
    def folders(self):
        """Where add-ons are that are not ours."""
        home = odoo_source.home()
        places = [*settings.VENV.glob("lib/python*/site-packages/odoo/addons")]
        return [home / "odoo" / "addons", *odoo_source.addons_paths(), *places]

    def folder(self, name):
        for place in self.folders:
            if (place / name / "__manifest__.py").exists():
                return place / name
        return None

    @cached_property
    def addons(self):
        """Names of the add-ons below ours, and *base*."""
        seen, left = {"base"}, []
        for name in settings.own_modules():
            left += _depends(settings.ADDONS / name)
        own = set(settings.own_modules())
        while left:
            name = left.pop()
            if name not in seen | own and self.folder(name):
                seen.add(name)
                left += _depends(self.folder(name))
        return sorted(seen)


def _depends(folder):
    manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
    return manifest.get("depends", [])


def read_ours(addons=settings.ADDONS):
    """The add-ons of the suite: a :class:`Source` with its uses of private names."""
    source = Source()
    for manifest in sorted(addons.glob("*/__manifest__.py")):
        folder = manifest.parent
        for path in _python_files(folder):
            text = path.read_text()
            tree = ast.parse(text)
            for owner, node in _read_classes(
                source, folder.name, tree, text.splitlines()
            ):
                source.uses += [
                    Use(folder.name, "overrides", owner, item.name)
                    for item in node.body
                    if isinstance(item, ast.FunctionDef) and is_private(item.name)
                ]
            source.uses += _find_calls(folder.name, tree)
            source.uses += _find_imports(folder.name, tree)
    return source


def _find_calls(addon, tree):
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, receiver = node.func.attr, node.func.value
        is_super = isinstance(receiver, ast.Call) and (
            getattr(receiver.func, "id", "") == "super"
        )
        if is_private(name) and not is_super and name != "_":
            yield Use(addon, "calls", _model_of(receiver), name)


def _model_of(node):
    """The model of ``env["model"]``, with or without sudo() and the like; else ""."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr not in ("sudo", "with_context", "with_company", "with_user"):
            return ""
        node = node.func.value
    is_env = isinstance(node, ast.Subscript) and (
        getattr(node.value, "attr", getattr(node.value, "id", "")) == "env"
    )
    if is_env and isinstance(node.slice, ast.Constant):
        return node.slice.value
    return ""


def _find_imports(addon, tree):
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module or node.level:
            continue
        module = node.module
        if module.split(".")[0] != "odoo" or module.startswith("odoo.addons.coop_"):
            continue
        is_internal = module.startswith("odoo.addons.")
        for alias in node.names:
            if alias.name != "_" and (is_internal or is_private(alias.name)):
                yield Use(addon, "imports", module, alias.name)


# -- what is relied on


@dataclass
class Promise:
    """A private name of theirs: its definitions, and who of ours relies on it."""

    definitions: list
    users: set = field(default_factory=set)

    def pins(self):
        return {d.where: f"{d.signature} {d.hash}" for d in _joined(self.definitions)}


def _joined(definitions):
    """One definition a place: an add-on may hold several of one name."""
    places = collections.defaultdict(list)
    for definition in definitions:
        places[definition.where].append(definition)
    for where, found in sorted(places.items()):
        signatures = dict.fromkeys(d.signature for d in found if d.signature)
        text = " ".join(d.hash for d in found)
        if len(found) > 1:
            text = hashlib.sha256(text.encode()).hexdigest()[:16]
        yield Definition(where, " | ".join(signatures), text)


def find(ours=None, theirs=None):
    """``{"model.method" or "module:name": Promise}``, sorted."""
    ours, theirs = ours or read_ours(), theirs or Theirs().source
    found = {}

    def note(key, definitions, use):
        promise = found.setdefault(key, Promise(definitions))
        promise.users.add((use.addon, use.how))

    for use in ours.uses:
        if use.how == "imports":
            definition = theirs.top.get((use.owner, use.name))
            # A class that ours inherit from: what they override of it is pinned.
            if definition and (definition.signature or not use.name[:1].isupper()):
                note(f"{use.owner}:{use.name}", [definition], use)
            continue
        for owner, definitions in _resolve(use, ours, theirs):
            note(f"{owner.removeprefix('.')}.{use.name}", definitions, use)
    return dict(sorted(found.items()))


def _resolve(use, ours, theirs):
    """``(owner, definitions)`` of theirs that a use of a private name may reach."""
    if use.how == "overrides":
        # What a mixin of ours overrides is of the models that inherit it.
        heirs = [o for o in ours.parents if use.owner in ours.ancestors(o)]
        for owner in {use.owner, *heirs}:
            for ancestor in ours.ancestors(owner):
                yield from theirs.find(ancestor, use.name).items()
        return
    if use.owner:
        reached = theirs.find(use.owner, use.name)
        for parent in ours.ancestors(use.owner):
            reached.update(theirs.find(parent, use.name))
        yield from reached.items()
        return
    if use.name in ours.named and not _is_override(use.name, ours, theirs):
        return
    owners = theirs.named.get(use.name, set())
    for owner in sorted({BASE} if BASE in owners else owners):
        definitions = theirs.methods[owner, use.name]
        if not owner.startswith(".") or any("/" in d.where for d in definitions):
            yield owner, definitions


def _is_override(name, ours, theirs):
    return any(theirs.find(owner, name) for owner in ours.named[name])


# -- the file


def read_pinned(path=PINNED):
    """``{name: {place: "signature hash"}}``."""
    return tomllib.loads(path.read_text()) if path.exists() else {}


def write_pinned(promises, path=PINNED):
    lines = [HEAD]
    for name, promise in promises.items():
        lines.append(f"[{json.dumps(name)}]")
        for where, pin in promise.pins().items():
            key = where if re.fullmatch(r"[\w-]+", where) else json.dumps(where)
            lines.append(f"{key} = {json.dumps(pin, ensure_ascii=False)}")
        lines.append("")
    path.write_text("\n".join(lines))


def compare(promises, pinned):
    """What moved, one line each: whose, which of ours rely on it, what changed."""
    for name in sorted({*promises, *pinned}):
        now = promises[name].pins() if name in promises else {}
        then = pinned.get(name, {})
        for where in sorted({*now, *then}):
            change = _describe(then.get(where), now.get(where))
            if change:
                yield f"{name} ({where}): {change}{_users(promises.get(name))}"


def _describe(then, now):
    if then == now:
        return None
    if then is None:
        return "not pinned yet"
    if now is None:
        return "gone, or ours does not rely on it any more"
    before, after = then.rpartition(" ")[0], now.rpartition(" ")[0]
    if before != after:
        return f"signature was {before}, is {after}"
    return "its source changed"


def _users(promise):
    if not promise:
        return ""
    hows = collections.defaultdict(set)
    for addon, how in promise.users:
        hows[how].add(addon)
    texts = [f"{', '.join(sorted(hows[how]))} {how} it" for how in sorted(hows)]
    return f" – {'; '.join(texts)}"


def run(*, update=False):
    """Print what moved; with `update`, pin what there is now. Returns 0 or 1."""
    promises = find()
    moved = list(compare(promises, read_pinned()))
    for line in moved:
        say(f"  {line}")
    if update:
        write_pinned(promises)
        say(f"{len(promises)} private names are pinned in {PINNED.name}.")
        return 0
    say(
        f"{len(moved)} moved of {len(promises)}: look at them, then "
        "./coop contract --update."
        if moved
        else f"All {len(promises)} private names are as they were."
    )
    return int(bool(moved))


if __name__ == "__main__":
    sys.exit(run(update="--update" in sys.argv))
