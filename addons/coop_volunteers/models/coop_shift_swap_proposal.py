# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CoopShiftSwapProposal(models.Model):
    """A seat proposed against one that is offered: nobody gets a shift unasked."""

    _name = "coop.shift.swap.proposal"
    _description = "Shift Proposed in Exchange"
    _inherit = ["coop.state.mixin"]
    _order = "id"

    swap_id = fields.Many2one(
        "coop.shift.swap", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="swap_id.company_id", store=True, index=True)
    registration_id = fields.Many2one(
        "coop.shift.registration",
        string="Proposed",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    member_id = fields.Many2one(
        related="registration_id.member_id", store=True, index=True
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("agreed", "Agreed"), ("declined", "Declined")],
        required=True,
        default="proposed",
        readonly=True,
    )

    _once = models.UniqueIndex(
        "(swap_id, registration_id)", "This shift is already proposed."
    )

    @api.model
    def _propose(self, swap, registration):
        """Propose a seat of one's own; the other decides.

        :raise UserError: the offer is over, or the seat is not one to come
        """
        # sudo: callers check that the user may act for the registration's member.
        swap, registration = swap.sudo(), registration.sudo()
        if swap.state != "offered" or swap.registration_id.state != "booked":
            raise UserError(self.env._("Somebody else has just taken this shift."))
        if swap.member_id == registration.member_id:
            raise UserError(self.env._("This shift is already yours."))
        if (
            registration.state != "booked"
            or registration.company_id != swap.company_id
            or registration.start_at <= fields.Datetime.now()
        ):
            raise UserError(self.env._("Choose one of your own shifts to come."))
        # sudo: callers check that the user may act for the member.
        known = self.sudo().search(
            [
                ("swap_id", "=", swap.id),
                ("registration_id", "=", registration.id),
            ]
        )
        # sudo: callers check that the user may act for the member.
        return known or self.sudo().create(
            {"swap_id": swap.id, "registration_id": registration.id}
        )

    def _agree(self):
        """The one who offered takes the seat proposed: both change."""
        self.ensure_one()
        # sudo: callers check that the user may act for who offered.
        proposal = self.sudo()
        if proposal.state != "proposed":
            raise UserError(self.env._("This proposal has already been answered."))
        proposal.swap_id._accept(proposal.member_id, proposal.registration_id)
        proposal._coop_enter_state({"state": "agreed"})
        return True

    def _decline(self):
        # sudo: callers check that the user may act for who offered.
        self.sudo().filtered(lambda p: p.state == "proposed")._coop_enter_state(
            {"state": "declined"}
        )
        return True
