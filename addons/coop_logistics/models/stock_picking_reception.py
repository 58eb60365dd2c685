# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.coop_base.tools.localtime import format_local, to_local


class CoopStockPickingReception(models.AbstractModel):
    """Receiving with a phone, several people at once, with or without connection."""

    _name = "coop.stock.picking.reception"
    _description = "Reception: Reception"

    # ------------------------------------------------------------------
    # Who may count
    # ------------------------------------------------------------------

    @api.model
    def _coop_get_reception_domain(self):
        """Deliveries that the connected user may count.

        :raise AccessError: neither in the warehouse nor referent of a point
        """
        domain = Domain("picking_type_code", "=", "incoming") & Domain(
            "purchase_id", "!=", False
        )
        user = self.env.user
        if user.has_group("stock.group_stock_user"):
            return domain
        if not user.has_group("coop_base.coop_base_group_referent"):
            raise AccessError(
                self.env._("Referents and the warehouse receive the deliveries.")
            )
        windows = self.env["coop.distribution"].search([("can_run", "=", True)])
        return domain & Domain(
            "purchase_id.order_window_id", "in", windows.window_id.ids
        )

    def _coop_as_receiver(self):
        """These deliveries, in sudo, once it is sure that the user may count them.

        :raise AccessError: a delivery of somebody else's window
        """
        # sudo: referents have no right on stock; the domain says which are theirs.
        found = self.sudo().search(
            Domain("id", "in", self.ids) & self._coop_get_reception_domain()
        )
        if len(found) < len(self):
            raise AccessError(self.env._("This delivery is not one of yours."))
        return self.sudo()

    # ------------------------------------------------------------------
    # What the screen shows
    # ------------------------------------------------------------------

    @api.model
    def coop_reception_load(self):
        """Deliveries still to receive, soonest first, and those received today.

        :return: list of cards ``{'id', 'partner', 'origin', 'when', 'is_late',
            'counted', 'count', 'done', 'storages', 'people'}``
        """
        domain = self._coop_get_reception_domain()
        today = fields.Datetime.now() - timedelta(hours=12)
        # sudo: see _coop_as_receiver; the domain says which are theirs.
        pickings = self.sudo().search(
            domain
            & (
                Domain("state", "not in", ("done", "cancel"))
                | (Domain("state", "=", "done") & Domain("date_done", ">=", today))
            ),
            order="scheduled_date, id",
            limit=100,
        )
        now = fields.Datetime.now()
        cards = []
        for picking in pickings:
            moves = picking.move_ids.filtered(lambda m: m.state != "cancel")
            company = picking.company_id
            day = to_local(picking.scheduled_date, company.coop_tz).date()
            cards.append(
                {
                    "id": picking.id,
                    "partner": picking.partner_id.name or "",
                    "origin": picking.origin or picking.name,
                    "window": picking.coop_window_id.name or "",
                    "when": format_local(
                        self.env, picking.scheduled_date, company, "EEEE d MMMM, HH:mm"
                    ),
                    "is_today": day == to_local(now, company.coop_tz).date(),
                    "is_late": picking.state != "done"
                    and day < to_local(now, company.coop_tz).date(),
                    "counted": len(moves.filtered("picked")),
                    "count": len(moves),
                    "done": picking.state == "done",
                    "storages": sorted(
                        set(moves.product_id.mapped("coop_storage"))
                        & {"chilled", "frozen"}
                    ),
                    "people": moves.coop_counted_by_id.mapped("name"),
                }
            )
        return sorted(cards, key=lambda card: card["done"])

    def coop_reception_read(self):
        """One delivery: its lines, and the reasons to choose from."""
        self.ensure_one()
        picking = self._coop_as_receiver()
        # sudo: reasons of differences, for who receives
        reasons = self.env["coop.discrepancy.reason"].sudo().search([], limit=100)
        return {
            "id": picking.id,
            "partner": picking.partner_id.name or "",
            "origin": picking.origin or picking.name,
            "note": picking.delivery_note_ref or "",
            "done": picking.state == "done",
            "disputed": picking.delivery_note_state == "disputed",
            "reasons": [{"id": r.id, "name": r.name} for r in reasons],
            "limits": picking.company_id._coop_get_temperature_limits(),
            "lines": picking._coop_reception_lines(),
        }

    def _coop_reception_lines(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        unit = self.env.ref("uom.product_uom_unit")
        lines = []
        for move in self.move_ids.filtered(lambda m: m.state != "cancel").sorted(
            lambda m: (
                m.product_id.coop_storage or "",
                m.product_id.categ_id.complete_name,
                m.product_id.name or "",
            )
        ):
            product = move.product_id
            lines.append(
                {
                    "id": move.id,
                    "product": product.with_context(
                        display_default_code=False
                    ).display_name,
                    "barcode": product.barcode or "",
                    "code": product.default_code or "",
                    "unit": "" if move.product_uom == unit else move.product_uom.name,
                    "is_weighed": move.product_uom == kilogram,
                    "storage": product.coop_storage or "",
                    "tracked": product.tracking != "none",
                    "ordered": move.product_uom_qty,
                    "announced": move._coop_get_expected_quantity(),
                    "counted": move.quantity if move.picked else False,
                    "picked": move.picked,
                    "reason_id": move.discrepancy_reason_id.id,
                    "temperature": move.coop_temperature
                    if move.coop_temperature_at
                    else False,
                    "lot": move.move_line_ids[:1].lot_name
                    or move.move_line_ids[:1].lot_id.name
                    or "",
                    "use_by": move.coop_use_by and str(move.coop_use_by) or "",
                    "has_photo": bool(move.coop_photo),
                    "by": move.coop_counted_by_id.name or "",
                    # What a wheel weighs, and those that were weighed, in kg.
                    "block_weight": product.coop_block_weight,
                    "blocks": [
                        weight / 1000
                        for weight, _lot in move._coop_get_blocks()
                        if move.picked
                    ],
                }
            )
        return lines

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def coop_reception_count(self, counts):
        """Write what was counted; sent twice or late, it undoes nothing newer.

        :param counts: ``[{'move_id', 'quantity', 'reason_id', 'temperature', 'lot',
            'use_by', 'photo': base64, 'at': seconds since 1970}]``, each key but
            ``move_id`` optional
        :return: the lines as they are now, with what others counted meanwhile
        :raise UserError: a quantity that cannot be meant; nothing was written
        """
        self.ensure_one()
        picking = self._coop_as_receiver()
        if picking.state in ("done", "cancel"):
            raise UserError(
                self.env._(
                    "%s was received already: call the coordinator to correct it.",
                    picking.origin or picking.name,
                )
            )
        moves = {move.id: move for move in picking.move_ids}
        for count in counts:
            move = moves.get(int(count["move_id"]))
            if move and move.state != "cancel":
                move._coop_count(count)
        return picking._coop_reception_lines()

    def coop_reception_all_good(self):
        """All that is not counted yet is as announced."""
        self.ensure_one()
        picking = self._coop_as_receiver()
        if picking.state in ("done", "cancel"):
            return picking._coop_reception_lines()
        todo = picking.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel") and not m.picked
        )
        picking.action_coop_all_good()
        todo.write(
            {
                "coop_counted_by_id": self.env.uid,
                "coop_counted_at": fields.Datetime.now(),
            }
        )
        return picking._coop_reception_lines()

    # ------------------------------------------------------------------
    # Counting again
    # ------------------------------------------------------------------

    def action_coop_recount(self):
        """A count that was wrong: its correction, with what follows from it."""
        self.ensure_one()
        return self.env["coop.reception.recount"]._open(self)

    def _coop_check_can_recount(self):
        """:raise UserError: not received yet, or baskets are being handed over"""
        self.ensure_one()
        if self.state != "done" or self.picking_type_code != "incoming":
            raise UserError(
                self.env._("%s is not received yet: count it.", self.display_name)
            )
        distributions = self.purchase_id.order_window_id.distribution_ids
        begun = distributions.filtered(
            lambda d: d.state in ("open", "counted", "closed")
        )
        if begun:
            raise UserError(
                self.env._(
                    "%(distribution)s has begun: correct each basket at the till, and"
                    " the stock with the left-overs.",
                    distribution=begun[0].display_name,
                )
            )

    def _coop_recount(self, counted):
        """Correct the stock, share out again, bring the claim up to date.

        :param counted: ``{move: quantity}``, checked; of this reception, in sudo
        """
        self.ensure_one()
        window = self.purchase_id.order_window_id
        window._lock_orders()
        before = {move: move.quantity for move in counted}
        for move, quantity in counted.items():
            lines = move.move_line_ids
            rest = quantity - sum(lines[1:].mapped("quantity"))
            if len(lines) > 1 and rest < 0:
                # Several lots: the last ones go first.
                for line in lines[1:]:
                    line.quantity = 0.0
                rest = quantity
            lines[:1].quantity = rest
            move.write(
                {
                    "coop_counted_by_id": self.env.uid,
                    "coop_counted_at": fields.Datetime.now(),
                }
            )
        offers = self.env["coop.order.offer"].concat(
            *(move.purchase_line_id.offer_id for move in counted)
        )
        window._share_out_again(offers)
        self._coop_follow_claims(before)
        self.message_post(
            body=self.env._(
                "Counted again: %s.",
                "; ".join(
                    self.env._(
                        "%(product)s %(before)g → %(after)g %(unit)s",
                        product=move.product_id.display_name,
                        before=quantity,
                        after=move.quantity,
                        unit=move.product_uom.name,
                    )
                    for move, quantity in before.items()
                ),
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _coop_follow_claims(self, before):
        """A draft claim says what is missing now; who sent one has a task.

        :param before: ``{move: quantity that was counted first}``
        """
        self.ensure_one()
        for claim in self.claim_ids:
            lines = claim.line_ids.filtered(lambda line: line.stock_move_id in before)
            if not lines:
                continue
            if claim.state == "draft":
                lines.unlink()
            elif claim.state not in ("closed", "credited", "replaced"):
                claim.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=claim.user_id.id or self.env.uid,
                    summary=self.env._(
                        "Counted again after the claim: tell %(producer)s",
                        producer=claim.partner_id.name,
                    ),
                )
        if any(
            move.discrepancy_quantity < 0 and not move.discrepancy_reason_id
            for move in before
        ) or any(move.discrepancy_reason_id.is_claimable for move in before):
            self.action_draft_claim()
        # A draft of which nothing is left claims nothing.
        empty = self.claim_ids.filtered(
            lambda claim: claim.state == "draft" and not claim.line_ids
        )
        empty.unlink()

    def coop_reception_finish(self, note, partly=False):
        """Done: into stock, shared out, and a claim drafted where something is wrong.

        :param note: number of the delivery note
        :param partly: the rest comes later
        """
        self.ensure_one()
        picking = self._coop_as_receiver()
        if picking.state in ("done", "cancel"):
            return self.coop_reception_read()
        if (note or "").strip() and picking.delivery_note_ref != note.strip():
            picking.delivery_note_ref = note.strip()
        picking._coop_receive(backorder=partly)
        claimable = picking.move_ids.filtered(
            lambda m: (
                m.discrepancy_reason_id.is_claimable
                if m.discrepancy_reason_id
                else m.discrepancy_quantity < 0
            )
        )
        if claimable and not picking.claim_ids:
            picking.action_draft_claim()
        return self.coop_reception_read()
