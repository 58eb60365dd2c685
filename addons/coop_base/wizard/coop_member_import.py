# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..tools.member_file import read_members
from ..tools.table_file import TableFileError
from .coop_member_import_check import MemberImportCheck


class CoopMemberImport(models.TransientModel):
    _name = "coop.member.import"
    _description = "Import Members"
    _inherit = ("coop.table.import",)

    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    create_places = fields.Boolean(
        string="Create unknown groups and points",
        help="Otherwise a row that names a group or a point that does not exist is a"
        " bad row.",
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
    row_count = fields.Integer(readonly=True)
    create_count = fields.Integer(string="To create", readonly=True)
    update_count = fields.Integer(string="To update", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    bad_count = fields.Integer(string="Bad rows", readonly=True)
    summary = fields.Char(readonly=True)
    unknown_headers = fields.Char(string="Columns not used", readonly=True)
    issue_ids = fields.One2many("coop.member.import.issue", "import_id", readonly=True)

    def action_check(self):
        """Dry run: say what would happen, change nothing."""
        self.ensure_one()
        self._show(self._check(), "checked")
        return self._reopen()

    def action_import(self):
        """Import; all or nothing unless good rows are asked for alone."""
        self.ensure_one()
        check = self._check()
        if check.issues and not self.skip_bad_rows:
            self._show(check, "checked")
            return self._reopen()
        check.apply()
        self._show(check, "done")
        return self._reopen()

    def action_open_members(self):
        """The members' list."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "coop_base.coop_member_action"
        )

    def _check(self):
        try:
            found, rows, unknown = read_members(
                base64.b64decode(self.file), self.filename or ""
            )
        except TableFileError as error:
            raise UserError(self._file_error_message(error)) from error
        self.unknown_headers = ", ".join(unknown)
        return MemberImportCheck(
            self.env, self.company_id, found, rows, self.create_places
        )

    def _get_missing_column_message(self, headers):
        return self.env._(
            "No column holds the names. The first line must have headers, one of"
            " them “Name” or “Nom”. Found: %(headers)s",
            headers=headers,
        )

    def _show(self, check, state):
        self.write(
            {
                "state": state,
                "summary": self._summary(check, state),
                "row_count": len(check.rows),
                "create_count": len(check.to_create),
                "update_count": len(check.to_update),
                "unchanged_count": check.unchanged,
                "bad_count": len({issue["row"] for issue in check.issues}),
                "issue_ids": [Command.clear()]
                + [Command.create(issue) for issue in check.issues],
            }
        )

    def _summary(self, check, state):
        numbers = {
            "rows": len(check.rows),
            "new": len(check.to_create),
            "changed": len(check.to_update),
            "same": check.unchanged,
            "bad": len({issue["row"] for issue in check.issues}),
        }
        if state == "done":
            return self.env._(
                "Done: %(new)s members created, %(changed)s updated, %(same)s"
                " unchanged, %(bad)s rows left out.",
                **numbers,
            )
        if check.issues:
            return self.env._(
                "%(bad)s bad rows out of %(rows)s. Nothing is written. The others:"
                " %(new)s to create, %(changed)s to update, %(same)s unchanged.",
                **numbers,
            )
        return self.env._(
            "%(rows)s rows read: %(new)s to create, %(changed)s to update, %(same)s"
            " unchanged. Nothing is written yet.",
            **numbers,
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import members"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class CoopMemberImportIssue(models.TransientModel):
    _name = "coop.member.import.issue"
    _description = "Bad Row of an Import of Members"
    _order = "row, id"

    import_id = fields.Many2one("coop.member.import", required=True, ondelete="cascade")
    row = fields.Integer(readonly=True)
    field = fields.Char(string="Column", readonly=True)
    value = fields.Char(readonly=True)
    why = fields.Text(readonly=True)
    todo = fields.Text(string="What to do", readonly=True)
