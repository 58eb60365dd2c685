# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Correcting one order after the window has closed, until it is prepared."""

    _name = "sale.order"
    _inherit = [
        "coop.sale.order.reprice",
        "sale.order",
    ]

    def action_correct(self):
        """The wizard: new quantities, and what they change at the producers'."""
        self.ensure_one()
        self._coop_check_can_correct()
        wizard = self.env["coop.order.correction"]._create_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Order of %s", wizard.member_name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _coop_check_can_correct(self):
        """:raise UserError: one sentence that says why not, and what to do"""
        self.ensure_one()
        # sudo: states of the order's documents; the buyer reads no members' orders.
        order = self.sudo()
        window = order.order_window_id.with_env(self.env)
        window.check_access("write")
        if window.state == "open" and order.state in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(window)s is still open: change the order itself, or key it in.",
                    window=window.name,
                )
            )
        if window.state != "closed" or order.state != "sale":
            raise UserError(
                self.env._(
                    "Only a confirmed order of a closed window can be corrected."
                )
            )
        if order.invoice_ids.filtered(lambda move: move.state != "cancel"):
            raise UserError(
                self.env._(
                    "This order is invoiced: an invoice is never rewritten, make a"
                    " credit note instead."
                )
            )
        moves = order.order_line.move_ids.filtered(lambda m: m.state != "cancel")
        if moves.filtered(lambda move: move.state == "done"):
            raise UserError(
                self.env._(
                    "This order was handed over: correct what was delivered instead."
                )
            )
        if moves:
            raise UserError(
                self.env._(
                    "This order is being prepared: change what is handed over on the"
                    " distribution day instead."
                )
            )

    def _coop_correct(self, quantities, *, reason="", keep_purchases=False):
        """Set quantities of a confirmed order; the orders to producers follow.

        Prices stay those of the offers. Nothing is written where one quantity cannot
        be; the same quantities again change nothing and tell nobody.

        :param quantities: ``{offer: quantity}``; all at 0 cancels the order
        :param keep_purchases: leave the orders to producers as they are: the difference
            comes from what is left over, or stays with the cooperative
        :return: list of ``(offer, before, after)``
        """
        self.ensure_one()
        self._coop_check_can_correct()
        # sudo: who may write on the window corrects its orders (checked above).
        order = self.sudo()
        # What is shared out again are the lines of all orders.
        order.order_window_id._lock_orders()
        order._coop_lock()
        lines = {line.offer_id: line for line in order.order_line if line.offer_id}
        changes = []
        for offer, asked in quantities.items():
            quantity = offer._round_to_step(asked)
            line = lines.get(offer)
            before = line.product_uom_qty if line else 0.0
            if offer.product_uom_id.compare(before, quantity) != 0:
                offer._coop_check_correction(quantity - before, keep_purchases)
                changes.append((offer, before, quantity))
        if not changes:
            return changes
        offers = self.env["coop.order.offer"].concat(*(row[0] for row in changes))
        stages = offers._coop_get_purchase_stage()
        order._coop_write_correction(changes, lines)
        self._coop_follow_correction(offers, stages, keep_purchases)
        # Shared out again: what is less goes to who waits, what is more is there.
        arrived = offers.filtered("allocated_at")
        if arrived and order.order_window_id.state == "closed":
            order.order_window_id._allocate_offers(arrived)
        order._coop_tell_correction(changes, reason)
        return changes

    def _coop_write_correction(self, changes, lines):
        now, to_create = fields.Datetime.now(), []
        for offer, before, quantity in changes:
            line = lines.get(offer)
            if not line:
                vals = self._coop_prepare_line_vals(offer, quantity, asked_at=now)
                to_create.append({"order_id": self.id, **vals})
                continue
            vals = {"product_uom_qty": quantity, "price_unit": offer.price_unit}
            # What is added comes after those who asked in time, where goods are short.
            vals["asked_more"] = line._coop_get_asked_more(quantity)
            if offer.product_uom_id.is_zero(before):
                vals.update(asked_at=now, asked_more=False)
            if offer.product_uom_id.is_zero(quantity):
                vals["quantity_tolerance"] = 0.0
            line.write(vals)
        if to_create:
            self.env["sale.order.line"].sudo().with_context(
                sale_no_log_for_new_lines=True
            ).create(to_create)
        if not self._coop_has_demand():
            self._action_cancel()

    def _coop_follow_correction(self, offers, stages, keep_purchases):
        """The orders to producers, unless they are left as they are."""
        if keep_purchases:
            return
        expected = offers._get_expected_quantities_to_order()
        by_order = {}
        for offer in offers:
            stage, purchase = stages[offer]
            if stage in ("draft", "sent"):
                by_order.setdefault(purchase, {})[offer] = expected[offer]
        for purchase, quantities in by_order.items():
            # sudo: the order to the producer follows; coordinators do not buy
            purchase.with_env(self.env).sudo()._coop_amend(quantities)

    def _coop_tell_correction(self, changes, reason):
        self.ensure_one()
        items = self._coop_format_correction(changes)
        body = Markup("<p>%s</p>%s") % (
            self.env._("Order corrected after the closing"),
            items,
        )
        if reason:
            body += Markup("<p>%s</p>") % reason
        self.message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        lang = self.partner_id.lang or self.env.lang
        self._coop_with_about(
            correction=self.with_context(lang=lang)._coop_format_correction(changes),
            reason=reason,
        )._coop_tell_members(
            "coop_orders_correction.mail_template_order_corrected",
            self.env._("the order of %s was corrected", self.order_window_id.name),
        )

    def _coop_format_correction(self, changes):
        # sudo: words only
        return self.env["purchase.order"].sudo()._coop_format_changes(changes)
