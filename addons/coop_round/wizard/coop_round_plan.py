# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.routing import plan_trips
from ..tools.trips import Stop, Vehicle, fewest_trips


class CoopRoundPlan(models.TransientModel):
    """Propose the rounds of a window: as few trips as its vehicles allow."""

    _name = "coop.round.plan"
    _description = "Plan the Rounds"

    window_id = fields.Many2one(
        "coop.order.window", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="window_id.company_id")
    kind = fields.Selection(
        [
            ("deliver", "To the points and homes"),
            ("pickup", "To fetch at the producers'"),
        ],
        required=True,
        default="deliver",
    )
    start_at = fields.Datetime(string="Leave at", required=True)
    most_stops = fields.Integer(
        string="Stops at Most",
        default=10,
        help="Of a round, however little they weigh: nobody drives all day. 0: no"
        " limit.",
    )
    most_km = fields.Integer(
        string="Kilometres at Most",
        help="Of a round, from the warehouse and back. 0: no limit.",
    )
    vehicle_ids = fields.Many2many("fleet.vehicle", string="Vehicles", required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        window = self.env["coop.order.window"].browse(
            values.get("window_id") or self.env.context.get("default_window_id")
        )
        if window.distribution_ids:
            values.setdefault(
                "start_at", min(window.distribution_ids.mapped("date_start"))
            )
        values.setdefault(
            "vehicle_ids",
            [
                Command.set(
                    self.env["fleet.vehicle"]
                    .search(
                        [
                            "|",
                            ("company_id", "=", False),
                            ("company_id", "=", window.company_id.id),
                        ],
                        limit=20,
                    )
                    .ids
                )
            ],
        )
        return values

    def action_plan(self):
        """Make the rounds of what is on none yet; what is planned stays as it is."""
        self.ensure_one()
        self.check_access("write")
        vals_list = self._prepare_stops()
        if not vals_list:
            raise UserError(
                self.env._("Everything is on a round already, or nothing is to carry.")
            )
        if self.most_stops < 0:
            raise UserError(self.env._("A round has at least one stop."))
        if not self.vehicle_ids:
            raise UserError(self.env._("Choose at least one vehicle."))
        if self.most_km < 0:
            raise UserError(self.env._("A round goes somewhere: 0 km is no limit."))
        # Neighbours next to each other.
        vals_list.sort(key=lambda vals: vals["partner"].zip or "")
        stops = [
            Stop(index, vals["weight"], vals["volume"])
            for index, vals in enumerate(vals_list)
        ]
        vehicles = [
            Vehicle(
                vehicle.id,
                vehicle.category_id.weight_capacity,
                vehicle.category_id.volume_capacity,
            )
            for vehicle in self.vehicle_ids
        ]
        trips, too_large, too_far = plan_trips(
            stops,
            vehicles,
            {i: vals["partner"]._coop_get_place() for i, vals in enumerate(vals_list)},
            self.company_id._coop_get_depot()._coop_get_place(),
            self.most_stops,
            self.most_km,
        )
        rounds = self.env["coop.round"].create(
            [
                self._prepare_round(
                    trip.vehicle.key, [vals_list[stop.key] for stop in trip.stops]
                )
                for trip in trips
            ]
            # On no trip: a round without vehicle says why.
            + [
                {
                    **self._prepare_round(False, [vals_list[stop.key]]),
                    "note": self._explain(stop in too_large),
                }
                for stop in (*too_large, *too_far)
            ]
        )
        fewest = fewest_trips(
            [stop for stop in stops if stop not in (*too_large, *too_far)],
            vehicles,
            self.most_stops,
        )
        action = rounds._get_records_action(
            name=self.env._(
                "%(count)s rounds, %(fewest)s at least",
                count=len(rounds),
                fewest=fewest + len(too_large) + len(too_far),
            )
        )
        action["views"] = [(False, "list"), (False, "form")]
        action["view_mode"] = "list,form"
        action["domain"] = [("id", "in", rounds.ids)]
        action.pop("res_id", None)
        return action

    def _explain(self, is_too_large):
        """Why a stop is on no trip, and what to do."""
        if is_too_large:
            return self.env._(
                "No vehicle chosen takes this in one go: choose a larger one, or go"
                " twice."
            )
        return self.env._(
            "Farther than %(km)s km there and back: allow more, or have it fetched.",
            km=self.most_km,
        )

    def _prepare_round(self, vehicle_id, vals_list):
        """Values of a round; its stops in the order given."""
        driver = self.env["fleet.vehicle"].browse(vehicle_id or []).driver_id
        return {
            "window_id": self.window_id.id,
            "company_id": self.company_id.id,
            "start_at": self.start_at,
            "vehicle_id": vehicle_id,
            "driver_id": driver.id,
            "stop_ids": [
                Command.create(
                    {
                        **{k: value for k, value in vals.items() if k != "partner"},
                        "sequence": 10 * number,
                    }
                )
                for number, vals in enumerate(vals_list, 1)
            ],
        }

    def _prepare_stops(self):
        """Values of the stops that are on no round yet, with their weight."""
        window = self.window_id
        # sudo: weights and addresses; coordinators plan without rights on stock.
        taken = (
            self.env["coop.round.stop"]
            .sudo()
            .search(
                [
                    ("round_id.window_id", "=", window.id),
                    ("round_id.state", "!=", "cancelled"),
                    ("state", "not in", ("absent", "refused")),
                ]
            )
        )
        vals_list = []
        if self.kind == "pickup":
            # sudo: what is to fetch or bring, for who plans rounds
            purchases = window.sudo().purchase_order_ids.filtered(
                lambda p: (
                    p.state == "purchase"
                    and p.partner_id.coop_is_fetched
                    and p not in taken.purchase_id
                )
            )
            for purchase in purchases:
                weight, volume = purchase._coop_get_load()
                if weight or volume:
                    vals_list.append(
                        {
                            "kind": "pickup",
                            "purchase_id": purchase.id,
                            "weight": weight,
                            "volume": volume,
                            "planned_at": purchase.date_planned,
                            "partner": purchase.partner_id,
                        }
                    )
            return vals_list
        # sudo: see above
        for distribution in window.sudo().distribution_ids - taken.distribution_id:
            orders = distribution.order_ids.filtered(
                lambda o: o.state in ("sent", "sale") and not o.coop_home_delivery
            )
            weight, volume = orders._coop_get_load()
            if orders:
                vals_list.append(
                    {
                        "kind": "point",
                        "distribution_id": distribution.id,
                        "weight": weight,
                        "volume": volume,
                        "planned_at": distribution.date_start,
                        "partner": distribution.collection_point_id.partner_id,
                    }
                )
        # sudo: see above
        for order in window.sudo().order_ids.filtered(
            lambda o: (
                o.coop_home_delivery
                and o.state in ("sent", "sale")
                and o not in taken.order_id
            )
        ):
            weight, volume = order._coop_get_load()
            vals_list.append(
                {
                    "kind": "home",
                    "order_id": order.id,
                    "weight": weight,
                    "volume": volume,
                    "planned_at": order.slot_id.date_start
                    or order.distribution_id.date_start,
                    "partner": order.partner_shipping_id,
                }
            )
        return vals_list


class CoopOrderWindow(models.Model):
    _inherit = "coop.order.window"

    round_ids = fields.One2many("coop.round", "window_id", string="Rounds")
    round_count = fields.Integer(compute="_compute_round_count")

    @api.depends("round_ids")
    def _compute_round_count(self):
        for window in self:
            window.round_count = len(window.round_ids)

    def action_plan_rounds(self):
        """Propose who drives what."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan the Rounds"),
            "res_model": "coop.round.plan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_window_id": self.id},
        }

    def action_view_rounds(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_round.coop_round_action"
        )
        action["domain"] = [("window_id", "in", self.ids)]
        action["context"] = {}
        return action
