# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.coop_base.tools.localtime import format_local


class CoopRound(models.Model):
    """A trip of one vehicle: what it brings where, or what it fetches."""

    _name = "coop.round"
    _description = "Round"
    _inherit = [
        "coop.round.route",
        "coop.round.drive",
        "coop.round.paper",
        "coop.state.mixin",
        "mail.thread",
    ]
    _order = "start_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    window_id = fields.Many2one(
        "coop.order.window",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    start_at = fields.Datetime(
        string="Leaves at", required=True, default=fields.Datetime.now, tracking=True
    )
    vehicle_id = fields.Many2one(
        "fleet.vehicle", ondelete="set null", tracking=True, index="btree_not_null"
    )
    driver_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        help="Finds the round on their own page, with the addresses.",
    )
    helper_ids = fields.Many2many("res.partner", string="With")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("loaded", "Loaded"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    stop_ids = fields.One2many("coop.round.stop", "round_id")
    stop_count = fields.Integer(string="Stops", compute="_compute_load")
    done_count = fields.Integer(string="Stops Done", compute="_compute_load")
    weight = fields.Float(string="Weight (kg)", compute="_compute_load", digits=(16, 1))
    volume = fields.Float(string="Volume (m³)", compute="_compute_load", digits=(16, 2))
    weight_capacity = fields.Float(
        string="Vehicle Takes (kg)", compute="_compute_capacity"
    )
    volume_capacity = fields.Float(
        string="Vehicle Takes (m³)", compute="_compute_capacity"
    )
    used = fields.Float(string="Full to (%)", compute="_compute_used")
    is_overloaded = fields.Boolean(compute="_compute_used")
    note = fields.Text()

    @api.depends("start_at", "vehicle_id", "driver_id", "company_id")
    def _compute_name(self):
        for record in self:
            # sudo: the name of a vehicle and of who drives it.
            plain = record.sudo()
            parts = [
                format_local(
                    self.env, record.start_at, record.company_id, "d MMM HH:mm"
                )
                if record.start_at
                else "",
                plain.vehicle_id.license_plate or plain.vehicle_id.model_id.name or "",
                plain.driver_id.name or "",
            ]
            record.name = ", ".join(part for part in parts if part)

    @api.depends("stop_ids.weight", "stop_ids.volume", "stop_ids.state")
    def _compute_load(self):
        for record in self:
            stops = record.stop_ids
            record.stop_count = len(stops)
            record.done_count = len(stops.filtered(lambda s: s.state != "to_do"))
            record.weight = sum(stops.mapped("weight"))
            record.volume = sum(stops.mapped("volume"))

    @api.depends("vehicle_id")
    def _compute_capacity(self):
        for record in self:
            # sudo: what the vehicle takes.
            category = record.sudo().vehicle_id.category_id
            record.weight_capacity = category.weight_capacity
            record.volume_capacity = category.volume_capacity

    @api.depends("weight", "volume", "weight_capacity", "volume_capacity")
    def _compute_used(self):
        for record in self:
            shares = [
                100.0 * load / capacity
                for load, capacity in (
                    (record.weight, record.weight_capacity),
                    (record.volume, record.volume_capacity),
                )
                if capacity
            ]
            record.used = max(shares, default=0.0)
            record.is_overloaded = record.used > 100.0001

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rounds = super().create(vals_list)
        rounds._sync_batches()
        return rounds

    @api.model
    def _coop_get_frozen_fields(self, state):
        if state in ("done", "cancelled"):
            return ("vehicle_id", "driver_id", "start_at", "stop_ids")
        return super()._coop_get_frozen_fields(state)

    def write(self, vals):
        res = super().write(vals)
        if {"vehicle_id", "driver_id", "stop_ids"} & set(vals):
            self._sync_batches()
        return res

    def _sync_batches(self):
        """Odoo's own loadings say which vehicle takes them."""
        for record in self:
            # sudo: coordinators plan the vehicles without rights on stock.
            batches = record.sudo().stop_ids.distribution_id.batch_id
            batches = batches.filtered(
                lambda b, r=record: b.vehicle_id != r.sudo().vehicle_id
            )
            if batches:
                batches.write({"vehicle_id": record.vehicle_id.id})
            if record.driver_id:
                batches.driver_id = record.driver_id

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_loaded(self):
        """Everything is in the van, to be unloaded stop by stop."""
        for record in self:
            if not record.stop_ids:
                raise UserError(
                    self.env._("This round goes nowhere yet: add its stops.")
                )
            if record.is_overloaded:
                raise UserError(
                    self.env._(
                        "%(name)s: %(used)s %% of what the vehicle takes. Move a stop"
                        " to another round.",
                        name=record.name,
                        used=round(record.used),
                    )
                )
        self._sync_batches()
        self.filtered(lambda r: r.state == "planned")._coop_enter_state(
            {"state": "loaded"}
        )
        # sudo: what was asked for is in the van; see coop_equipment_write.
        asked = self.stop_ids.distribution_id.sudo()
        asked._mark_equipment_brought()
        return True

    def action_done(self):
        self.filtered(lambda r: r.state in ("planned", "loaded"))._coop_enter_state(
            {"state": "done"}
        )
        return True

    def action_cancel(self):
        self.filtered(lambda r: r.state != "done")._coop_enter_state(
            {"state": "cancelled"}
        )
        return True

    def action_refresh_weights(self):
        """Weights as ordered or allocated now."""
        self.stop_ids._refresh_load()
        return True

    # ------------------------------------------------------------------
    # Who drives
    # ------------------------------------------------------------------

    def _check_can_drive(self):
        """:raise AccessError: neither the driver, a helper, nor a coordinator"""
        user = self.env.user
        if user.has_group("coop_base.coop_base_group_coordinator"):
            return
        # sudo: who drives.
        for record in self.sudo():
            if user.partner_id not in record.driver_id | record.helper_ids:
                raise AccessError(self.env._("Somebody else drives this round."))

    def _format_start(self):
        self.ensure_one()
        return format_local(
            self.env, self.start_at, self.company_id, "EEEE d MMMM, HH:mm"
        )
