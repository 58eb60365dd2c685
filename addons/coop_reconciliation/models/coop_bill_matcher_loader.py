# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.coop_einvoice.tools.bill_lines import line_kind

from ..tools import matcher

MOVE_FIELDS = (
    "state",
    "quantity",
    "product_uom_qty",
    "product_uom",
    "date",
    "picking_id",
    "purchase_line_id",
    "scrap_id",
    "location_id",
    "location_dest_id",
    "origin_returned_move_id",
    "product_id",
)


def decimal(number):
    return Decimal(str(number))


class CoopBillMatcherLoader(models.AbstractModel):
    """Turn bills, orders and receipts into the plain data of :mod:`..tools.matcher`.

    Every quantity is in the product's own unit, every price in the bill's currency,
    net of discount and without VAT. A fixed number of queries for any number of bills.
    """

    _name = "coop.bill.matcher.loader"
    _description = "Reading for the Bill Matcher"

    # -------------------------------------------------------------------------
    # Bills
    # -------------------------------------------------------------------------

    @api.model
    def _load_bill_lines(self, bill, confirmed, ordered):
        """``[(aml, BillLine)]`` of one bill; what a person confirmed is taken off."""
        header = defaultdict(list)
        for reference in bill.bill_reference_ids:
            if not reference.bill_line_id:
                header[reference.kind].append(reference.value)
        orders = header["bt13"] or (
            [bill.invoice_origin] if bill.invoice_origin else []
        )
        period = None
        if bill.einvoice_period_start and bill.einvoice_period_end:
            period = (bill.einvoice_period_start, bill.einvoice_period_end)
        result = []
        for line in bill.invoice_line_ids:
            if line.display_type != "product":
                continue
            own = defaultdict(list)
            for reference in line.bill_reference_ids:
                own[reference.kind].append(reference.value)
            line_orders = own["order"] or orders
            lines = [f"{order}#{n}" for order in line_orders for n in own["bt132"]]
            references = matcher.refs(
                line=lines + [f"BL:{note}" for note in own["despatch"]],
                despatch=header["bt16"],
                receiving=header["bt15"],
                order=line_orders,
            )
            product = line.product_id
            quantity, unit = line.quantity, ("product", product.id)
            if product and line.product_uom_id != product.uom_id:
                if line.product_uom_id._has_common_reference(product.uom_id):
                    quantity = line.product_uom_id._compute_quantity(
                        quantity, product.uom_id, round=False
                    )
                else:
                    unit = ("uom", line.product_uom_id.id)
            amount = decimal(line.price_subtotal)
            quantity = decimal(round(quantity, 6))
            price = amount / quantity if quantity else amount
            if line.id in confirmed:
                quantity -= decimal(round(confirmed[line.id], 6))
                if quantity <= 0:
                    continue
            kind = line.bill_line_kind or "goods"
            if kind == "goods" and not product:
                kind = line_kind(line.name, amount, is_charge=amount < 0)
            elif kind == "goods" and product.type == "service":
                who = (bill.company_id, bill.commercial_partner_id, product)
                kind = kind if who in ordered else self._service_kind(line, amount)
            result.append(
                (
                    line,
                    matcher.BillLine(
                        key=line.id,
                        product=product.id or None,
                        quantity=quantity,
                        price=price,
                        refs=references,
                        amount=amount,
                        kind=kind,
                        name=line.name or "",
                        unit=unit if product else None,
                        # A bill made from its order says itself which line it bills.
                        order_line=self._explicit_order_line(line),
                        period=period,
                    ),
                )
            )
        return result

    @api.model
    def _ordered_services(self, bills):
        """``{(company, supplier, service)}`` that a supplier was asked for."""
        services = bills.invoice_line_ids.product_id.filtered(
            lambda product: product.type == "service"
        )
        if not services:
            return set()
        lines = self.env["purchase.order.line"]._read_group(
            [
                ("product_id", "in", services.ids),
                ("state", "=", "purchase"),
                ("company_id", "in", bills.company_id.ids),
                ("partner_id", "child_of", bills.commercial_partner_id.ids),
            ],
            ["company_id", "partner_id", "product_id"],
        )
        return {
            (company, partner.commercial_partner_id, product)
            for company, partner, product in lines
        }

    @api.model
    def _service_kind(self, line, amount):
        """Carriage may be an article of ours: a service that nobody ordered."""
        kind = line_kind(line.name, amount)
        return kind if kind != "goods" else line_kind(line.product_id.name, amount)

    @api.model
    def _explicit_order_line(self, line):
        """The order line that someone chose, not one that we linked ourselves."""
        if line.purchase_line_id == line.matched_purchase_line_id:
            return None
        return line.purchase_line_id.id

    # -------------------------------------------------------------------------
    # Receipts
    # -------------------------------------------------------------------------

    @api.model
    def _load_orders(self, bills):
        """Order lines of the bills' suppliers that may still be billed."""
        references = {r.value for r in bills.bill_reference_ids} | {
            bill.invoice_origin for bill in bills if bill.invoice_origin
        }
        partners = bills.commercial_partner_id
        domain = (
            Domain("company_id", "in", bills.company_id.ids)
            & Domain("partner_id", "child_of", partners.ids)
            & Domain("state", "=", "purchase")
        )
        # An order billed in full is still one of ours: its bill may bill too much.
        wanted = (
            Domain("invoice_status", "!=", "invoiced")
            | Domain("order_line.invoice_lines.move_id", "in", bills.ids)
            | Domain("name", "in", list(references))
            | Domain("partner_ref", "in", list(references))
            | Domain("picking_ids.delivery_note_ref", "in", list(references))
        )
        orders = self.env["purchase.order"].search(domain & wanted, order="id")
        return orders.order_line.filtered(
            lambda line: not line.display_type and line.product_id
        )

    @api.model
    def _load_receipts(self, bills):
        """``{(company id, partner id): SupplierReceipts}``; empty for the others."""
        order_lines = self._load_orders(bills)
        all_moves = order_lines.move_ids
        all_moves.fetch(MOVE_FIELDS)
        incoming = all_moves.filtered(lambda m: m._is_incoming() and not m.scrap_id)
        moves = incoming.filtered(lambda m: m.state == "done")
        returned = self._returned_quantities(moves)
        billed_moves, billed_lines = self._billed_quantities(order_lines, moves, bills)
        moves_by_line = incoming.grouped("purchase_line_id")
        none = self.env["stock.move"]
        entries_by_supplier = defaultdict(list)
        for line in order_lines:
            product_uom = line.product_id.uom_id
            entries, to_come = [], 0.0
            for move in moves_by_line.get(line, none).sorted(lambda m: (m.date, m.id)):
                if move.state == "cancel":
                    continue
                done = move.state == "done"
                quantity = self._convert(
                    move.quantity if done else move.product_uom_qty,
                    move.product_uom,
                    product_uom,
                )
                if not done:
                    to_come += quantity
                    continue
                quantity -= returned.get(move.id, 0.0)
                entries.append([move, quantity - billed_moves.get(move.id, 0.0)])
            if not entries and line.qty_received_method != "stock_moves":
                ordered = self._convert(
                    line.product_qty, line.product_uom_id, product_uom
                )
                quantity = self._convert(
                    line.qty_received, line.product_uom_id, product_uom
                )
                if line.product_id.purchase_method == "purchase":
                    # A service billed as ordered: nobody receives it.
                    quantity = ordered
                entries.append([none, quantity])
                to_come = ordered - quantity
            # What others billed without saying for which receipt: oldest first.
            rest = billed_lines.get(line.id, 0.0)
            for entry in entries:
                taken = min(max(entry[1], 0.0), max(rest, 0.0))
                entry[1] -= taken
                rest -= taken
            if not entries:
                entries.append([none, 0.0])
            partner = line.order_id.partner_id.commercial_partner_id
            entries_by_supplier[line.company_id.id, partner.id] += [
                (line, move, quantity, max(to_come, 0.0)) for move, quantity in entries
            ]
        return defaultdict(
            lambda: SupplierReceipts(self, []),
            {
                key: SupplierReceipts(self, entries)
                for key, entries in entries_by_supplier.items()
            },
        )

    @api.model
    def _left_to_bill(self, matches):
        """``{(receipt move id, order line id): quantity}`` that no other match uses."""
        bills = matches.bill_id
        left = defaultdict(float)
        for receipts in self._load_receipts(bills).values():
            for line, move, quantity, __ in receipts.entries:
                left[move.id, line.id] += quantity
        # The loader leaves out what the bills' own automatic links take.
        for match in bills.bill_match_ids:
            if match.state == "auto":
                left[match.stock_move_id.id, match.purchase_line_id.id] -= (
                    match.quantity
                )
        return left

    @api.model
    def _convert(self, quantity, uom, target):
        if uom == target:
            return quantity
        return uom._compute_quantity(quantity, target, round=False)

    @api.model
    def _returned_quantities(self, moves):
        """``{receipt move id: quantity sent back}`` in the product's unit."""
        returned = defaultdict(float)
        for move in moves.returned_move_ids:
            if move.state == "done":
                returned[move.origin_returned_move_id.id] += (
                    move.product_uom._compute_quantity(
                        move.quantity, move.product_id.uom_id, round=False
                    )
                )
        return returned

    @api.model
    def _billed_quantities(self, order_lines, moves, bills):
        """What other bills took: per receipt (matched) and per order line (not)."""
        matches = self.env["coop.bill.match"].search(
            [
                ("purchase_line_id", "in", order_lines.ids),
                ("state", "in", ("auto", "confirmed")),
                ("bill_id.state", "!=", "cancel"),
            ]
        )
        by_move, by_line = defaultdict(float), defaultdict(float)
        matched_lines = matches.bill_line_id
        for match in matches:
            # A bill's own automatic matches are computed again; confirmed ones stay.
            if match.bill_id in bills and match.state == "auto":
                continue
            if match.stock_move_id:
                by_move[match.stock_move_id.id] += match.quantity
            else:
                by_line[match.purchase_line_id.id] += match.quantity
        linked = (
            Domain("purchase_line_id", "in", order_lines.ids)
            & Domain("parent_state", "!=", "cancel")
            & Domain("move_id", "not in", bills.ids)
            & Domain("id", "not in", matched_lines.ids)
            & Domain("display_type", "=", "product")
            & Domain("move_type", "=", "in_invoice")
        )
        # A line that we linked ourselves takes what its matches say: nothing here.
        lines = self.env["account.move.line"]
        by_hand = linked & Domain("matched_purchase_line_id", "=", False)
        changed = lines.search(
            linked & Domain("matched_purchase_line_id", "!=", False)
        ).filtered(self._explicit_order_line)
        groups = lines._read_group(
            by_hand, ["purchase_line_id", "product_uom_id"], ["quantity:sum"]
        ) + [(x.purchase_line_id, x.product_uom_id, x.quantity) for x in changed]
        for order_line, uom, quantity in groups:
            target = order_line.product_id.uom_id
            if uom and uom != target and uom._has_common_reference(target):
                quantity = uom._compute_quantity(quantity, target, round=False)
            by_line[order_line.id] += quantity
        return by_move, by_line

    @api.model
    def _receipt_lines(self, entries, bill):
        """Plain receipt lines in the currency and at the date of a bill."""
        piece = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
        piece = self.env["uom.uom"].browse(piece)
        weighed, rates, result = {}, {}, []
        for line, move, quantity, to_come in entries:
            order, product = line.order_id, line.product_id
            uom = product.uom_id
            picking = move.picking_id
            ordered = self._convert(line.product_qty, line.product_uom_id, uom)
            price = self._order_price(line, ordered)
            if order.currency_id != bill.currency_id:
                if order.currency_id not in rates:
                    rates[order.currency_id] = self._rate(order.currency_id, bill)
                price *= rates[order.currency_id]
            if uom not in weighed:
                weighed[uom] = not uom._has_common_reference(piece)
            names = [n for n in (order.name, order.partner_ref) if n]
            numbers = {str(line.id), str(line.sequence)}
            note = picking.delivery_note_ref or ""
            references = matcher.refs(
                line=[f"{name}#{n}" for name in names for n in numbers]
                + ([f"BL:{note}"] if note else []),
                despatch=[note],
                receiving=[picking.name or ""],
                order=names,
            )
            result.append(
                matcher.ReceiptLine(
                    key=move.id or None,
                    product=product.id,
                    quantity=decimal(round(quantity, 6)),
                    price=price,
                    order_line=line.id,
                    order=order.id,
                    refs=references,
                    name=line.name or product.display_name,
                    unit=("product", product.id),
                    date=move.date.date() if move else None,
                    weighed=weighed[uom],
                    to_come=decimal(round(to_come, 6)),
                )
            )
        return result

    @api.model
    def _order_price(self, line, ordered):
        """Net of discount, without VAT, in the product's own unit.

        :param ordered: the line's quantity in that unit
        """
        if not ordered:
            return decimal(line.price_unit_discounted)
        quantity = decimal(round(ordered, 6))
        subtotal = decimal(line.price_subtotal)
        exact = decimal(line.price_unit_discounted) * decimal(line.product_qty)
        if abs(exact - subtotal) < matcher.CENT:
            # The subtotal is rounded: of a small quantity, it would be another price.
            return exact / quantity
        return subtotal / quantity

    @api.model
    def _rate(self, currency, bill):
        day = bill.invoice_date or bill.date
        rate = currency._get_conversion_rate(
            currency, bill.currency_id, bill.company_id, day
        )
        return decimal(rate)


class SupplierReceipts:
    """What a supplier delivered, in the currency of each bill in turn."""

    def __init__(self, loader, entries):
        self.loader = loader
        self.entries = entries
        self.currencies = {line.order_id.currency_id for line, *__ in entries}
        self.pools = {}
        self.results = []

    def of(self, bill):
        """The :class:`matcher.Receipts` that a bill may take from."""
        key = bill.currency_id
        if self.currencies - {bill.currency_id}:
            key = (bill.currency_id, bill.invoice_date or bill.date)
        if key not in self.pools:
            lines = self.loader._receipt_lines(self.entries, bill)
            self.pools[key] = matcher.Receipts(lines)
            for result in self.results:
                self.pools[key].take(result)
        return self.pools[key]

    def take(self, result):
        """What a bill took is no longer there for the supplier's next one."""
        self.results.append(result)
        for pool in self.pools.values():
            pool.take(result)
