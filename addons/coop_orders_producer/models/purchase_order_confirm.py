# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

SHORTAGE = "coop_orders.mail_activity_type_shortage"


class PurchaseOrder(models.Model):
    """The producer's answer to an order that was sent, by the portal or the buyer."""

    _name = "purchase.order"
    _inherit = [
        "coop.purchase.order.shortage",
        "purchase.order",
    ]

    coop_confirmed_at = fields.Datetime(
        string="Confirmed by the Producer on", copy=False, readonly=True
    )
    coop_confirmation_state = fields.Selection(
        [
            ("waiting", "Waiting for the producer"),
            ("full", "Confirmed"),
            ("short", "Confirmed in part"),
        ],
        string="Producer's Answer",
        compute="_compute_coop_confirmation_state",
        store=True,
    )
    coop_delivery_note_ref = fields.Char(
        string="Producer's Delivery Note",
        copy=False,
        help="Number of the delivery note, as the producer announced it.",
    )

    @api.depends(
        "coop_sent_at",
        "coop_confirmed_at",
        "order_line.is_confirmed",
        "order_line.quantity_confirmed",
        "order_line.product_qty",
    )
    def _compute_coop_confirmation_state(self):
        for order in self:
            if not order.coop_sent_at:
                order.coop_confirmation_state = False
            elif not order.coop_confirmed_at and not any(
                order.order_line.mapped("is_confirmed")
            ):
                order.coop_confirmation_state = "waiting"
            elif any(line._coop_is_short() for line in order.order_line):
                order.coop_confirmation_state = "short"
            else:
                order.coop_confirmation_state = "full"

    @api.depends("order_window_id", "coop_sent_at")
    def _compute_access_url(self):
        res = super()._compute_access_url()
        for order in self:
            if order.order_window_id or order.coop_sent_at:
                order.access_url = f"/my/producer/orders/{order.id}"
        return res

    # ------------------------------------------------------------------
    # Answer
    # ------------------------------------------------------------------

    def action_coop_confirm_all(self):
        """The buyer notes what the producer said by telephone: everything will come."""
        self.check_access("write")
        for order in self:
            order._coop_confirm_quantities()
        return True

    def _coop_can_answer(self):
        """Whether the producer can still say what will be supplied."""
        self.ensure_one()
        return (
            self.state == "purchase"
            and bool(self.coop_sent_at)
            and all(float_is_zero(line.qty_received, 6) for line in self.order_line)
        )

    def _coop_check_can_answer(self):
        self.ensure_one()
        if self._coop_can_answer():
            return
        if self.state == "cancel":
            raise UserError(
                self.env._(
                    "%(order)s was cancelled: there is nothing to supply.",
                    order=self.name,
                )
            )
        raise UserError(
            self.env._(
                "%(order)s has been received: tell the cooperative what differs.",
                order=self.name,
            )
        )

    def _coop_confirm_quantities(self, quantities=None, note="", author=None):
        """Keep the producer's answer and tell the buyer.

        :param quantities: ``{purchase line: quantity}`` in the line's unit, at most
            what is ordered; lines left out are confirmed in full
        :param str note: a word to the buyer
        :param author: ``res.partner`` who answers, by default the connected one
        :raise UserError: one sentence for the producer; nothing is written then
        """
        self.ensure_one()
        self._coop_check_can_answer()
        quantities = quantities or {}
        answers = {}
        for line in self.order_line.filtered(lambda ln: not ln.display_type):
            quantity = quantities.get(line, line.product_qty)
            line._coop_check_confirmed(quantity)
            answers[line] = line.product_uom_id.round(quantity)
        for line, quantity in answers.items():
            line.quantity_confirmed = quantity
        # Without Odoo's own line in the chatter: the message below says it better, and
        # under the name of who answers.
        self.with_context(mail_notrack=True).write(
            {"coop_confirmed_at": fields.Datetime.now(), "acknowledged": True}
        )
        self._coop_after_confirmation()
        self._coop_tell_buyer_of_answer(note, author)

    def _coop_after_confirmation(self):
        """What follows from the producer's answer: members learn what will miss."""
        for order in self.filtered("order_window_id"):
            # sudo: the producer, or a visitor with the link, reads no members' orders.
            order.sudo()._coop_share_announced()

    def _coop_announce_delivery(self, reference, author=None):
        """The producer's own delivery note number, before the goods arrive."""
        self.ensure_one()
        self._coop_check_can_answer()
        reference = (reference or "").strip()
        if not reference or len(reference) > 64:
            raise UserError(
                self.env._(
                    "Write the number of your delivery note, 64 characters at most."
                )
            )
        if reference == self.coop_delivery_note_ref:
            return
        self.coop_delivery_note_ref = reference
        self._coop_after_confirmation()
        self.message_post(
            body=self.env._(
                "Delivery note announced by the producer: %(reference)s",
                reference=reference,
            ),
            author_id=(author or self.env.user.partner_id).id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )

    def _coop_tell_buyer_of_answer(self, note, author):
        """A message on the order; something to do only where goods will be missing."""
        self.ensure_one()
        short = self.order_line.filtered(lambda line: line._coop_is_short())
        if short:
            summary = self.env._("The producer cannot supply everything")
        else:
            summary = self.env._("The producer confirms the whole order")
        items = Markup("").join(
            Markup("<li>%s</li>") % line._coop_get_short_text() for line in short
        )
        body = Markup("<p>%s</p>") % summary
        if items:
            body += Markup("<ul>%s</ul>") % items
        if note:
            body += Markup("<p>%s</p>") % note
        self.message_post(
            body=body,
            author_id=(author or self.env.user.partner_id).id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        # sudo: the activity is somebody else's.
        order = self.sudo()
        if not short:
            order.activity_feedback([SHORTAGE], feedback=summary)
            return
        order.activity_unlink([SHORTAGE])
        order.activity_schedule(
            SHORTAGE,
            summary=summary,
            note=body,
            user_id=self._coop_get_buyer().id,
        )

    def _coop_is_received(self):
        """Whether all of it has been received, announced or not."""
        self.ensure_one()
        return self.receipt_status == "full"

    # ------------------------------------------------------------------
    # As the producer reads it
    # ------------------------------------------------------------------

    def _coop_format_purpose(self):
        """What the order is for: the members of a window, or the shop's shelves."""
        self.ensure_one()
        return self.order_window_id.name or self.env._("For the shop")

    def _coop_get_supplied(self):
        """``{purchase line: quantity}`` to expect, answered or not."""
        return {line: line._coop_get_supplied_quantity() for line in self.order_line}

    def _coop_get_point_lists(self, demand=None):
        """What goes to each collection point, for who packs and labels by point.

        :param demand: ``_coop_read_demand`` of several orders, to read it once
        :return: list of ``{'name', 'rows': [(purchase line, quantity)], 'amount'}``;
            the last one, without a point, completes packs
        """
        self.ensure_one()
        points, rows = self._coop_get_point_totals(self._coop_get_supplied(), demand)
        result = []
        for index, point in enumerate(points):
            result.append((point.name, [(r, r["quantities"][index]) for r in rows]))
        result.append(
            (self.env._("To complete packs"), [(row, row["rest"]) for row in rows])
        )
        lists = []
        for name, cells in result:
            kept = [
                (row["line"], quantity)
                for row, quantity in cells
                if row["line"].product_uom_id.compare(quantity, 0.0) > 0
            ]
            if kept:
                lists.append(
                    {
                        "name": name,
                        "rows": kept,
                        "amount": self.currency_id.round(
                            sum(line.price_unit * quantity for line, quantity in kept)
                        ),
                    }
                )
        return lists
