from odoo import api, fields, models


class CoopShiftClosure(models.Model):
    """Days without shifts, and whether those who had one owe it."""

    _name = "coop.shift.closure"
    _description = "Days without Shifts"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    date_from = fields.Date(string="From", required=True, index=True)
    date_to = fields.Date(string="To", required=True)
    collection_point_ids = fields.Many2many(
        "coop.collection.point",
        string="Places",
        check_company=True,
        help="Empty: everywhere.",
    )
    owed = fields.Selection(
        [("nothing", "Nothing is owed"), ("points", "The shift is to be made up")],
        required=True,
        default="nothing",
        help="What fixed members owe for a shift that does not take place. The points"
        " are those of the rules.",
    )
    shift_ids = fields.One2many("coop.shift", "closure_id", string="Shifts")

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A closure must end after it starts."
    )

    def _covers(self, shift):
        self.ensure_one()
        return (
            self.company_id == shift.company_id
            and self.date_from <= shift.date <= self.date_to
            and (
                not self.collection_point_ids
                or shift.collection_point_id in self.collection_point_ids
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        closures = super().create(vals_list)
        closures._apply()
        return closures

    def write(self, vals):
        res = super().write(vals)
        if {"date_from", "date_to", "collection_point_ids", "owed"} & set(vals):
            self._release()
            self._apply()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_release(self):
        self.with_context(coop_all_released=True)._release()

    def _apply(self):
        """Cancel the shifts to come on these days."""
        # sudo: whoever keeps the closed days need not write shifts.
        for closure in self.sudo():
            self.env["coop.shift"].sudo().search(
                [
                    ("company_id", "=", closure.company_id.id),
                    ("date", ">=", closure.date_from),
                    ("date", "<=", closure.date_to),
                    ("state", "=", "planned"),
                    ("start_at", ">", fields.Datetime.now()),
                ]
            )._apply_closures(closure)

    def _release(self):
        """Shifts to come that these closures no longer cover take place again."""
        everything = self.env.context.get("coop_all_released")
        for closure in self.sudo():
            shifts = closure.shift_ids.filtered(
                lambda s, c=closure: (
                    s.start_at > fields.Datetime.now()
                    and (everything or not c._covers(s) or c.owed == "nothing")
                )
            )
            shifts._reopen_closed()
