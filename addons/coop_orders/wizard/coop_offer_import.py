# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.coop_base.tools.table_file import TableFileError, read_table

from ..tools.offer_file import BY_HEADER, IDENTITY
from .coop_offer_import_check import OfferImportCheck

# Lines of the preview; the counts are of all.
SHOWN = 300


class CoopOfferImport(models.TransientModel):
    """Offers of a window out of a spreadsheet: first a dry run, then all or nothing."""

    _name = "coop.offer.import"
    _description = "Import Offers"
    _inherit = ("coop.table.import",)

    window_id = fields.Many2one(
        "coop.order.window", required=True, readonly=True, ondelete="cascade"
    )
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    create_products = fields.Boolean(
        string="Create unknown products",
        help="With the category, unit and VAT of the file. Otherwise a row whose"
        " product is not known is a bad row.",
    )
    skip_bad_rows = fields.Boolean(
        string="Import the good rows even if some are bad",
        help="Otherwise it is all or nothing.",
    )
    state = fields.Selection(
        [("upload", "File"), ("checked", "Check"), ("done", "Done")],
        default="upload",
        required=True,
    )
    bad_count = fields.Integer(string="Bad rows", readonly=True)
    summary = fields.Char(readonly=True)
    unknown_headers = fields.Char(string="Columns not used", readonly=True)
    line_ids = fields.One2many("coop.offer.import.line", "import_id", readonly=True)
    issue_ids = fields.One2many("coop.offer.import.issue", "import_id", readonly=True)

    def action_check(self):
        """Dry run: say what would happen, change nothing."""
        self.ensure_one()
        self._show(self._check(), "checked")
        return self._reopen()

    def action_import(self):
        """Import; all or nothing unless good rows are asked for alone."""
        self.ensure_one()
        self.window_id.offer_ids._coop_keep_orders_out()
        check = self._check()
        if check.issues and not self.skip_bad_rows:
            self._show(check, "checked")
            return self._reopen()
        check.apply()
        self._show(check, "done")
        self.window_id.message_post(body=self.summary, subtype_xmlid="mail.mt_note")
        return self._reopen()

    def action_download_template(self):
        """The window's offers as a file to fill in, and to import again."""
        self.ensure_one()
        return self.window_id.action_export_offers()

    def _check(self):
        self.window_id.check_access("write")
        if self.window_id.state not in ("draft", "open"):
            raise UserError(
                self.env._(
                    "%(window)s is closed: nothing can be added to it.",
                    window=self.window_id.name,
                )
            )
        if self.create_products and not self.env["product.template"].has_access(
            "create"
        ):
            raise UserError(
                self.env._("Only buyers create products: import without, or ask them.")
            )
        try:
            found, rows, unknown = read_table(
                base64.b64decode(self.file or b""),
                BY_HEADER,
                IDENTITY,
                self.filename or "",
                title_rows=5,
            )
        except TableFileError as error:
            raise UserError(self._file_error_message(error)) from error
        self.unknown_headers = ", ".join(unknown)
        return OfferImportCheck(self.window_id, found, rows, self.create_products)

    def _get_missing_column_message(self, headers):
        return self.env._(
            "No column says which product it is. The first line must have headers,"
            " one of them “Reference”, “Barcode” or “Product”. Found: %(headers)s",
            headers=headers,
        )

    def _show(self, check, state):
        self.write(
            {
                "state": state,
                "summary": self._summary(check, state),
                "bad_count": check.bad_count,
                "line_ids": [Command.clear()]
                + [Command.create(line) for line in check.preview[:SHOWN]],
                "issue_ids": [Command.clear()]
                + [Command.create(issue) for issue in check.issues[:SHOWN]],
            }
        )

    def _summary(self, check, state):
        numbers = {
            "rows": len(check.rows),
            "new": len(check.to_create),
            "changed": len(check.to_update),
            "products": len(check.new_products),
            "same": check.unchanged,
            "bad": check.bad_count,
        }
        if state == "done":
            return self.env._(
                "Done: %(new)s offers added, %(changed)s changed, %(same)s unchanged,"
                " %(products)s products created, %(bad)s rows left out.",
                **numbers,
            )
        if check.issues:
            return self.env._(
                "%(bad)s bad rows out of %(rows)s. Nothing is written. The others:"
                " %(new)s offers to add, %(changed)s to change, %(same)s unchanged,"
                " %(products)s products to create.",
                **numbers,
            )
        return self.env._(
            "%(rows)s rows read: %(new)s offers to add, %(changed)s to change, %(same)s"
            " unchanged, %(products)s products to create. Nothing is written yet.",
            **numbers,
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Offers"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class CoopOfferImportLine(models.TransientModel):
    _name = "coop.offer.import.line"
    _description = "What an Import of Offers Does"
    _order = "row, id"

    import_id = fields.Many2one("coop.offer.import", required=True, ondelete="cascade")
    row = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("product", "New product"),
            ("create", "Added"),
            ("update", "Changed"),
        ],
        string="What",
        readonly=True,
    )
    product = fields.Char(readonly=True)
    details = fields.Char(readonly=True)


class CoopOfferImportIssue(models.TransientModel):
    _name = "coop.offer.import.issue"
    _description = "Bad Row of an Import of Offers"
    _order = "row, id"

    import_id = fields.Many2one("coop.offer.import", required=True, ondelete="cascade")
    row = fields.Integer(readonly=True)
    field = fields.Char(string="Column", readonly=True)
    value = fields.Char(readonly=True)
    why = fields.Text(readonly=True)
    todo = fields.Text(string="What to do", readonly=True)
