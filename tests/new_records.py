"""Walks through *New* behind every menu of a user.

What a walk does with one form: opens it, adds a line to each of its lists, fills what
is required, saves; then opens it again and types in each field and empties it.
"""

import ast
import contextlib
import dataclasses
import datetime
import traceback

import psycopg2
from lxml import etree

from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from . import form_filler
from .client_form import ClientForm

SENTENCES = (UserError, RedirectWarning)
KINDS = ("form", "list")
# The menu of a Place that no menu opens.
BEHIND_LINKS = "Créer et modifier"


INTERNAL = "base.group_user"
# The roles of the demonstration that have a back office, then Odoo's own.
ROLES = {
    "referent": f"{INTERNAL},coop_base.coop_base_group_referent",
    "coordinator": f"{INTERNAL},coop_base.coop_base_group_coordinator",
    "buyer": f"{INTERNAL},coop_base.coop_base_group_buyer",
    "volunteer": f"{INTERNAL},coop_base.coop_base_group_volunteer_coordinator",
    "accountant": f"{INTERNAL},account.group_account_basic,"
    "account.group_account_manager",
    "manager": f"{INTERNAL},base.group_system,coop_base.coop_base_group_manager,"
    "account.group_account_manager,purchase.group_purchase_manager,"
    "sales_team.group_sale_manager,stock.group_stock_manager",
    "salesperson": f"{INTERNAL},sales_team.group_sale_salesman",
    "purchaser": f"{INTERNAL},purchase.group_purchase_user",
    "storekeeper": f"{INTERNAL},stock.group_stock_user",
    "biller": f"{INTERNAL},account.group_account_invoice",
    "internal": INTERNAL,
}


@dataclasses.dataclass(frozen=True)
class Place:
    """A *New* button: where it is and what it opens."""

    menu: str
    model: str
    kind: str
    view: int
    context: str

    def __str__(self):
        return f"{self.menu} ({self.model}, {self.kind})"


