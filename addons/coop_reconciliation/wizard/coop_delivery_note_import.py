# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.account_edi_ubl_cii.models.account_edi_common import (
    UOM_TO_UNECE_CODE,
)

from ..tools import delivery_note

OPEN = ("draft", "waiting", "confirmed", "assigned")


class CoopDeliveryNoteImport(models.TransientModel):
    """What a supplier announces, out of its own file: read, shown, then written."""

    _name = "coop.delivery.note.import"
    _description = "Import a Delivery Note"

    file = fields.Binary(attachment=False)
    filename = fields.Char()
    picking_id = fields.Many2one(
        "stock.picking",
        string="Receipt",
        domain="[('picking_type_code', '=', 'incoming'), ('state', 'in', "
        "('draft', 'waiting', 'confirmed', 'assigned'))]",
        help="Empty: the receipt of the order that the file names.",
    )
    number = fields.Char(string="Delivery Note")
    date = fields.Date()
    is_complete = fields.Boolean(
        string="What It Does Not List Does Not Come",
        default=True,
        help="Articles of the receipt that the file does not name are announced as 0.",
    )
    line_ids = fields.One2many("coop.delivery.note.import.line", "wizard_id")
    missing_words = fields.Char(compute="_compute_missing_words")
    state = fields.Selection(
        [("file", "File"), ("lines", "Lines")], default="file", required=True
    )

    @api.depends("line_ids.product_id", "is_complete", "picking_id")
    def _compute_missing_words(self):
        for wizard in self:
            missing = wizard._moves().product_id - wizard.line_ids.product_id
            names = ", ".join(missing.mapped("display_name"))
            wizard.missing_words = (
                self.env._("Not on the delivery note: %s", names) if names else False
            )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        if context.get("active_model") == "stock.picking" and context.get("active_id"):
            values["picking_id"] = context["active_id"]
        return values

    def _moves(self):
        return self.picking_id.move_ids.filtered(lambda m: m.state != "cancel")

    # -------------------------------------------------------------------------
    # Reading
    # -------------------------------------------------------------------------

    def action_read(self):
        """Read the file and show what it announces; nothing is written yet."""
        self.ensure_one()
        try:
            note = delivery_note.read(base64.b64decode(self.file or b""))
        except delivery_note.NoteError as error:
            raise UserError(self._get_sentence(error)) from error
        self.picking_id = self._find_picking(note)
        lines = self._prepare_lines(note)
        self.write(
            {
                "number": note.number or self.picking_id.delivery_note_ref,
                "date": note.date or self.picking_id.delivery_note_date,
                "line_ids": [Command.clear(), *map(Command.create, lines)],
                "state": "lines",
            }
        )
        return self._reopen()

    def _get_sentence(self, error):
        """What is wrong with the file and what to do, in one sentence."""
        env, name = self.env, self.filename or self.env._("The file")
        place, __, value = error.detail.partition("|")
        words = {"name": name, "place": place, "value": value, "detail": error.detail}
        sentences = {
            "empty": env._("%(name)s is empty: choose the supplier's file again."),
            "too_big": env._(
                "%(name)s is too big (more than %(detail)s MB): remove its pictures, "
                "or save it as CSV."
            ),
            "format": env._(
                "%(name)s is neither a sheet (CSV, xlsx) nor a despatch advice (UBL): "
                "ask the supplier for one of them, or type the quantities."
            ),
            "xml": env._(
                "%(name)s is damaged and cannot be read: ask the supplier for it again."
            ),
            "invoice": env._(
                "%(name)s is an invoice: upload it with the bills, not here."
            ),
            "syntax": env._(
                "%(name)s is an XML file, but no despatch advice (UBL): ask the "
                "supplier for its delivery note."
            ),
            "number": env._(
                "%(name)s lacks the number of the delivery note: ask the supplier for "
                "a complete file, or type the quantities."
            ),
            "date": env._(
                "%(name)s has “%(detail)s” where a date is expected: correct it as "
                "31/12/2026."
            ),
            "headers": env._(
                "%(name)s needs a line of headings with “Quantité” and one of "
                "“Référence”, “EAN”, “Article”: add them above the articles."
            ),
            "lines": env._("%(name)s lists no article: choose the supplier's file."),
            "too_long": env._(
                "%(name)s has more than %(detail)s lines: split it in two files."
            ),
            "quantity": env._(
                "%(name)s, line %(place)s: “%(value)s” is not a quantity, correct it "
                "and import the file again."
            ),
            "negative": env._(
                "%(name)s, line %(place)s: the quantity %(value)s is below zero, goods "
                "sent back go on a return."
            ),
        }
        return sentences[error.code] % words

    def _find_picking(self, note):
        """The receipt that was open, or that of the order which the file names."""
        named = {delivery_note.fold(name) for name in note.orders}
        if self.picking_id:
            picking = self.picking_id
            order = picking.purchase_id
            if named and order and delivery_note.fold(order.name) not in named:
                raise UserError(
                    self.env._(
                        "This delivery note is about %(named)s, this receipt about "
                        "%(order)s: open the receipt of %(named)s.",
                        named=", ".join(note.orders),
                        order=order.name,
                    )
                )
        elif not named:
            raise UserError(
                self.env._(
                    "The file names no order: choose the receipt, then read it again."
                )
            )
        else:
            pickings = self.env["stock.picking"].search(
                [
                    ("purchase_id.name", "in", note.orders),
                    ("picking_type_code", "=", "incoming"),
                    ("state", "in", OPEN),
                    ("company_id", "in", self.env.companies.ids),
                ],
                order="scheduled_date, id",
            )
            if len(pickings) != 1:
                raise UserError(
                    self.env._(
                        "%(count)s receipts wait for %(named)s: choose the receipt, "
                        "then read the file again.",
                        count=len(pickings),
                        named=", ".join(note.orders),
                    )
                )
            picking = pickings
        if picking.state not in OPEN:
            raise UserError(
                self.env._(
                    "%s is received already: what was announced cannot change any "
                    "more.",
                    picking.name,
                )
            )
        return picking

    def _prepare_lines(self, note):
        by_code, by_barcode, by_name = self._index_moves()
        lines = []
        for line in note.lines:
            move = (
                by_code.get(delivery_note.fold(line.code))
                or by_barcode.get(line.barcode.lstrip("0"))
                or by_name.get(delivery_note.fold(line.name))
                or self.env["stock.move"]
            )
            if not move and not line.quantity:
                # A sum or a remark below the articles.
                continue
            values = {
                "place": line.place,
                "name": " ".join(filter(None, (line.code, line.name or line.barcode))),
                "quantity": float(line.quantity),
                "unit": line.unit,
                "product_id": move.product_id.id,
            }
            if move and line.unit:
                values["quantity"] = self._convert(line, move)
            lines.append(values)
        return lines

    def _index_moves(self):
        """``{code: move}``, ``{EAN: move}``, ``{name: move}`` of the receipt; what two
        articles share names neither."""
        indexes = defaultdict(dict), defaultdict(dict), defaultdict(dict)
        partner = self.picking_id.partner_id.commercial_partner_id
        for move in self._moves():
            product = move.product_id
            # sudo: the warehouse has no right on price lists; only codes are read.
            sellers = product.sudo().seller_ids.filtered(
                lambda s, p=partner: s.partner_id.commercial_partner_id == p
            )
            codes = sellers.mapped("product_code") + [product.default_code]
            names = sellers.mapped("product_name")
            names += [product.name, product.display_name]
            for code in filter(None, codes):
                indexes[0][delivery_note.fold(code)][product] = move
            if product.barcode:
                indexes[1][product.barcode.lstrip("0")][product] = move
            for name in filter(None, names):
                indexes[2][delivery_note.fold(name)][product] = move
        return tuple(
            {
                key: next(iter(found.values()))
                for key, found in index.items()
                if key and len(found) == 1
            }
            for index in indexes
        )

    def _convert(self, line, move):
        """The quantity in the unit of the receipt."""
        unit = self._find_unit(line.unit)
        if not unit:
            return float(line.quantity)
        if not unit._has_common_reference(move.product_uom):
            raise UserError(
                self.env._(
                    "Line %(place)s announces %(name)s in %(unit)s, it was ordered in "
                    "%(ordered)s: ask the supplier for the quantity in %(ordered)s.",
                    place=line.place,
                    name=move.product_id.display_name,
                    unit=unit.name,
                    ordered=move.product_uom.name,
                )
            )
        return unit._compute_quantity(float(line.quantity), move.product_uom)

    def _find_unit(self, text):
        """By its code of UN/ECE 20, as in UBL, or by its name; else none."""
        xmlids = [x for x, code in UOM_TO_UNECE_CODE.items() if code == text.upper()]
        if text.upper() == "H87":
            xmlids = ["uom.product_uom_unit"]
        if xmlids:
            return self.env.ref(xmlids[0], raise_if_not_found=False)
        return self.env["uom.uom"].search([("name", "=ilike", text)], limit=1)

    # -------------------------------------------------------------------------
    # Writing
    # -------------------------------------------------------------------------

    def action_confirm(self):
        """What the file announces is what the receipt awaits."""
        self.ensure_one()
        picking = self.picking_id
        if picking.state not in OPEN:
            # Received since the file was read.
            raise UserError(
                self.env._(
                    "%s is received already: what was announced cannot change any "
                    "more.",
                    picking.name,
                )
            )
        number = (self.number or "").strip()
        if not number:
            raise UserError(self.env._("Type the number of the delivery note."))
        unknown = self.line_ids.filtered(lambda line: not line.product_id)
        announced = defaultdict(float)
        for line in self.line_ids - unknown:
            announced[line.product_id] += line.quantity
        picking.write({"delivery_note_ref": number, "delivery_note_date": self.date})
        self._share(announced)
        picking._post_announced(unknown.mapped("name"), self.filename)
        return {"type": "ir.actions.act_window_close"}

    def _share(self, announced):
        """Each article's quantity on its lines: as asked, the rest on the last one."""
        for product, moves in self._moves().grouped("product_id").items():
            if product not in announced:
                if self.is_complete:
                    moves.quantity_announced = 0.0
                continue
            left = announced[product]
            for move in moves[:-1]:
                share = min(left, move.product_uom_qty)
                move.quantity_announced = share
                left -= share
            moves[-1:].quantity_announced = left

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a Delivery Note"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class CoopDeliveryNoteImportLine(models.TransientModel):
    _name = "coop.delivery.note.import.line"
    _description = "Line of a Delivery Note to Import"
    _order = "id"

    wizard_id = fields.Many2one(
        "coop.delivery.note.import", required=True, ondelete="cascade", index=True
    )
    picking_id = fields.Many2one(related="wizard_id.picking_id")
    place = fields.Char(string="Line", readonly=True)
    name = fields.Char(string="On the Delivery Note", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        string="Article Ordered",
        domain="[('id', 'in', ordered_product_ids)]",
        help="Empty: not announced; choose it where the supplier writes it otherwise.",
    )
    ordered_product_ids = fields.Many2many(
        "product.product",
        compute="_compute_ordered_product_ids",
        string="Articles Ordered",
    )
    ordered = fields.Float(
        digits="Product Unit",
        compute="_compute_ordered",
        help="Quantity of the order.",
    )
    quantity = fields.Float(string="Announced", digits="Product Unit")
    unit = fields.Char(readonly=True)
    uom_id = fields.Many2one(
        "uom.uom", string="Unit of the Order", compute="_compute_ordered"
    )
    is_different = fields.Boolean(compute="_compute_is_different")

    @api.depends("picking_id")
    def _compute_ordered_product_ids(self):
        for line in self:
            line.ordered_product_ids = line.wizard_id._moves().product_id

    @api.depends("product_id", "picking_id")
    def _compute_ordered(self):
        for line in self:
            moves = line.wizard_id._moves().filtered(
                lambda m, product=line.product_id: m.product_id == product
            )
            line.ordered = sum(moves.mapped("product_uom_qty"))
            line.uom_id = moves[:1].product_uom

    @api.depends("ordered", "quantity", "uom_id")
    def _compute_is_different(self):
        for line in self:
            uom = line.uom_id
            line.is_different = not uom or bool(
                uom.compare(line.quantity, line.ordered)
            )
