# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

# Those who may read rounds: Odoo reads every field of an order that a user may see.
ROUND_READERS = (
    "coop_base.coop_base_group_member,coop_base.coop_base_group_referent,"
    "coop_base.coop_base_group_coordinator"
)


class CoopDistribution(models.Model):
    _name = "coop.distribution"
    _inherit = [
        "coop.distribution.round.stop.home",
        "coop.distribution",
    ]

    round_stop_ids = fields.One2many(
        "coop.round.stop", "distribution_id", string="Rounds"
    )

    def _mark_equipment_brought(self):
        """What these points asked for before is in the van."""
        asked = self.search(
            [
                ("collection_point_id", "in", self.collection_point_id.ids),
                ("equipment_needed", "!=", False),
                ("equipment_brought_at", "=", False),
            ]
        )
        starts = {d.collection_point_id: d.date_start for d in self}
        asked.filtered(
            lambda d: d.date_start < starts[d.collection_point_id]
        ).equipment_brought_at = fields.Datetime.now()