class Walk:
    """What happened to a user in each form.

    ``opened`` and ``saved``: lists of Place. ``unfilled``: ``{place: [what cannot be
    chosen]}``. ``refused``: ``{place: [sentence]}``. ``faults``: ``{place:
    [traceback]}``.
    """

    def __init__(self, env):
        self.env = env
        self.saved = []
        self.unfilled = {}
        self.refused = {}
        self.faults = {}
        self.opened = []

    def run(self, touched=()):
        """Walk through everything; returns the places whose fields were typed in.

        :param touched: places (without menu) typed in already, by another user
        """
        with mute_logger("odoo.sql_db"):  # a refused row is not a fault: see _step
            return self._run(set(touched))

    def _run(self, touched):
        done = set()
        for place in self.places():
            key = (place.model, place.kind, place.view, place.context)
            if key in done:
                continue
            done.add(key)
            # One more line is sometimes one too many: then it is saved without.
            self._step(place, self._fill_and_save) or self._step(
                place, self._fill_and_save, False
            )
            if key not in touched and is_ours(self.env[place.model]):
                touched.add(key)
                self._step(place, self._touch)
        return touched

    # -- one place

    def _step(self, place, step, *arguments):
        """Take the step, then undo it; returns whether it came to its end."""
        with self._rolled_back():
            try:
                step(place, *arguments)
                return True
            except form_filler.NothingToChoose as nothing:
                self.unfilled.setdefault(place, []).append(str(nothing))
            except SENTENCES as refusal:
                self.refused.setdefault(place, []).append(str(refusal))
            except psycopg2.errors.NotNullViolation:
                # Odoo would name a column that the form does not show.
                self._fault(place)
            except psycopg2.IntegrityError as error:
                self.refused.setdefault(place, []).append(str(error))
            except Exception:
                self._fault(place)
        return False

    def _fault(self, place):
        self.faults.setdefault(place, []).append(traceback.format_exc())

    @contextlib.contextmanager
    def _rolled_back(self):
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.clear()
            # What the step changed for everyone (groups, parameters) is undone too.
            self.env.registry.reset_changes()

    def _open(self, place):
        context = ast.literal_eval(place.context)
        model = self.env[place.model].with_context(**context)
        form = ClientForm(model, place.view, place.kind)
        self.opened.append(place)
        return form

    def _fill_and_save(self, place, with_lines=True):
        form = self._open(place)
        form_filler.fill(form)
        for name in form_filler.line_lists(form) if with_lines else ():
            if form_filler.fillable(form, name):
                self._add_line(place, form, name)
        form_filler.fill(form)
        form_filler.check_saveable(form)
        form.save()
        self.saved.append(place)

    def _add_line(self, place, form, name):
        try:
            form_filler.add_line(form, name)
        except form_filler.NothingToChoose as nothing:
            self.unfilled.setdefault(place, []).append(f"{name}: {nothing}")

    def _touch(self, place):
        form = self._open(place)
        form_filler.touch(form)
        self._touch_lines(place, form)

    def _touch_lines(self, place, form):
        """Lines of the form, and their own lines."""
        for name in form_filler.line_lists(form):
            if not form_filler.fillable(form, name):
                continue
            try:
                line = form.line(name)
                form_filler.touch(line)
                self._touch_lines(place, line)
                form_filler.fill(line)
                line.save()
            except form_filler.NothingToChoose as nothing:
                self.unfilled.setdefault(place, []).append(f"{name}: {nothing}")

    # -- where New is

    def places(self):
        """Every *New* of the user: list of Place."""
        found = []
        for menu, action in self._actions():
            context = self._context(action.get("context"))
            if action["type"] != "ir.actions.act_window" or action.get("res_id"):
                continue
            if context.get("create") is False or not action.get("res_model"):
                continue
            model = self.env[action["res_model"]].with_context(**context)
            if not model.has_access("create"):
                continue
            for kind, view in self._new_views(model, action):
                found.append(Place(menu, model._name, kind, view, repr(context)))
        return [*found, *self._behind_links()]

    def _behind_links(self):
        """Forms that open from a field that points to the model: "Create and edit"."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if (
                name.startswith("coop.")
                and not model._abstract
                and not model._transient
                and model.has_access("create")
            ):
                yield Place(BEHIND_LINKS, name, "form", False, "{}")

    def _actions(self):
        menus = self.env["ir.ui.menu"]
        shown = menus.load_web_menus(debug=False)
        for menu in menus.browse(sorted(key for key in shown if key != "root")):
            action = menu.sudo().action
            if not action:
                continue
            label = menu.sudo().complete_name
            if action._name == "ir.actions.act_window":
                yield label, action.sudo()._get_action_dict()
            elif action._name == "ir.actions.server":
                with self._rolled_back():
                    result = action.with_user(self.env.user).with_context(
                        active_model=False, active_id=False, active_ids=[]
                    )
                    result = self._run_server_action(label, result)
                if result and result.get("type") == "ir.actions.act_window":
                    yield label, result

    def _run_server_action(self, label, action):
        place = Place(label, action.model_name, "action", action.id, "{}")
        try:
            return action.run()
        except SENTENCES as refusal:
            self.refused[place] = [str(refusal)]
        except Exception:
            self.faults[place] = [traceback.format_exc()]
        return False

    def _context(self, context):
        if isinstance(context, str):
            user = self.env.user
            known = {
                "uid": user.id,
                "active_id": False,
                "active_ids": [],
                "active_model": False,
                "allowed_company_ids": self.env.companies.ids,
                "context_today": datetime.date.today,
            }
            context = safe_eval(context.strip() or "{}", known)
        return dict(context or {})

    def _new_views(self, model, action):
        """``(kind, view id)`` of what *New* opens: the form, or a row of the list."""
        views = [
            (kind, view)
            for view, kind in action.get("views")
            or [
                (action.get("view_id"), kind) for kind in action["view_mode"].split(",")
            ]
        ]
        kinds = {}
        for kind, view in views:
            if isinstance(view, (list, tuple)):
                view = view[0]
            kinds.setdefault(kind, view or False)
        for kind in KINDS:
            if kind not in kinds:
                continue
            arch = model.get_views([(kinds[kind], kind)])["views"][kind]["arch"]
            tree = etree.fromstring(arch)
            if not form_filler._allows(tree, "create"):
                continue
            if kind == "list" and not tree.get("editable"):
                continue
            yield kind, kinds[kind]


def is_ours(model):
    """Whether an add-on of the suite made or extended the model."""
    return any(
        base.__module__.startswith("odoo.addons.coop_") for base in type(model).__mro__
    )
