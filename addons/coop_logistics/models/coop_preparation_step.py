# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

PHASES = [
    ("before", "The days before"),
    ("setup", "Before the doors open"),
    ("open", "While it is open"),
    ("after", "Afterwards"),
]


class CoopPreparationStep(models.Model):
    """A task of every distribution, and who does it: the check-list's model."""

    _name = "coop.preparation.step"
    _description = "Step of the Check-list"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for all cooperatives.",
    )
    phase = fields.Selection(PHASES, string="When", required=True, default="before")
    role_name = fields.Char(string="Who", translate=True)
    minutes = fields.Integer(help="About how long it takes.")
    note = fields.Char(string="How", translate=True)


class CoopDistributionStep(models.Model):
    """A task at one distribution: to do, or done by somebody."""

    _name = "coop.distribution.step"
    _description = "Step of a Distribution"
    _order = "distribution_id, sequence, id"

    distribution_id = fields.Many2one(
        "coop.distribution",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    step_id = fields.Many2one(
        "coop.preparation.step", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(related="step_id.name")
    sequence = fields.Integer(related="step_id.sequence", store=True)
    phase = fields.Selection(related="step_id.phase", store=True)
    role_name = fields.Char(related="step_id.role_name")
    minutes = fields.Integer(related="step_id.minutes")
    note = fields.Char(related="step_id.note")
    volunteer_names = fields.Char(
        string="Volunteers", compute="_compute_volunteer_names"
    )
    done_at = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, ondelete="set null"
    )

    _once = models.UniqueIndex(
        "(distribution_id, step_id)", "This step is on the check-list already."
    )

    @api.depends("step_id", "distribution_id")
    def _compute_volunteer_names(self):
        """Who is registered for it (hook)."""
        self.volunteer_names = False

    def action_toggle(self):
        """Tick, or untick what was ticked by mistake."""
        self.distribution_id._check_can_run()
        for step in self:
            # sudo: checked above; steps are written by this method only.
            step.sudo().write(
                {"done_at": False, "done_by_id": False}
                if step.done_at
                else {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
            )
        return True


class CoopDistributionPreparationStep(models.AbstractModel):
    _name = "coop.distribution.preparation.step"
    _description = "Distribution: Check-list"

    step_ids = fields.One2many("coop.distribution.step", "distribution_id")

    def _ensure_steps(self):
        """Put on the check-list what is not on it yet; what is ticked stays."""
        # sudo: the cooperative's own list; callers have checked who runs it.
        steps = self.env["coop.preparation.step"].sudo().search([("active", "=", True)])
        vals_list = []
        for distribution in self.sudo():
            known = distribution.step_ids.step_id
            vals_list += [
                {"distribution_id": distribution.id, "step_id": step.id}
                for step in steps - known
                if step.company_id
                in (distribution.company_id, step.company_id.browse())
            ]
        # sudo: steps are copied from the check-list, by whoever runs the day
        self.env["coop.distribution.step"].sudo().create(vals_list)

    def action_view_steps(self):
        """The check-list, to tick on a phone."""
        self.ensure_one()
        self._check_can_run()
        self._ensure_steps()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_logistics.coop_distribution_step_action"
        )
        action["domain"] = [("distribution_id", "=", self.id)]
        action["display_name"] = self.env._(
            "Check-list, %s", self.collection_point_id.name
        )
        return action

    def _get_checklist(self):
        """``[(phase in words, steps)]`` for the paper."""
        self.ensure_one()
        self._ensure_steps()
        labels = dict(
            self.env["coop.preparation.step"]
            ._fields["phase"]
            ._description_selection(self.env)
        )
        steps = self.step_ids.sorted(lambda s: (s.sequence, s.id))
        return [
            (labels[phase], some)
            for phase, _label in PHASES
            if (some := steps.filtered(lambda s, phase=phase: s.phase == phase))
        ]
