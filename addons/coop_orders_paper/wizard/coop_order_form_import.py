# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare

from odoo.addons.coop_tools.tools.sheet import SheetError, open_workbook

from ..tools.order_form import FormError, merge, read_form


class _DryRun(Exception):
    """Undoes what was tried."""


class CoopOrderFormImport(models.TransientModel):
    """An order form that comes back: first said, then done."""

    _name = "coop.order.form.import"
    _description = "Order Form Sent Back"

    window_id = fields.Many2one(
        "coop.order.window", required=True, ondelete="cascade", readonly=True
    )
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    form_id = fields.Many2one("coop.order.form", readonly=True, ondelete="cascade")
    state = fields.Selection(
        [("upload", "File"), ("checked", "Check"), ("done", "Done")],
        default="upload",
        required=True,
        readonly=True,
    )
    skip_bad = fields.Boolean(
        string="Take the good quantities even if some are bad",
        help="Otherwise it is all or nothing.",
    )
    summary = fields.Char(readonly=True)
    ask_count = fields.Integer(readonly=True)
    bad_count = fields.Integer(readonly=True)
    change_count = fields.Integer(readonly=True)
    line_ids = fields.One2many("coop.order.form.import.line", "import_id")

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_check(self):
        """Say what would change; nothing is written."""
        self.ensure_one()
        form, data = self._read_file()
        plan = self._make_plan(form, data)
        try:
            with self.env.cr.savepoint():
                refused = self._apply(form, plan)
                raise _DryRun
        except _DryRun:
            self.env.invalidate_all(flush=False)
        self.form_id = form
        self._show(form, data, plan, refused, "checked")
        return self._reopen()

    def action_import(self):
        """Change the orders as the file says, where only the file changed."""
        self.ensure_one()
        form, data = self._read_file()
        choices = {
            (line.member_ref, line.offer_ref): line.choice
            for line in self.line_ids
            if line.kind == "ask"
        }
        plan = self._make_plan(form, data, choices)
        if self._find_bad(form, data) and not self.skip_bad:
            return self.action_check()
        refused = self._apply(form, plan)
        form._keep_agreed(plan, refused)
        self._show(form, data, plan, refused, "done")
        return self._reopen()

    def action_open_grid(self):
        """The orders as they are now."""
        return self.window_id.action_open_entry_grid()

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _read_file(self):
        """``(form, what the file says)``.

        :raise UserError: why this file cannot be taken, in one sentence
        """
        self.window_id.check_access("read")
        try:
            content = base64.b64decode(self.file or b"")
            data = read_form(open_workbook(content))
        except (SheetError, FormError, binascii.Error) as error:
            raise UserError(self._get_file_sentence(error)) from error
        # sudo: whether it exists; the rights are checked just below.
        form = self.env["coop.order.form"].sudo().browse(data.form_id).exists()
        if (
            not form
            or form._get_checksum() != data.checksum
            or not set(data.members) <= set(form.layout["members"])
            or not set(data.offers) <= set(form.layout["offers"])
        ):
            raise UserError(self._get_file_sentence(FormError("foreign")))
        if form.window_id != self.window_id:
            raise UserError(
                self.env._(
                    "This file is the form of “%(other)s”, not of “%(window)s”: choose"
                    " the right file or the right order window.",
                    other=form.window_id.name,
                    window=self.window_id.name,
                )
            )
        form = form.sudo(False)
        if not form.has_access("read"):
            raise UserError(
                self.env._(
                    "This form is of members you do not look after: ask their referent."
                )
            )
        if not self.window_id._is_taking_orders():
            raise UserError(self.window_id._get_closed_sentence())
        return form, data

    def _get_file_sentence(self, error):
        code = getattr(error, "code", "format")
        if code == "headings":
            return self.env._(
                "Headings of the form were changed: %(cell)s must read “%(expected)s”."
                " Download the form again, or put it back.",
                cell=error.cell,
                expected=error.expected,
            )
        return {
            "empty": self.env._("This file is empty: choose the form, filled in."),
            "too_big": self.env._(
                "This file is too big to be an order form: choose the form, filled in."
            ),
            "foreign": self.env._(
                "This is not an order form of ours: send back the file that was"
                " downloaded or sent by e-mail, filled in."
            ),
        }.get(
            code,
            self.env._(
                "This file cannot be read. Save the form as xlsx, then try again."
            ),
        )

    # ------------------------------------------------------------------
    # What it would do
    # ------------------------------------------------------------------

    def _make_plan(self, form, data, choices=None):
        """``{(member id, offer id): {'action', 'in_file', 'now'}}``, changes only.

        ``action`` is ``apply``, ``ask``, ``leave`` (decided: the order stays) or
        ``same`` (file and order agree). Quantities as they are written in a box.
        """
        choices = choices or {}
        window = form.sudo().window_id.sudo(False)
        members = self.env["res.partner"].browse(data.members)
        current = {
            (order.partner_id.id, line.offer_id.id): line.offer_id._to_entry_quantity(
                line.product_uom_qty
            )
            for order in window._get_entry_orders(members).values()
            for line in order.order_line
            if line.offer_id
        }
        bad = self._find_bad(form, data)
        plan = {}
        for key, in_file in data.quantities.items():
            if key in bad:
                continue
            now = current.get(key, 0.0)
            action = merge(
                form._get_quantity(*key),
                form._get_quantity(*key, agreed=True),
                in_file,
                now,
            )
            if action == "keep":
                continue
            if action == "ask" and choices.get(key):
                action = "apply" if choices[key] == "file" else "leave"
            plan[key] = {"action": action, "in_file": in_file, "now": now}
        return plan

    def _find_bad(self, form, data):
        """``{(member id, offer id): sentence}`` of cells that are no quantity."""
        sentences = {
            "text": self.env._("This is not a quantity: write a number, such as 2."),
            "formula": self.env._("Write the number itself, not a formula."),
            "negative": self.env._("A quantity cannot be negative."),
            "huge": self.env._("This is too much to be a quantity."),
        }
        bad = {key: sentences[code] for key, (code, _text) in data.bad.items()}
        steps = {
            offer.id: offer._get_entry_step()
            for offer in self.env["coop.order.offer"].browse(data.offers).exists()
        }
        for key, quantity in data.quantities.items():
            step = steps.get(key[1])
            if not step or not quantity or quantity == form._get_quantity(*key):
                continue
            if float_compare(round(quantity / step) * step, quantity, 4) != 0:
                offer = self.env["coop.order.offer"].browse(key[1])
                text = f"{offer._format_number(step)} {offer._get_entry_unit()}"
                bad[key] = self.env._(
                    "This is ordered by %(step)s: write a multiple of it.",
                    step=text.strip(),
                )
        return bad

    # ------------------------------------------------------------------
    # Doing
    # ------------------------------------------------------------------

    def _apply(self, form, plan):
        """Write what is to apply; what the window refuses comes back.

        :return: ``{(member id, offer id): sentence}``
        """
        window = form.sudo().window_id.sudo(False)
        wanted = {}
        for (member_id, offer_id), entry in plan.items():
            if entry["action"] == "apply":
                wanted.setdefault(member_id, {})[offer_id] = entry["in_file"]
        allowed = window._get_entry_members(fields.Domain("id", "in", list(wanted)))
        offers = window.offer_ids.grouped("id")
        refused = {}
        for member_id, quantities in sorted(wanted.items()):
            member = allowed.filtered(lambda m, member_id=member_id: m.id == member_id)
            if not member:
                sentence = self.env._("You do not look after this member any more.")
                refused.update(
                    dict.fromkeys(((member_id, o) for o in quantities), sentence)
                )
                continue
            changes = []
            for offer_id, quantity in quantities.items():
                offer = offers.get(offer_id)
                changes.append(
                    {
                        "offer_id": offer_id,
                        "quantity": offer._from_entry_quantity(quantity)
                        if offer
                        else quantity,
                    }
                )
            try:
                with self.env.cr.savepoint():
                    _order, rejected = window._enter_quantities(
                        member, changes, "import"
                    )
            except UserError as error:
                rejected = [{**change, "message": error.args[0]} for change in changes]
            for rejection in rejected:
                refused[member_id, rejection["offer_id"]] = rejection["message"]
        return refused

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    def _show(self, form, data, plan, refused, state):
        bad = self._find_bad(form, data)
        values = []
        for key, sentence in bad.items():
            shown = data.bad[key][1] if key in data.bad else data.quantities[key]
            values.append(
                self._prepare_line(data, key, "bad", in_file=shown, message=sentence)
            )
        for key, entry in plan.items():
            if entry["action"] in ("same", "leave"):
                continue
            kind = {"ask": "ask", "apply": "change"}[entry["action"]]
            values.append(
                self._prepare_line(
                    data,
                    key,
                    "refused" if key in refused else kind,
                    was=form._get_quantity(*key, agreed=True),
                    now=entry["now"],
                    in_file=entry["in_file"],
                    message=refused.get(key, ""),
                )
            )
        rank = {"bad": 0, "refused": 1, "ask": 2, "change": 3}
        values.sort(key=lambda vals: (rank[vals["kind"]], vals["sequence"]))
        for sequence, vals in enumerate(values):
            vals["sequence"] = sequence
        kinds = [vals["kind"] for vals in values]
        self.write(
            {
                "state": state,
                "bad_count": kinds.count("bad") + kinds.count("refused"),
                "ask_count": kinds.count("ask"),
                "change_count": kinds.count("change"),
                "line_ids": [Command.clear()]
                + [Command.create(vals) for vals in values],
            }
        )
        self.summary = self._get_summary(kinds, values, state)

    def _prepare_line(self, data, key, kind, **values):
        member_id, offer_id = key
        # sudo: names that the file itself holds; the form was checked.
        member = self.env["res.partner"].sudo().browse(member_id).exists()
        offer = self.env["coop.order.offer"].sudo().browse(offer_id).exists()
        vals = {
            "kind": kind,
            "sequence": data.offers.index(offer_id)
            + data.members.index(member_id) * len(data.offers),
            "cell": data.cell(member_id, offer_id),
            "member_ref": member_id,
            "offer_ref": offer_id,
            "member_name": member.name or "",
            "product_name": offer._get_entry_name() if offer else "",
            "choice": "keep",
        }
        for name, value in values.items():
            if isinstance(value, float | int):
                value = offer._format_number(value) if offer else str(value)
            vals[name] = value
        return vals

    def _get_summary(self, kinds, values, state):
        numbers = {
            "changes": kinds.count("change"),
            "members": len(
                {vals["member_ref"] for vals in values if vals["kind"] == "change"}
            ),
            "asked": kinds.count("ask"),
            "refused": kinds.count("refused"),
            "bad": kinds.count("bad"),
        }
        if state == "done":
            return self.env._(
                "Done: %(changes)s quantities changed, for %(members)s members."
                " %(refused)s refused, %(bad)s left out, %(asked)s still to decide.",
                **numbers,
            )
        if not values:
            return self.env._(
                "Nothing to change: the orders are as the file says, or members changed"
                " them since."
            )
        return self.env._(
            "%(changes)s quantities to change, for %(members)s members. %(asked)s to"
            " decide, %(refused)s refused, %(bad)s that cannot be read. Nothing is"
            " written yet.",
            **numbers,
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read a Form Sent Back"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class CoopOrderFormImportLine(models.TransientModel):
    _name = "coop.order.form.import.line"
    _description = "Quantity of an Order Form Sent Back"
    _order = "sequence, id"

    import_id = fields.Many2one(
        "coop.order.form.import", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    kind = fields.Selection(
        [
            ("change", "Changes"),
            ("ask", "To decide"),
            ("refused", "Refused"),
            ("bad", "Not a quantity"),
        ],
        string="What Happens",
        readonly=True,
        required=True,
    )
    cell = fields.Char(readonly=True)
    member_ref = fields.Integer(readonly=True)
    offer_ref = fields.Integer(readonly=True)
    member_name = fields.Char(string="Member", readonly=True)
    product_name = fields.Char(string="Product", readonly=True)
    was = fields.Char(string="When Sent Out", readonly=True)
    now = fields.Char(string="Order Now", readonly=True)
    in_file = fields.Char(readonly=True)
    message = fields.Char(string="Why", readonly=True)
    choice = fields.Selection(
        [("keep", "Keep the order"), ("file", "Take the file")],
        default="keep",
        required=True,
        help="Both changed: the order online, and the file.",
    )
