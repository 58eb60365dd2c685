# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.coop_tools.tools.number_text import read_number

from ..tools.terms import ABSURD


class CoopDistributionLeftovers(models.AbstractModel):
    """The end of the day: what is left is counted once, and goes somewhere."""

    _name = "coop.distribution.leftovers"
    _description = "Distribution: What Is Left"

    leftover_ids = fields.One2many(
        "coop.distribution.leftover", "distribution_id", readonly=True
    )
    leftovers_at = fields.Datetime(
        string="Left-overs Counted on", copy=False, readonly=True, tracking=True
    )
    leftovers_by_id = fields.Many2one(
        "res.users",
        string="Left-overs Counted by",
        copy=False,
        readonly=True,
        ondelete="set null",
    )

    def _compute_value_loss(self):
        # sudo: a total of the own distribution; costs stay hidden.
        totals = dict(
            self.env["coop.distribution.leftover"]
            .sudo()
            ._read_group(
                [("distribution_id", "in", self.ids)],
                ["distribution_id"],
                ["value_loss:sum"],
            )
        )
        for distribution in self:
            # sudo: keys of totals that were read as sudo
            distribution.value_loss = totals.get(distribution.sudo(), 0.0)

    # ------------------------------------------------------------------
    # What should be left
    # ------------------------------------------------------------------

    def _get_left_overs(self):
        """``{offer: quantity}`` that should be on the tables when nobody else comes.

        What was allocated to members of this distribution who were served or did not
        come, less what was handed over; and what nobody was allocated, less what other
        distributions sold of it.
        """
        self.ensure_one()
        left = self._get_own_left_overs()
        for offer, quantity in self._get_unshared(self.window_id.offer_ids).items():
            left[offer] = max(left.get(offer, 0.0), 0.0) + quantity
        return {
            offer: offer.product_uom_id.round(quantity)
            for offer, quantity in left.items()
        }

    def _get_own_left_overs(self):
        """``{offer: quantity}`` allocated here and not taken; below 0: sold besides."""
        return self._read_own_left_overs([("distribution_id", "=", self.id)])[self]

    def _read_own_left_overs(self, domain):
        """``{distribution: {offer: quantity}}`` of these order lines."""
        rows = self.env["sale.order.line"]._read_group(
            [
                *domain,
                ("state", "=", "sale"),
                ("offer_id", "!=", False),
                ("order_id.serve_state", "in", ("served", "no_show")),
            ],
            ["distribution_id", "offer_id"],
            ["quantity_allocated:sum", "qty_delivered:sum"],
        )
        result = {self: {}}
        for distribution, offer, allocated, delivered in rows:
            by_offer = result.setdefault(distribution, {})
            by_offer[offer] = allocated - delivered
        return result

    def _get_unshared(self, offers):
        """``{offer: quantity}`` received, allocated to nobody and sold nowhere yet."""
        self.ensure_one()
        if self.window_id.flow == "stock":
            return {}
        own = self._read_own_left_overs(
            [
                ("order_window_id", "=", self.window_id.id),
                ("offer_id", "in", offers.ids),
            ]
        )
        result = {}
        for offer in offers:
            sold = sum(max(-by_offer.get(offer, 0.0), 0.0) for by_offer in own.values())
            surplus = offer.quantity_received - offer.quantity_allocated - sold
            if offer.product_uom_id.compare(surplus, 0.0) > 0:
                result[offer] = surplus
        return result

    def _get_leftovers_expected(self):
        """``{offer: quantity}`` to find here, above 0 only.

        What nobody was allocated is looked for at the only point of a window; with
        several points, nobody knows which one it went to.
        """
        self.ensure_one()
        if len(self.window_id.distribution_ids) == 1:
            left = self._get_left_overs()
        else:
            left = self._get_own_left_overs()
        return {
            offer: offer.product_uom_id.round(quantity)
            for offer, quantity in left.items()
            if offer.product_uom_id.compare(quantity, 0.0) > 0
        }

    # ------------------------------------------------------------------
    # The screen
    # ------------------------------------------------------------------

    def action_count_leftovers(self):
        """Open the screen on which what is left is counted."""
        self.ensure_one()
        self._check_can_run()
        return {
            "type": "ir.actions.client",
            "tag": "coop_logistics.leftovers",
            "name": self.env._("What Is Left"),
            "params": {"distribution_id": self.id},
        }

    def coop_leftovers_load(self):
        """What to count, or what was counted.

        :return: ``{'id', 'name', 'day', 'state', 'done', 'reasons', 'rows': [{
            'offer_id', 'product', 'unit', 'is_weighed', 'expected', 'stock', 'loss',
            'missing', 'found', 'reason_id', 'note'}], 'others': the same rows, of what
            nobody expects}``; quantities in the offer's unit
        """
        self.ensure_one()
        self._check_can_run()
        # sudo: checked above; names and quantities of the own distribution.
        distribution = self.sudo()
        counted = distribution.leftover_ids.grouped("offer_id")
        if distribution.leftovers_at:
            expected = {offer: row.quantity_expected for offer, row in counted.items()}
        else:
            expected = distribution._get_leftovers_expected()
        rows, others = [], []
        for offer in distribution.window_id.offer_ids:
            row = offer._coop_prepare_leftover_row(
                expected.get(offer, 0.0), counted.get(offer)
            )
            (rows if offer in expected else others).append(row)
        # sudo: reasons of losses; referents hold no stock right
        reasons = self.env["stock.scrap.reason.tag"].sudo().search([], limit=30)
        missing = self.env.ref("coop_logistics.scrap_reason_missing")
        return {
            "id": self.id,
            "name": distribution.collection_point_id.name,
            "day": distribution._format_day(),
            "state": distribution.state,
            "equipment": distribution.equipment_needed or "",
            "done": distribution.leftovers_by_id.name
            if distribution.leftovers_at
            else False,
            "can_undo": self.env.user.has_group(
                "coop_base.coop_base_group_coordinator"
            ),
            "reasons": [
                # sudo: the reason that is shown apart
                {"id": tag.id, "name": tag.name}
                for tag in reasons - missing.sudo()
            ],
            "rows": sorted(rows, key=lambda row: row["product"].lower()),
            "others": sorted(others, key=lambda row: row["product"].lower()),
        }

    def coop_leftovers_record(self, rows):
        """Write what is left, once and for all; goods move with it.

        :param rows: ``[{'offer_id', 'stock', 'loss', 'reason_id', 'note'}]``; all that
            is expected must be there, 0 where nothing is left
        :raise UserError: not over yet, something not counted, a loss without reason
        """
        self.ensure_one()
        self._check_can_run()
        # sudo: checked above; a referent has no right on stock.
        distribution = self.sudo()
        if not distribution.try_lock_for_update():
            raise UserError(
                self.env._("Somebody else is writing these left-overs right now.")
            )
        distribution.invalidate_recordset(["leftovers_at", "state"])
        if distribution.leftovers_at:
            # Sent twice by a poor connection, or by two people: counted once.
            return self.coop_leftovers_load()
        if distribution.state not in ("counted", "closed"):
            raise UserError(
                self.env._("End the distribution first: members may still come.")
            )
        vals_list = distribution._prepare_leftovers(rows)
        leftovers = self.env["coop.distribution.leftover"].sudo().create(vals_list)
        leftovers._move_stock()
        distribution.write(
            {"leftovers_at": fields.Datetime.now(), "leftovers_by_id": self.env.uid}
        )
        distribution.message_post(
            body=leftovers._describe()
            or self.env._("Nothing was left, and nothing was lost."),
            author_id=self.env.user.partner_id.id,
        )
        return self.coop_leftovers_load()

    def _prepare_leftovers(self, rows):
        """Values of the counted rows, checked.

        :raise UserError: one sentence that says what to key in
        """
        self.ensure_one()
        expected = self._get_leftovers_expected()
        offers = {offer.id: offer for offer in self.window_id.offer_ids}
        counted = {}
        for row in rows:
            offer = offers.get(int(row["offer_id"]))
            if not offer:
                raise UserError(
                    self.env._("This product is not sold at this distribution.")
                )
            counted[offer] = row
        forgotten = [offer for offer in expected if offer not in counted]
        if forgotten:
            raise UserError(
                self.env._(
                    "Still to count: %s. Write 0 where nothing is left.",
                    ", ".join(sorted(o._get_entry_name() for o in forgotten)),
                )
            )
        vals_list = []
        for offer, row in counted.items():
            vals = self._prepare_leftover(offer, row, expected.get(offer, 0.0))
            if vals:
                vals_list.append(vals)
        return vals_list

    def _prepare_leftover(self, offer, row, expected):
        """Values of one product; nothing for what is neither expected nor found."""
        self.ensure_one()
        uom, name = offer.product_uom_id, offer._get_entry_name()
        stock, loss = (
            uom.round(read_number(self.env, row.get(key), name))
            for key in ("stock", "loss")
        )
        if stock < 0 or loss < 0 or max(stock, loss) > ABSURD:
            raise UserError(
                self.env._(
                    "%(product)s: a quantity between 0 and %(most)s, please.",
                    product=name,
                    most=offer._format_quantity(ABSURD, uom),
                )
            )
        tag = self.env["stock.scrap.reason.tag"]
        reason = tag.browse(int(row.get("reason_id") or 0)).exists()
        if loss and not reason:
            raise UserError(
                self.env._(
                    "%(product)s: say why %(quantity)s is lost.",
                    product=name,
                    quantity=offer._format_quantity(loss, uom),
                )
            )
        difference = uom.round(stock + loss - expected)
        missing, found = max(-difference, 0.0), max(difference, 0.0)
        if uom.is_zero(expected) and uom.is_zero(stock + loss):
            return {}
        if missing and not loss:
            reason = self.env.ref("coop_logistics.scrap_reason_missing")
        product = offer.product_id.with_company(self.company_id)
        lost = uom._compute_quantity(loss + missing, product.uom_id, round=False)
        return {
            "distribution_id": self.id,
            "offer_id": offer.id,
            "product_id": product.id,
            "product_uom_id": uom.id,
            "quantity_expected": expected,
            "quantity_stock": stock,
            "quantity_loss": loss,
            "quantity_missing": missing,
            "quantity_found": found,
            "reason_id": reason.id if loss or missing else False,
            "note": (row.get("note") or "").strip()[:200],
            "value_loss": self.currency_id.round(lost * product.standard_price),
            "counted_at": fields.Datetime.now(),
            "counted_by_id": self.env.uid,
        }

    def action_undo_leftovers(self):
        """A mistake in the count: the goods move back, and it is counted again.

        :raise AccessError: coordinators only
        """
        if not self.env.user.has_group("coop_base.coop_base_group_coordinator"):
            raise AccessError(self.env._("Coordinators correct a count of left-overs."))
        self._check_can_run()
        # sudo: checked above; coordinators need no right on stock.
        for distribution in self.sudo().filtered("leftovers_at"):
            distribution.leftover_ids._undo_stock()
            distribution.message_post(
                body=self.env._(
                    "Left-overs to count again, says %(user)s. They were: %(rows)s",
                    user=self.env.user.name,
                    rows=distribution.leftover_ids._describe() or "-",
                ),
                author_id=self.env.user.partner_id.id,
            )
            distribution.leftover_ids.unlink()
            distribution.write({"leftovers_at": False, "leftovers_by_id": False})
        return True


