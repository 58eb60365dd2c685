# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare

from ..tools.terms import ERASING

# Taps of the same person on the same product within this time read as one change.
MERGE_MINUTES = 5


class CoopOrderChange(models.Model):
    """What happened to a member's order: who, when, what. Its member reads it.

    Rows are only added. One exception, by the same hand and within minutes: tapping +
    three times is one change from 0 to 3, not three.
    """

    _name = "coop.order.change"
    _description = "Change of a Member's Order"
    _order = "changed_at desc, id desc"
    _log_access = False

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", readonly=True
    )
    offer_id = fields.Many2one("coop.order.offer", ondelete="set null", readonly=True)
    product_id = fields.Many2one("product.product", ondelete="set null", readonly=True)
    kind = fields.Selection(
        [
            ("quantity", "Quantity"),
            ("share", "Share"),
            ("confirm", "Confirmed"),
            ("basket", "Back to a basket"),
            ("cancel", "Cancelled"),
            ("restore", "Taken back"),
            ("point", "Collection point"),
            ("donation", "Donation"),
            ("round_up", "Rounded up"),
            ("note", "Note"),
        ],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Author", ondelete="set null", readonly=True
    )
    channel = fields.Char(readonly=True)
    quantity_before = fields.Float(digits=False, readonly=True)
    quantity_after = fields.Float(digits=False, readonly=True)
    tolerance_before = fields.Float(digits=False, readonly=True)
    tolerance_after = fields.Float(digits=False, readonly=True)
    text_before = fields.Char(readonly=True)
    text_after = fields.Char(readonly=True)
    words = fields.Char(string="Change", compute="_compute_words")
    channel_text = fields.Char(string="How", compute="_compute_words")
    started_at = fields.Datetime(required=True, readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True)

    _last_of_offer_index = models.Index("(order_id, offer_id, id)")

    def _compute_words(self):
        names = self.env["sale.order"]._fields["order_channel"]
        channels = dict(names._description_selection(self.env))
        for change in self:
            change.words = change._coop_get_words()
            change.channel_text = channels.get(change.channel, "")

    def _coop_get_words(self):
        """This change in one sentence; empty if nothing is left of it."""
        self.ensure_one()
        env, offer = self.env, self.offer_id
        before, after = self.quantity_before, self.quantity_after
        if self.kind == "quantity":
            extra = self.tolerance_after
            if float_compare(before, after, 6) == 0:
                if float_compare(self.tolerance_before, extra, 6) == 0:
                    return ""
                return env._(
                    "%(product)s: up to %(quantity)s more",
                    product=self.product_id.display_name or "",
                    quantity=offer._format_quantity(extra),
                )
            return env._(
                "%(product)s: %(before)s → %(after)s",
                product=self.product_id.display_name or "",
                before=offer._format_quantity(before),
                after=offer._format_quantity(after),
            )
        if self.kind == "share":
            return env._(
                "%(product)s: you get %(after)s instead of %(before)s",
                product=self.product_id.display_name or "",
                before=offer._format_quantity(before),
                after=offer._format_quantity(after),
            )
        currency = self.order_id.currency_id
        if self.kind == "donation":
            return env._(
                "Donation: %(before)s → %(after)s",
                before=currency.format(before),
                after=currency.format(after),
            )
        if self.kind == "round_up":
            return env._("Rounded up") if after else env._("Not rounded up any more")
        if self.kind == "point":
            return env._(
                "Collection: %(before)s → %(after)s",
                before=self.text_before or "–",
                after=self.text_after or "–",
            )
        return {
            "confirm": env._("Order confirmed"),
            "basket": env._("Under the minimum: a basket again, to be confirmed"),
            "cancel": env._("Order cancelled"),
            "restore": env._("Basket taken back"),
            "note": env._("Note to the cooperative changed"),
        }.get(self.kind, "")

    def _coop_refuse(self):
        raise UserError(self.env._("The history of an order is never rewritten."))

    @api.model_create_multi
    def create(self, vals_list):
        """Rows come from ``sale.order._coop_log_changes`` only."""
        self._coop_refuse()
        return super().create(vals_list)

    def write(self, vals):
        self._coop_refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_erased(self):
        # Deleted with the person's other data only (article 17 GDPR).
        if self.env.context.get("coop_erasing") is not ERASING:
            self._coop_refuse()


