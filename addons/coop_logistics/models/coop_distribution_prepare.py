# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Baskets made in one go; more than a request should wait for go to the background.
CHUNK = 200
BACKGROUND_FROM = 1000
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
}


class CoopDistributionPrepare(models.AbstractModel):
    """Deliveries made in bulk from what was allocated."""

    _name = "coop.distribution.prepare"
    _description = "Distribution: Preparation"

    def action_prepare(self):
        """Make the baskets of these distributions from what was allocated.

        One outgoing picking an order, all pickings of a distribution in one batch. The
        result only depends on the orders: run again after another allocation, it adds
        and changes what differs; after a crash it goes on with what is missing, and
        nothing is made twice.

        :return: True, or a notice that it goes on in the background
        """
        self._check_can_run()
        for distribution in self:
            if distribution.state not in ("planned", "prepared", "open"):
                raise UserError(
                    self.env._(
                        "%(distribution)s is over: nothing to prepare any more.",
                        distribution=distribution.display_name,
                    )
                )
            # sudo: a date; who prepares may not read windows
            if not distribution.window_id.sudo().allocated_at:
                raise UserError(
                    self.env._(
                        "Nothing was shared out for %(window)s yet: receive its goods"
                        " first, or share out what there is.",
                        window=distribution.window_id.name,
                    )
                )
        # sudo: checked above; a referent has no right on stock.
        todo = self.sudo()
        orders = todo._get_orders_to_prepare()
        if len(orders) >= BACKGROUND_FROM:
            return todo._ask_in_background("prepare_asked_at", len(orders))
        while orders:
            orders[:CHUNK]._coop_prepare_deliveries()
            orders = orders[CHUNK:]
        todo._mark_prepared()
        return True

    def _get_orders_to_prepare(self):
        return self.env["sale.order"].search(
            [
                ("distribution_id", "in", self.ids),
                ("state", "=", "sale"),
                ("serve_state", "=", "expected"),
            ],
            order="distribution_id, id",
        )

    def _mark_prepared(self):
        self.prepare_asked_at = False
        todo = self.filtered(lambda d: d.state == "planned")
        todo._coop_enter_state(
            {
                "state": "prepared",
                "prepared_at": fields.Datetime.now(),
                "prepared_by_id": self.env.uid,
            }
        )

    def _get_or_create_batch(self):
        """``{distribution: batch}``, one batch each."""
        missing = self.filtered(
            lambda d: not d.batch_id or d.batch_id.state in ("done", "cancel")
        )
        # sudo: sequences; the callers have checked who prepares.
        warehouses = self.company_id._coop_get_warehouses()
        batches = (
            self.env["stock.picking.batch"]
            .sudo()
            .with_context(**QUIET)
            .create(
                [
                    {
                        "company_id": distribution.company_id.id,
                        "picking_type_id": warehouses[
                            distribution.company_id
                        ].out_type_id.id,
                        "description": distribution.display_name,
                    }
                    for distribution in missing
                ]
            )
        )
        for distribution, batch in zip(missing, batches, strict=True):
            distribution.batch_id = batch
        return {distribution: distribution.batch_id for distribution in self}


class CoopResCompanyPrepare(models.AbstractModel):
    _name = "coop.res.company.prepare"
    _description = "Company: Preparation"

    def _coop_get_warehouses(self):
        """``{company: warehouse}`` from which baskets are made (hook).

        :raise UserError: a company has none
        """
        result = {}
        for warehouse in self.env["stock.warehouse"].search(
            [("company_id", "in", self.ids)], order="sequence desc, id desc"
        ):
            result[warehouse.company_id] = warehouse
        for company in self - self.browse([c.id for c in result]):
            raise UserError(
                self.env._(
                    "%(company)s has no warehouse to take the baskets from.",
                    company=company.name,
                )
            )
        return result