class CoopDistributionLeftoverLeftovers(models.AbstractModel):
    _name = "coop.distribution.leftover.leftovers"
    _description = "Leftover: What Is Left"

    def _describe(self):
        """All rows in words: "Carrots: 3 kg to stock, 1 kg lost (Spoilt)"."""
        texts = []
        for row in self.sorted(lambda r: r.product_id.name or ""):
            offer, uom = row.offer_id, row.product_uom_id
            parts = []
            if row.quantity_stock:
                parts.append(
                    self.env._(
                        "%s to stock", offer._format_quantity(row.quantity_stock, uom)
                    )
                )
            if row.quantity_loss:
                parts.append(
                    self.env._(
                        "%(quantity)s lost (%(reason)s)",
                        quantity=offer._format_quantity(row.quantity_loss, uom),
                        reason=row.reason_id.name,
                    )
                )
            if row.quantity_missing:
                parts.append(
                    self.env._(
                        "%s missing", offer._format_quantity(row.quantity_missing, uom)
                    )
                )
            texts.append(f"{offer._get_entry_name()}: {', '.join(parts)}")
        return "; ".join(texts)


class CoopOrderOffer(models.Model):
    _inherit = "coop.order.offer"

    def _coop_prepare_leftover_row(self, expected, counted):
        """A row of the screen on which left-overs are counted."""
        self.ensure_one()
        uom = self.product_uom_id
        row = {
            "offer_id": self.id,
            "product": self._get_entry_name(),
            "unit": "" if uom == self.env.ref("uom.product_uom_unit") else uom.name,
            "is_weighed": uom == self.env.ref("uom.product_uom_kgm"),
            "expected": expected,
            "stock": False,
            "loss": 0.0,
            "missing": 0.0,
            "found": 0.0,
            "reason_id": False,
            "reason": "",
            "note": "",
        }
        if counted:
            row.update(
                stock=counted.quantity_stock,
                loss=counted.quantity_loss,
                missing=counted.quantity_missing,
                found=counted.quantity_found,
                reason_id=counted.reason_id.id,
                reason=counted.reason_id.name or "",
                note=counted.note or "",
            )
        return row
