# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CoopOrderWindow(models.Model):
    _name = "coop.order.window"
    _inherit = [
        "coop.order.window.cut.piece",
        "coop.order.window.cut",
        "coop.order.window.producer.payout",
        "coop.order.window",
    ]

    next_step = fields.Selection(
        selection_add=[
            ("baskets", "Prepare the baskets"),
            ("distribute", "Distribute"),
            ("finish",),
        ],
        ondelete={"baskets": "set null", "distribute": "set null"},
    )

    def _get_next_step_after_closing(self):
        step = super()._get_next_step_after_closing()
        if step != "finish" or not self.allocated_at:
            return step
        states = set(self.distribution_ids.mapped("state"))
        if "planned" in states:
            return "baskets"
        if states - {"closed", "counted"}:
            return "distribute"
        return step

    def _get_board_steps(self):
        steps = super()._get_board_steps()
        distributions = self.distribution_ids
        if not distributions:
            return steps
        prepared = distributions.filtered(lambda d: d.state != "planned")
        over = distributions.filtered(lambda d: d.state in ("counted", "closed"))
        for some, label in (
            (prepared, self.env._("Baskets prepared")),
            (over, self.env._("Distributed")),
        ):
            steps.append(
                (
                    some == distributions,
                    label,
                    self.env._(
                        "%(done)s of %(count)s collection points",
                        done=len(some),
                        count=len(distributions),
                    ),
                )
            )
        return steps

    def action_prepare_distributions(self):
        """Prepare the baskets of all distributions that are still to come."""
        todo = self.distribution_ids.filtered(
            lambda d: d.state in ("planned", "prepared")
        )
        return todo.action_prepare()

    def action_view_distributions(self):
        """Down the chain: where the baskets are collected."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_logistics.coop_distribution_action"
        )
        action["domain"] = [("window_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _share_out_again(self, offers):
        """Share these offers out after a correction; whose share changes is told.

        Each has it in the history of the order; told by mail or called: who was told
        of a shortage before, and who gets less now.
        """
        lines = offers.line_ids.filtered(lambda line: line.state == "sale")
        before = {line: line.quantity_allocated for line in lines}
        told = lines.filtered("shortage_told_at")
        self._allocate_offers(offers, ("partial", "over"))
        for order, order_lines in lines.grouped("order_id").items():
            changed = order_lines.filtered(
                lambda line: line.product_uom_id.compare(
                    line.quantity_allocated, before[line]
                )
            )
            if not changed:
                continue
            order._coop_log_changes(
                [
                    {
                        "kind": "share",
                        "offer": line.offer_id,
                        "before": (before[line], 0.0),
                        "after": (line.quantity_allocated, 0.0),
                    }
                    for line in changed
                ],
                self.env.user,
                "desk",
            )
            if changed & told:
                order._coop_tell_changed()
