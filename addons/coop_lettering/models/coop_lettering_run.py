# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Command


class CoopLetteringRun(models.Model):
    """What was lettered at a time, by which rule and why; what is only suggested."""

    _name = "coop.lettering.run"
    _description = "Lettering Run"
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    line_ids = fields.One2many("coop.lettering.run.line", "run_id", string="Proposals")
    done_ids = fields.One2many(
        "coop.lettering.run.line",
        "run_id",
        domain=[("state", "not in", ("suggested", "dismissed"))],
        string="Lettered",
    )
    suggestion_ids = fields.One2many(
        "coop.lettering.run.line",
        "run_id",
        domain=[("state", "in", ("suggested", "refused"))],
        string="Suggestions",
    )
    done_count = fields.Integer(compute="_compute_counts", string="Lettered Count")
    suggestion_count = fields.Integer(compute="_compute_counts")
    amount = fields.Monetary(compute="_compute_counts", string="Amount Lettered")
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("date")
    def _compute_name(self):
        for run in self:
            moment = run.date or fields.Datetime.now()
            day = fields.Datetime.context_timestamp(run, moment)
            run.name = self.env._("Lettering of %s", day.strftime("%d/%m/%Y %H:%M"))

    @api.depends("line_ids.state", "line_ids.amount")
    def _compute_counts(self):
        for run in self:
            done = run.line_ids.filtered(lambda x: x.state in ("done", "confirmed"))
            waiting = run.line_ids.filtered(
                lambda x: x.state in ("suggested", "refused")
            )
            run.done_count = len(done)
            run.suggestion_count = len(waiting)
            run.amount = sum(done.mapped("amount"))

    def action_letter(self):
        """Letter now what the rules allow; opens the run, or says that all is done.

        Whatever is chosen in the list: the button is there without a choice, too.
        """
        runs = self._run(self.env.companies)
        if not runs:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._("Nothing new to letter."),
                },
            }
        return runs._get_records_action(name=self.env._("Lettering"))

    def action_confirm_all(self):
        """Ask before all the suggestions of these runs are lettered."""
        asked = self.env["coop.lettering.confirm"].create(
            {"run_ids": [Command.set(self.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirm the Suggestions"),
            "res_model": asked._name,
            "res_id": asked.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _run(self, companies, accounts=None, partners=None, transactions=None):
        """One run per company that had something new; empty otherwise, and then nothing
        at all is written."""
        runs = self.browse()
        for company in companies:
            engine = self.env["coop.lettering.engine"].with_company(company)
            runs |= engine._letter(company, accounts, partners, transactions)
        return runs

    @api.model
    def _cron_letter(self):
        companies = self.env["res.company"].search([("active", "=", True)])
        remaining = len(companies)
        for company in companies:
            self._run(company)
            remaining -= 1
            self.env["ir.cron"]._commit_progress(1, remaining=remaining)
