# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_orders.tools.weight import question_weight
from odoo.addons.coop_tools.tools.number_text import read_number


class CoopStockMoveReception(models.AbstractModel):
    """What one knows of a delivered line once somebody has counted it."""

    _name = "coop.stock.move.reception"
    _description = "Goods Moved: Reception"

    coop_counted_by_id = fields.Many2one(
        "res.users", string="Counted by", copy=False, readonly=True, ondelete="set null"
    )
    coop_counted_at = fields.Datetime(string="Counted on", copy=False, readonly=True)
    coop_temperature = fields.Float(
        string="Temperature (°C)", digits=(5, 1), copy=False, readonly=True
    )
    coop_temperature_at = fields.Datetime(
        string="Temperature Read on", copy=False, readonly=True
    )
    coop_is_too_warm = fields.Boolean(
        string="Too Warm", compute="_compute_coop_is_too_warm"
    )
    coop_use_by = fields.Date(string="Use by", copy=False, readonly=True)
    coop_photo = fields.Binary(string="Photo", attachment=True, copy=False)

    @api.depends("coop_temperature", "coop_temperature_at", "product_id")
    def _compute_coop_is_too_warm(self):
        self.coop_is_too_warm = False
        for move in self.filtered("coop_temperature_at"):
            limit = move.company_id._coop_get_temperature_limits().get(
                move.product_id.coop_storage
            )
            move.coop_is_too_warm = limit is not None and move.coop_temperature > limit

    def _coop_count(self, count):
        """Write one count, unless somebody counted this line later.

        :param count: also ``blocks``: kg of each wheel, whose sum is the quantity
        :return: whether it was written
        :raise UserError: negative, ten times what is awaited, or a wheel of another
            weight than its kind
        """
        self.ensure_one()
        blocks, weights = count.get("blocks"), []
        if blocks:
            product = self.product_id.display_name
            weights = [round(read_number(self.env, kg, product), 3) for kg in blocks]
            self._coop_check_blocks(weights)
            count = {**count, "quantity": self._coop_from_kilograms(sum(weights))}
        now = fields.Datetime.now()
        at = now
        if count.get("at"):
            # A phone's clock may be wrong, but never writes from the future.
            counted = datetime.fromtimestamp(int(count["at"]), UTC)
            at = min(counted.replace(tzinfo=None), now)
        if self.coop_counted_at and at < self.coop_counted_at:
            return False
        vals = {"coop_counted_by_id": self.env.uid, "coop_counted_at": at}
        if "reason_id" in count:
            reason = self.env["coop.discrepancy.reason"].browse(
                int(count["reason_id"] or 0)
            )
            vals["discrepancy_reason_id"] = reason.exists().id
        if count.get("temperature") not in (None, False, ""):
            temperature = float(count["temperature"])
            if not -60 <= temperature <= 60:
                raise UserError(
                    self.env._("%s °C: read the thermometer again.", temperature)
                )
            vals.update(coop_temperature=temperature, coop_temperature_at=at)
        if count.get("use_by"):
            vals["coop_use_by"] = count["use_by"]
        if count.get("photo"):
            vals["coop_photo"] = count["photo"]
        if count.get("quantity") is not None:
            quantity = read_number(
                self.env, count["quantity"], self.product_id.display_name
            )
            self._coop_check_count(quantity)
            self.quantity = quantity
            vals["picked"] = True
        self.write(vals)
        if count.get("lot") and self.product_id.tracking != "none":
            self.move_line_ids[:1].lot_name = count["lot"].strip()
        if self.coop_is_too_warm and "coop_temperature" in vals:
            self.picking_id.message_post(
                body=self.env._(
                    "%(product)s: %(temperature)s °C, too warm.",
                    product=self.product_id.display_name,
                    temperature=self.coop_temperature,
                )
            )
        if blocks:
            self._coop_write_blocks(weights)
        elif count.get("quantity") is not None:
            self.move_line_ids.filtered("coop_is_block").coop_is_block = False
        return True

    def _prepare_claim_line(self):
        """What the supplier is shown: the photo of the reception, too."""
        return {**super()._prepare_claim_line(), "photo": self.coop_photo}

    def _coop_check_count(self, quantity):
        expected = max(self._coop_get_expected_quantity(), self.product_uom_qty)
        if quantity < 0 or question_weight(quantity, expected) == "much":
            raise UserError(
                self.env._(
                    "%(quantity)s of %(product)s for %(expected)s expected: check the"
                    " unit.",
                    quantity=quantity,
                    product=self.product_id.display_name,
                    expected=expected,
                )
            )


class CoopResCompanyStockMoveReception(models.AbstractModel):
    _name = "coop.res.company.stock.move.reception"
    _description = "Company: Reception"

    coop_chilled_max = fields.Float(
        string="Chilled: At Most (°C)",
        default=4.0,
        help="Warmer than this, chilled goods are flagged at reception.",
    )
    coop_frozen_max = fields.Float(
        string="Frozen: At Most (°C)",
        default=-15.0,
        help="Warmer than this, frozen goods are flagged at reception: -18 °C, and the"
        " 3 °C that regulations leave for transport.",
    )

    def _coop_get_temperature_limits(self):
        """``{storage: warmest}`` in °C."""
        self.ensure_one()
        return {"chilled": self.coop_chilled_max, "frozen": self.coop_frozen_max}
