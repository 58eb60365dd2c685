# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CoopDistributionSlots(models.AbstractModel):
    """Slots made from the hours of a distribution, again and again, losing nobody."""

    _name = "coop.distribution.slots"
    _description = "Distribution: Slots"

    slot_minutes = fields.Integer(
        string="A Slot Every (minutes)", help="0: members come when they like."
    )
    slot_capacity = fields.Integer(
        string="Members per Slot",
        compute="_compute_slot_capacity",
        store=True,
        readonly=False,
        precompute=True,
        help="How many members can collect in one slot. 0: no limit.",
    )

    _slots_positive = models.Constraint(
        "CHECK (slot_minutes >= 0 AND slot_capacity >= 0)",
        "Give minutes and members from 0 on.",
    )

    @api.depends("collection_point_id")
    def _compute_slot_capacity(self):
        for distribution in self:
            distribution.slot_capacity = (
                distribution.slot_capacity
                or distribution.collection_point_id.slot_capacity
            )

    @api.constrains("slot_minutes")
    def _check_slot_minutes(self):
        for distribution in self:
            if 0 < distribution.slot_minutes < 5:
                raise ValidationError(self.env._("A slot lasts five minutes at least."))

    def _get_wanted_slots(self):
        """``[(start, end)]`` of whole slots; the last one ends with the distribution.

        A rest shorter than a slot is added to the last one.
        """
        self.ensure_one()
        step = timedelta(minutes=self.slot_minutes)
        slots, start = [], self.date_start
        while step and start + 2 * step <= self.date_end:
            slots.append((start, start + step))
            start += step
        slots.append((start, self.date_end))
        return slots

    def action_generate_slots(self):
        """Make the slots again: what members booked stays, whatever the new hours.

        A booked slot that does not fit the new rhythm is kept as it is, and no new one
        is made over it. Free slots that do not fit are removed.
        """
        if any(not distribution.slot_minutes for distribution in self):
            raise UserError(
                self.env._("Say first how many minutes a slot lasts, for instance 15.")
            )
        kept = self._generate_slots()
        if not kept:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Kept because members booked them, although they do not fit the"
                    " new hours: %(slots)s. Tell these members if the hours changed.",
                    slots=", ".join(kept.mapped("display_name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _generate_slots(self):
        """Slots of all these distributions, in a constant number of queries.

        :return: booked slots that do not fit the rhythm, kept
        """
        Slot = self.env["coop.distribution.slot"]
        vals_list, removed, kept = [], Slot, Slot
        for distribution in self.filtered("slot_minutes"):
            wanted = distribution._get_wanted_slots()
            known = {
                (slot.date_start, slot.date_end): slot for slot in distribution.slot_ids
            }
            odd = [slot for key, slot in known.items() if key not in wanted]
            booked = Slot.concat(*(slot for slot in odd if slot.booked_count))
            kept += booked
            removed += Slot.concat(*(slot for slot in odd if not slot.booked_count))
            for start, end in wanted:
                if (start, end) in known:
                    continue
                if any(s.date_start < end and start < s.date_end for s in booked):
                    continue
                vals_list.append(
                    {
                        "distribution_id": distribution.id,
                        "date_start": start,
                        "date_end": end,
                        "capacity": distribution.slot_capacity,
                    }
                )
            (distribution.slot_ids - removed).capacity = distribution.slot_capacity
        removed.unlink()
        Slot.create(vals_list)
        return kept
