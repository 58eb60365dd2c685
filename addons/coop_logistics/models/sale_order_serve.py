# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import format_local

from .coop_distribution_prepare import QUIET

# From so many orders on, PostgreSQL is told that the tables have grown.
ANALYZE_FROM = 50


class CoopSaleOrderServe(models.AbstractModel):
    """Handing baskets over: delivery and invoice, for one order or for hundreds."""

    _name = "coop.sale.order.serve"
    _description = "Member's Order: Handing Over"

    def _coop_is_expected(self):
        handed_over = self.serve_state in ("served", "no_show")
        return not handed_over and super()._coop_is_expected()

    def action_coop_serve(self):
        """Hand these baskets over: deliver, invoice what was delivered, post.

        Works on one order or on all those of a distribution with the same few queries.
        What was weighed or corrected counts (``picked`` moves); the rest is delivered
        as allocated, whether its reception was keyed in or not.

        :return: the posted invoices, in sudo; an empty basket makes none
        :raise AccessError: someone else's distribution
        :raise UserError: already handed over, or not an order to hand over
        """
        self._coop_check_can_serve()
        # sudo: checked above. Deliveries and invoices are made on behalf of the
        # referent, who has no right on stock nor accounting.
        orders = self.sudo().with_context(**QUIET)
        orders._coop_lock_rows()
        orders._coop_check_to_serve()
        orders._coop_deliver()
        orders._coop_refresh_statistics()
        invoices = orders._coop_create_invoices()
        if invoices:
            invoices._post(soft=False)
        orders.write(
            {
                "serve_state": "served",
                "served_at": fields.Datetime.now(),
                "served_by_id": self.env.uid,
            }
        )
        return invoices

    def action_coop_no_show(self):
        """The member did not come: the goods are free again."""
        self._coop_check_can_serve()
        # sudo: as above.
        orders = self.sudo()
        orders._coop_lock_rows()
        orders._coop_check_to_serve()
        orders._coop_mark_no_show()
        return True

    def action_coop_expect_again(self):
        """The member comes after all."""
        self._coop_check_can_serve()
        # sudo: as above.
        orders = self.sudo().filtered(lambda o: o.serve_state == "no_show")
        orders._coop_lock_rows()
        orders.serve_state = "expected"
        orders._coop_prepare_deliveries()
        return True

    def _coop_is_on_the_way(self):
        """Whether the basket is expected after everybody has left the room (hook)."""
        self.ensure_one()
        return False

    def _coop_mark_no_show(self):
        self._coop_get_open_pickings().with_context(**QUIET).action_cancel()
        self.serve_state = "no_show"

    def _coop_check_can_serve(self):
        """:raise AccessError: not the user's distribution"""
        self.check_access("read")
        without = self.filtered(lambda o: not o.distribution_id)
        if without:
            raise UserError(
                self.env._(
                    "%(orders)s: choose where it is collected first.",
                    orders=", ".join(without.mapped("name")),
                )
            )
        self.distribution_id._check_can_run()

    def _coop_check_to_serve(self):
        """:raise UserError: one of the orders was served, or is not confirmed"""
        for order in self:
            if order.serve_state == "served":
                raise UserError(
                    self.env._(
                        "%(member)s was already served on %(date)s by %(user)s: nothing"
                        " was done twice.",
                        member=order.partner_id.name,
                        date=format_local(self.env, order.served_at, order.company_id),
                        user=order.served_by_id.name,
                    )
                )
            if order.state != "sale":
                raise UserError(
                    self.env._(
                        "The order of %(member)s is not confirmed: nothing to hand"
                        " over.",
                        member=order.partner_id.name,
                    )
                )

    def _coop_deliver(self):
        """Validate the baskets, made now if they were not prepared."""
        unprepared = self.filtered(lambda o: not o._coop_get_open_pickings())
        unprepared._coop_prepare_deliveries()
        pickings = self._coop_get_open_pickings()
        if not pickings:
            return
        moves = pickings.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
        )._with_quant_book()
        moves._set_quantities_in_bulk(
            {move: move.product_uom_qty for move in moves if not move.picked}
        )
        moves.picked = True
        # No back order: what a member does not take is not owed any more.
        pickings.with_env(moves.env).with_context(cancel_backorder=True)._action_done()

    def _coop_refresh_statistics(self):
        """Tell PostgreSQL how big the tables have become.

        In a transaction that fills empty tables, Odoo's query on payments otherwise
        goes through them row by row (measured: 16 s for 80 invoices, then 0.02 s).
        """
        if len(self) >= ANALYZE_FROM:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "ANALYZE (SKIP_LOCKED) account_move, account_move_line,"
                    " account_partial_reconcile, account_payment, stock_move,"
                    " stock_move_line, sale_order_line"
                )
            )