class CoopSaleOrderPrepare(models.AbstractModel):
    _name = "coop.sale.order.prepare"
    _description = "Member's Order: Preparation"

    def _coop_lock_rows(self):
        """Wait for, then hold, these orders until the end of the transaction.

        Whoever did the same meanwhile has changed them: PostgreSQL then has this
        transaction run again by Odoo, and it sees what the other did.
        """
        if self:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM sale_order WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )

    def _coop_prepare_deliveries(self):
        """Make or bring up to date the pickings of these orders, in bulk.

        :return: the open pickings
        """
        orders = self.with_context(**QUIET)
        orders._coop_lock_rows()
        quantities = orders.order_line._coop_get_quantity_to_deliver()
        open_moves = orders.order_line.move_ids.filtered(
            lambda m: (
                m.state not in ("done", "cancel")
                and m.location_dest_id.usage == "customer"
            )
        )
        by_line = open_moves.grouped("sale_line_id")
        missing = self.env["sale.order.line"]
        for line, quantity in quantities.items():
            moves = by_line.get(line)
            if moves:
                line._coop_adjust_move(moves, quantity)
            elif quantity:
                missing += line
        self._coop_create_pickings(missing)
        return self._coop_get_open_pickings()

    def _coop_get_open_pickings(self):
        return self.picking_ids.filtered(
            lambda p: (
                p.state not in ("done", "cancel") and p.picking_type_code == "outgoing"
            )
        )

    def _coop_create_pickings(self, lines, added=None):
        """One picking an order for these lines; reserved as far as goods are there.

        :param added: ``{line: quantity}`` put in on the day, beyond what was allocated
        """
        if not lines:
            return
        distributions = lines.order_id.distribution_id
        warehouses = lines.company_id._coop_get_warehouses()
        batches = distributions._get_or_create_batch()
        customers = self.env.ref("stock.stock_location_customers")
        vals_list, orders = [], []
        for order, order_lines in lines.grouped("order_id").items():
            warehouse = warehouses[order.company_id]
            picking_type = warehouse.out_type_id
            location = picking_type.default_location_src_id or warehouse.lot_stock_id
            date = order.distribution_id.date_start or fields.Datetime.now()
            orders.append(order)
            vals_list.append(
                {
                    "partner_id": order.partner_shipping_id.id,
                    "picking_type_id": picking_type.id,
                    "location_id": location.id,
                    "location_dest_id": customers.id,
                    "origin": order.name,
                    "company_id": order.company_id.id,
                    "user_id": False,
                    "move_ids": [
                        (0, 0, {**vals, "date": date})
                        for vals in order_lines._coop_prepare_delivery_move_vals(
                            location, customers, added
                        )
                    ],
                }
            )
        Picking = self.env["stock.picking"].with_context(**QUIET)
        pickings = Picking._create_in_bulk(vals_list)
        pickings.move_ids._confirm_in_bulk()
        by_batch = {}
        for order, picking in zip(orders, pickings, strict=True):
            batch = batches.get(order.distribution_id)
            if batch:
                by_batch.setdefault(batch, []).append(picking.id)
        for batch, ids in by_batch.items():
            self.env["stock.picking"].browse(ids).with_context(**QUIET).write(
                {"batch_id": batch.id}
            )
            if batch.state == "draft":
                batch.with_context(**QUIET).state = "in_progress"


class CoopSaleOrderLinePrepare(models.AbstractModel):
    _name = "coop.sale.order.line.prepare"
    _description = "Line of an Order: Preparation"

    def _coop_adjust_move(self, moves, quantity):
        """Have the open moves of a line ask for what is allocated now."""
        self.ensure_one()
        uom = moves[:1].product_uom
        wanted = self.product_uom_id._compute_quantity(quantity, uom, round=False)
        if not uom.compare(sum(moves.mapped("product_uom_qty")), wanted):
            return
        if uom.is_zero(wanted):
            moves._action_cancel()
            return
        (moves - moves[0])._action_cancel()
        moves[0].product_uom_qty = wanted
        moves[0]._action_assign()

    def _coop_add_to_basket(self, quantities):
        """Put what was not allocated into baskets that are being handed over.

        :param quantities: dict ``sale.order.line`` → quantity in the line's unit
        """
        if not quantities:
            return
        lines = self.browse().concat(*quantities)
        customers = self.env.ref("stock.stock_location_customers")
        vals_list = []
        for order, order_lines in lines.grouped("order_id").items():
            picking = order._coop_get_open_pickings()[:1]
            if not picking:
                order._coop_create_pickings(order_lines, quantities)
                continue
            vals_list += [
                {**vals, "picking_id": picking.id}
                for vals in order_lines._coop_prepare_delivery_move_vals(
                    picking.location_id, customers, quantities
                )
            ]
        moves = self.env["stock.move"].create(vals_list)
        moves._confirm_in_bulk()
        for line, quantity in quantities.items():
            move = line._coop_get_open_moves()[:1]
            move.quantity = line.product_uom_id._compute_quantity(
                quantity, move.product_uom, round=False
            )
            move.picked = True
