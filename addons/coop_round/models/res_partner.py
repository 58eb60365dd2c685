# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

# Those who may read rounds: Odoo reads every field of an order that a user may see.
ROUND_READERS = (
    "coop_base.coop_base_group_member,coop_base.coop_base_group_referent,"
    "coop_base.coop_base_group_coordinator"
)


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "coop.res.partner.round.route",
        "res.partner",
    ]

    coop_is_fetched = fields.Boolean(
        string="We Fetch the Goods",
        help="This producer does not deliver: a round goes there.",
    )

    def _coop_get_due(self):
        """Rounds that this person drives or helps with."""
        # sudo: for who looks after this member.
        rounds = self.env["coop.round"].sudo()
        to_come = rounds.search(
            [
                ("state", "in", ("planned", "loaded")),
                "|",
                ("driver_id", "=", self.id),
                ("helper_ids", "in", self.ids),
            ]
        )
        return super()._coop_get_due() + [
            self.env._("round %(round)s", round=trip.display_name) for trip in to_come
        ]
