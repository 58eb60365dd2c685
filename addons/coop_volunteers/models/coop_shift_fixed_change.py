# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

DECISION_DAYS = 7


class CoopShiftFixedChange(models.Model):
    """Another fixed shift, asked by its member and answered at once if it can be."""

    _name = "coop.shift.fixed.change"
    _description = "Change of Fixed Shift"
    _inherit = ["coop.state.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    member_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", readonly=True
    )
    template_id = fields.Many2one(
        "coop.shift.template",
        string="Asked",
        required=True,
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    role_id = fields.Many2one("coop.shift.role", ondelete="restrict", readonly=True)
    former_id = fields.Many2one(
        "coop.shift.template",
        string="Instead of",
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    state = fields.Selection(
        [("asked", "To decide"), ("granted", "Granted"), ("refused", "Refused")],
        required=True,
        default="asked",
        index=True,
        readonly=True,
        tracking=True,
    )
    answer = fields.Text(help="What the member reads.")
    decide_before = fields.Date(string="To decide before", readonly=True)
    entered_by_id = fields.Many2one(
        "res.users", string="Entered by", readonly=True, ondelete="set null"
    )
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, ondelete="set null"
    )

    @api.depends("template_id", "date_from")
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._(
                "%(shift)s, from %(date)s",
                shift=change.template_id.display_name or "",
                date=format_date(self.env, change.date_from),
            )

    @api.model
    def _ask(self, member, template, role=None, date_from=None):
        """Ask for a fixed shift and have the answer at once.

        :param role: ``coop.shift.role`` or nothing
        :return: the request, ``state`` granted, refused, or asked when a person decides
        """
        # sudo: callers answer for the member; rules and seats are checked here.
        member, template = member.sudo(), template.sudo()
        today = template.company_id._coop_get_today()
        date_from = max(date_from or today, today)
        lines = self._current_lines(member, date_from)
        if lines.template_id == template:
            raise UserError(self.env._("This is already your fixed shift."))
        change = self.sudo().create(
            {
                "member_id": member.id,
                "company_id": template.company_id.id,
                "template_id": template.id,
                "role_id": role.id if role else False,
                "former_id": lines[:1].template_id.id,
                "date_from": date_from,
                "entered_by_id": self.env.uid,
            }
        )
        change._answer()
        return change.sudo(False)

    @api.model
    def _current_lines(self, member, day):
        return (
            self.env["coop.shift.template.fixed"]
            .sudo()
            .search(
                [
                    ("member_id", "=", member.id),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", day),
                ]
            )
        )

    def _answer(self):
        for change in self:
            role, member = change.role_id, change.member_id
            why = role and role._why_not(member)
            if why:
                change._refuse(why)
            elif member.volunteer_kind != "fixed":
                today = change.company_id._coop_get_today()
                limit = today + timedelta(days=DECISION_DAYS)
                change.write(
                    {
                        "decide_before": limit,
                        "answer": self.env._(
                            "You have no fixed shift until now: a volunteer coordinator"
                            " decides, before %(date)s.",
                            date=format_date(self.env, limit),
                        ),
                    }
                )
            elif not change._apply():
                change._refuse(
                    self.env._(
                        "All fixed seats of this shift are taken. Choose another one."
                    )
                )

    def _refuse(self, answer):
        self._coop_enter_state({"state": "refused", "answer": answer})

    def _apply(self):
        """End the former fixed shift, begin the new one; False when it is full."""
        self.ensure_one()
        # sudo: the rules answered or a coordinator did: the list follows.
        fixed = self.env["coop.shift.template.fixed"].sudo()
        try:
            with self.env.cr.savepoint():
                lines = self._current_lines(self.member_id, self.date_from)
                started = lines.filtered(lambda line: line.date_from < self.date_from)
                started.write({"date_to": self.date_from - timedelta(days=1)})
                (lines - started).unlink()
                fixed.create(
                    {
                        "template_id": self.template_id.id,
                        "member_id": self.member_id.id,
                        "role_id": self.role_id.id,
                        "date_from": self.date_from,
                    }
                )
                self.env.flush_all()
        except ValidationError:
            self.env.invalidate_all()
            return False
        self._coop_enter_state(
            {
                "state": "granted",
                "answer": self.env._(
                    "Granted by the rules: a fixed seat is free. You are expected from"
                    " %(date)s on.",
                    date=format_date(self.env, self.date_from),
                ),
            }
        )
        return True

    def action_grant(self):
        self.check_access("write")
        # sudo: checked just before; granting moves seats of the member.
        for change in self.sudo():
            if change.state != "asked":
                raise UserError(self.env._("Only a request can be granted."))
            if not change._apply():
                raise UserError(self.env._("All fixed seats of this shift are taken."))
            change.decided_by_id = self.env.uid
            change.member_id.volunteer_kind = "fixed"
        return True

    def action_refuse(self):
        self.check_access("write")
        if any(change.state != "asked" for change in self):
            raise UserError(self.env._("Only a request can be refused."))
        self._coop_enter_state({"state": "refused", "decided_by_id": self.env.uid})
        return True
