# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.constants import TAKING


class CoopShiftPair(models.Model):
    """A newcomer beside somebody experienced, on one shift."""

    _name = "coop.shift.pair"
    _description = "Newcomer and Tutor"
    _order = "shift_id, id"
    _rec_name = "newcomer_id"

    shift_id = fields.Many2one(
        "coop.shift", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shift_id.company_id", store=True, index=True)
    start_at = fields.Datetime(related="shift_id.start_at", store=True, index=True)
    newcomer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    tutor_id = fields.Many2one(
        "res.partner",
        string="Shown round by",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('shift_registration_ids.shift_id', '=', shift_id),"
        " ('id', '!=', newcomer_id)]",
    )
    is_told = fields.Boolean(string="Tutor Told", readonly=True)

    _once = models.UniqueIndex(
        "(shift_id, newcomer_id)", "This newcomer already has a tutor on this shift."
    )

    @api.constrains("tutor_id", "newcomer_id", "shift_id")
    def _check_tutor(self):
        # sudo: who comes is checked, whoever chose the tutor.
        for row in self.sudo():
            taking = row.shift_id.registration_ids.filtered(lambda r: r.state in TAKING)
            if row.tutor_id == row.newcomer_id or row.tutor_id not in taking.member_id:
                raise ValidationError(
                    self.env._(
                        "%(tutor)s is not expected on this shift: choose one of the"
                        " others who come.",
                        tutor=row.tutor_id.name,
                    )
                )

    def write(self, vals):
        if "tutor_id" in vals:
            vals = {**vals, "is_told": False}
        res = super().write(vals)
        if "tutor_id" in vals:
            self._wake_up()
        return res

    def _wake_up(self):
        # sudo: only wakes up a cron that tells what there is to tell.
        self.env.ref("coop_volunteers.coop_shift_notice_cron").sudo()._trigger()