class CoopSaleOrderChange(models.AbstractModel):
    _name = "coop.sale.order.change"
    _description = "Member's Order: History"

    coop_change_ids = fields.One2many(
        "coop.order.change",
        "order_id",
        string="Changes",
        copy=False,
        groups="coop_base.coop_base_group_referent,coop_base.coop_base_group_manager",
    )

    # ------------------------------------------------------------------
    # Writing the history
    # ------------------------------------------------------------------

    def _coop_log_changes(self, entries, user=None, channel=None):
        """Add entries to the history of this order: one query, in this transaction.

        :param entries: list of dicts: ``kind`` (see ``coop.order.change``) and, for
            quantities, ``offer``, ``before`` and ``after`` as ``(quantity,
            tolerance)``; for the others numbers or texts in ``before`` and ``after``
        :param user: who did it (default: the connected user)
        :param channel: ``order_channel`` of the change
        """
        self.ensure_one()
        if not entries:
            return
        user = user or self.env.user
        if not channel:
            is_own = user.partner_id == self.partner_id
            channel = "portal" if is_own else self.order_channel or "desk"
        now = fields.Datetime.now()
        rows = [self._coop_prepare_change(entry) for entry in entries]
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s::int, %s::text, %s::float8, %s::float8, %s::float8,"
                " %s::float8, %s::text, %s::text)",
                *row,
            )
            for row in rows
        )
        self.env.execute_query(
            SQL(
                """
                WITH entry (offer_id, product_id, kind, quantity_before,
                            quantity_after, tolerance_before, tolerance_after,
                            text_before, text_after) AS (VALUES %(values)s),
                merged AS (
                    UPDATE coop_order_change AS change
                    SET quantity_after = entry.quantity_after,
                        tolerance_after = entry.tolerance_after,
                        changed_at = %(now)s
                    FROM entry
                    WHERE entry.kind = 'quantity'
                      AND change.id = (
                          SELECT last.id FROM coop_order_change AS last
                          WHERE last.order_id = %(order)s
                            AND last.offer_id = entry.offer_id
                          ORDER BY last.id DESC LIMIT 1
                      )
                      AND change.user_id = %(user)s
                      AND change.channel = %(channel)s
                      AND change.started_at > %(since)s
                      AND change.id > coalesce((
                          SELECT max(step.id) FROM coop_order_change AS step
                          WHERE step.order_id = %(order)s AND step.kind <> 'quantity'
                      ), 0)
                    RETURNING entry.offer_id
                )
                INSERT INTO coop_order_change (
                    order_id, user_id, channel, started_at, changed_at, offer_id,
                    product_id, kind, quantity_before, quantity_after,
                    tolerance_before, tolerance_after, text_before, text_after
                )
                SELECT %(order)s, %(user)s, %(channel)s, %(now)s, %(now)s, entry.*
                FROM entry
                WHERE entry.kind <> 'quantity'
                   OR entry.offer_id NOT IN (SELECT offer_id FROM merged)
                RETURNING id
                """,
                values=values,
                now=now,
                order=self.id,
                user=user.id,
                channel=channel,
                since=now - timedelta(minutes=MERGE_MINUTES),
            )
        )
        self.env["coop.order.change"].invalidate_model(flush=False)

    def _coop_prepare_change(self, entry):
        offer = entry.get("offer")
        before, after = entry.get("before"), entry.get("after")
        numbers, texts = (0.0, 0.0, 0.0, 0.0), (None, None)
        if entry["kind"] in ("quantity", "share"):
            numbers = (before[0], after[0], before[1], after[1])
        elif isinstance(before, int | float) or isinstance(after, int | float):
            numbers = (float(before or 0.0), float(after or 0.0), 0.0, 0.0)
        else:
            texts = (before or None, after or None)
        return (
            offer.id if offer else None,
            offer.product_id.id if offer else None,
            entry["kind"],
            *numbers,
            *texts,
        )

    # ------------------------------------------------------------------
    # What is written down
    # ------------------------------------------------------------------

    def _coop_log_lines(self, wanted, lines, entered_by=None, channel=None):
        """Write down what ``_coop_write_lines`` is about to change."""
        entries = []
        for offer, after in wanted.items():
            line = lines.get(offer.id)
            before = (
                (line.product_uom_qty, line.quantity_tolerance) if line else (0.0, 0.0)
            )
            if any(
                float_compare(old, new, 6) != 0
                for old, new in zip(before, after, strict=True)
            ):
                entries.append(
                    {
                        "kind": "quantity",
                        "offer": offer,
                        "before": before,
                        "after": after,
                    }
                )
        self._coop_log_changes(entries, entered_by, channel)

    def _coop_get_place(self):
        """Where it is collected, and when if it was chosen, in words."""
        self.ensure_one()
        parts = [self.collection_point_id.name, self.slot_id.display_name]
        return ", ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # Reading it
    # ------------------------------------------------------------------

    def _coop_read_history(self):
        """The changes of this order, newest first, in words.

        :return: list of dicts ``when`` (datetime), ``who`` (text), ``is_own``,
            ``channel`` (text), ``what`` (text), ``icon``; changes that were undone at
            once are left out
        """
        self.ensure_one()
        # sudo: names of products and of who keyed the order in for its member.
        order = self.sudo().with_context(display_default_code=False)
        changes = order.env["coop.order.change"].search([("order_id", "=", self.id)])
        channels = dict(self._fields["order_channel"]._description_selection(self.env))
        rows = []
        for change in changes:
            what = change._coop_get_words()
            if not what:
                continue
            is_own = change.user_id.partner_id == order.partner_id
            rows.append(
                {
                    "when": change.changed_at,
                    "who": change.user_id.name or "",
                    "is_own": is_own,
                    "channel": channels.get(change.channel, ""),
                    "kind": change.kind,
                    "what": what,
                }
            )
        return rows
