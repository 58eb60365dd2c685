# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytz
import vobject

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "coop.sale.order.basket",
        "coop.sale.order.donation",
        "coop.sale.order.basket.confirm",
        "coop.sale.order.change",
        "coop.sale.order.notice",
        "coop.sale.order.habits",
        "coop.sale.order.batch",
        "coop.sale.order.bought",
        "coop.sale.order.sheet",
        "coop.order.door",
        "sale.order",
    ]

    order_window_id = fields.Many2one(
        "coop.order.window",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        check_company=True,
    )
    distribution_id = fields.Many2one(
        "coop.distribution",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        check_company=True,
        domain="[('window_id', '=', order_window_id)]",
    )
    collection_point_id = fields.Many2one(
        related="distribution_id.collection_point_id", store=True
    )
    slot_id = fields.Many2one(
        "coop.distribution.slot",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('distribution_id', '=', distribution_id)]",
    )
    order_channel = fields.Selection(
        [
            ("portal", "On the Internet"),
            ("phone", "By telephone"),
            ("paper", "On paper"),
            ("desk", "At the desk"),
            ("import", "Imported"),
        ],
        copy=False,
    )
    entered_by_id = fields.Many2one(
        "res.users",
        ondelete="set null",
        copy=False,
        help="Who keyed the order in for the member.",
    )
    coop_state = fields.Selection(
        [
            ("draft", "Basket"),
            ("sent", "Validated"),
            ("sale", "Confirmed"),
            ("cancel", "Cancelled"),
        ],
        string="Order Status",
        compute="_compute_coop_state",
        help="Basket: not confirmed by its member yet. Validated: can still be changed"
        " until the window closes. Confirmed: the window has closed.",
    )
    validated_at = fields.Datetime(copy=False, readonly=True)
    coop_taps = fields.Json(
        copy=False,
        help="Last change of each offer by each device, so that a repeated or late"
        " message changes nothing.",
    )

    _one_per_member_and_window = models.UniqueIndex(
        "(order_window_id, partner_id)"
        " WHERE order_window_id IS NOT NULL AND state <> 'cancel'",
        "This member already has an order in this window.",
    )

    @api.depends("state")
    def _compute_coop_state(self):
        for order in self:
            order.coop_state = order.state

    @api.constrains("distribution_id", "order_window_id", "slot_id")
    def _check_distribution(self):
        for order in self:
            distribution, slot = order.distribution_id, order.slot_id
            if distribution and distribution.window_id != order.order_window_id:
                raise ValidationError(
                    self.env._("Choose a collection point of the same order window.")
                )
            if slot and slot.distribution_id != distribution:
                raise ValidationError(
                    self.env._("Choose a slot of the same collection point.")
                )

    # ------------------------------------------------------------------
    # The door: see coop.order.door
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._coop_refuse_creation(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = self._coop_pass_door(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_members_orders(self):
        for order in self.filtered("order_window_id"):
            if not self.env.su:
                raise UserError(
                    self.env._(
                        "%(order)s has a history that its member reads: cancel it"
                        " instead of deleting it.",
                        order=order.name,
                    )
                )

    def action_confirm(self):
        if not self.env.su and self.filtered("order_window_id"):
            self._coop_pass_door({"state": "sale"})
        return super().action_confirm()

    def action_cancel(self):
        members = self.filtered("order_window_id")
        if not members or self.env.su:
            return super().action_cancel()
        members._coop_cancel_by_hand()
        others = self - members
        return super(SaleOrder, others).action_cancel() if others else True

    def action_draft(self):
        members = self.filtered("order_window_id")
        if not members or self.env.su:
            return super().action_draft()
        members._coop_restore_by_hand()
        return super(SaleOrder, self - members).action_draft()

    # ------------------------------------------------------------------
    # Odoo's own quotation flow does not apply to orders of a window
    # ------------------------------------------------------------------

    def _has_to_be_signed(self):
        return not self.order_window_id and super()._has_to_be_signed()

    def _has_to_be_paid(self):
        return not self.order_window_id and super()._has_to_be_paid()

    def _can_be_edited_on_portal(self):
        return not self.order_window_id and super()._can_be_edited_on_portal()

    def _get_lang(self):
        """A member's order is in the member's language, whoever holds the keyboard."""
        self.ensure_one()
        if not self.order_window_id:
            return super()._get_lang()
        return self.partner_id.lang or self.env.lang

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for order in self.filtered("order_window_id"):
            order.access_url = f"/my/coop/orders/{order.id}"
        return res

    @api.depends("order_window_id")
    def _compute_type_name(self):
        in_window = self.filtered("order_window_id")
        for order in in_window:
            order.type_name = (
                self.env._("Basket")
                if order.state in ("draft", "cancel")
                else self.env._("Order")
            )
        return super(SaleOrder, self - in_window)._compute_type_name()

    def _coop_tell_members(self, template_xmlid, summary):
        """Tell the members of these orders, in one batch."""
        if self:
            # sudo: who closes or receives need not read the members' addresses.
            orders = self.sudo()
            orders.partner_id._coop_tell(orders, template_xmlid, summary)

    def _coop_get_short_lines(self):
        """Lines that a notice of missing goods is about."""
        self.ensure_one()
        ids = self._coop_get_about("short_line_ids")
        return self.order_line.filtered(
            lambda line: line.id in ids if ids is not None else line._coop_is_short()
        )

    def _coop_has_demand(self):
        """Whether something is ordered at all, gifts apart."""
        self.ensure_one()
        return any(
            line.product_uom_qty > 0 and not line.coop_donation
            for line in self.order_line
        )

    def _coop_get_calendar(self):
        """The collection as an iCalendar file (text)."""
        self.ensure_one()
        distribution = self.distribution_id
        start = self.slot_id.date_start or distribution.date_start
        end = self.slot_id.date_end or distribution.date_end
        calendar = vobject.iCalendar()
        event = calendar.add("vevent")
        event.add("uid").value = f"coop-order-{self.id}@{self.company_id.id}"
        event.add("dtstamp").value = pytz.utc.localize(self.write_date)
        event.add("dtstart").value = pytz.utc.localize(start)
        event.add("dtend").value = pytz.utc.localize(end)
        event.add("summary").value = self.env._(
            "Collect the order %s", self.order_window_id.name
        )
        point = distribution.collection_point_id
        address = point.partner_id.with_context(show_address=True).display_name or ""
        event.add("location").value = ", ".join([point.name, *address.split("\n")])
        return calendar.serialize()

    def action_view_order_window(self):
        """Up the chain: the window of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders.coop_order_window_action"
        )
        action.update(
            views=[(False, "form")], view_mode="form", res_id=self.order_window_id.id
        )
        return action
