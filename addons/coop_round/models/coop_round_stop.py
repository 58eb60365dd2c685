# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from urllib.parse import quote_plus

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PLACE_URL = (
    "https://www.openstreetmap.org/?mlat={0:.6f}&mlon={1:.6f}#map=17/{0:.6f}/{1:.6f}"
)


class CoopRoundStop(models.Model):
    """A place of a round: a collection point, a member's home or a producer's."""

    _name = "coop.round.stop"
    _description = "Stop of a Round"
    _inherit = [
        "coop.round.stop.round.paper",
        "coop.round.stop.home",
        "coop.state.mixin",
    ]
    _order = "round_id, sequence, id"
    _check_company_auto = True

    round_id = fields.Many2one(
        "coop.round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("point", "To a collection point"),
            ("home", "To a member's home"),
            ("pickup", "To fetch at a producer's"),
        ],
        required=True,
        default="point",
    )
    distribution_id = fields.Many2one(
        "coop.distribution",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Basket",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    purchase_id = fields.Many2one(
        "purchase.order",
        string="Order to the Producer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    name = fields.Char(compute="_compute_place", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Address",
        compute="_compute_place",
        store=True,
        readonly=False,
        ondelete="set null",
    )
    address = fields.Char(string="Full Address", compute="_compute_address")
    map_url = fields.Char(string="Map", compute="_compute_address")
    phone = fields.Char(compute="_compute_address")
    planned_at = fields.Datetime(string="Expected at")
    weight = fields.Float(string="Weight (kg)", digits=(16, 1))
    volume = fields.Float(string="Volume (m³)", digits=(16, 3))
    basket_count = fields.Integer(string="Baskets", compute="_compute_basket_count")
    wish = fields.Char(string="Wished", compute="_compute_wish")
    state = fields.Selection(
        [
            ("to_do", "To do"),
            ("done", "Done"),
            ("absent", "Absent"),
            ("refused", "Refused"),
        ],
        default="to_do",
        required=True,
        copy=False,
        readonly=True,
    )
    counted = fields.Integer(
        readonly=True,
        copy=False,
        help="Baskets or crates handed over.",
    )
    signed_by = fields.Char(readonly=True, copy=False)
    signature = fields.Binary(attachment=True, readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )
    note = fields.Char(copy=False)

    _distribution_once = models.UniqueIndex(
        "(round_id, distribution_id) WHERE distribution_id IS NOT NULL",
        "This collection point is on the round already.",
    )
    _order_once = models.UniqueIndex(
        "(order_id) WHERE order_id IS NOT NULL AND state NOT IN ('absent', 'refused')",
        "This basket is on a round already.",
    )
    _load_positive = models.Constraint(
        "CHECK (weight >= 0 AND volume >= 0)", "A load weighs more than nothing."
    )

    @api.constrains("kind", "distribution_id", "order_id", "purchase_id")
    def _check_kind(self):
        fields_by_kind = {
            "point": "distribution_id",
            "home": "order_id",
            "pickup": "purchase_id",
        }
        for stop in self:
            if not stop[fields_by_kind[stop.kind]]:
                raise ValidationError(
                    self.env._(
                        "Say what this stop is for: a distribution, a basket or an"
                        " order to a producer."
                    )
                )

    @api.depends("kind", "distribution_id", "order_id", "purchase_id")
    def _compute_place(self):
        for stop in self:
            # sudo: names and addresses; who reads the round goes there.
            plain = stop.sudo()
            if stop.kind == "point":
                point = plain.distribution_id.collection_point_id
                stop.name, stop.partner_id = point.name, point.partner_id
            elif stop.kind == "home":
                order = plain.order_id
                stop.name = order.partner_id.name
                stop.partner_id = order.partner_shipping_id
            else:
                producer = plain.purchase_id.partner_id
                stop.name, stop.partner_id = producer.name, producer

    @api.depends(
        "partner_id", "partner_id.partner_latitude", "partner_id.partner_longitude"
    )
    def _compute_address(self):
        for stop in self:
            # sudo: as above.
            partner = stop.sudo().partner_id
            parts = (partner.street, partner.street2, partner.zip, partner.city)
            address = ", ".join(part for part in parts if part)
            stop.address = address
            stop.map_url = (
                "https://www.openstreetmap.org/search?query=" + quote_plus(address)
                if address
                else False
            )
            place = partner._coop_get_place()
            if place.latitude or place.longitude:
                stop.map_url = PLACE_URL.format(place.latitude, place.longitude)
            # sudo: the telephone of who awaits the driver
            distribution = stop.sudo().distribution_id
            stop.phone = (
                partner.phone
                or stop.sudo().order_id.partner_id.phone
                or distribution.referent_id.phone
                or ""
            )

    @api.depends("distribution_id", "order_id")
    def _compute_basket_count(self):
        # sudo: a count.
        counts = dict(
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("distribution_id", "in", self.distribution_id.ids),
                    ("state", "=", "sale"),
                    ("coop_home_delivery", "=", False),
                ],
                ["distribution_id"],
                ["__count"],
            )
        )
        for stop in self:
            # sudo: keys of totals that were read as sudo
            stop.basket_count = (
                1 if stop.order_id else counts.get(stop.distribution_id.sudo(), 0)
            )

    @api.depends("order_id.coop_delivery_wish")
    def _compute_wish(self):
        for stop in self:
            # sudo: the wish of who is brought the basket
            stop.wish = stop.sudo().order_id.coop_delivery_wish or False

    def _refresh_load(self):
        """Weights and volumes of what is ordered, allocated or awaited now."""
        # sudo: weights; coordinators have no right on stock.
        stops = self.sudo()
        loads = defaultdict(lambda: [0.0, 0.0])
        orders = self.env["sale.order"].sudo()
        points = stops.filtered("distribution_id")
        if points:
            orders = orders.search(
                [
                    ("distribution_id", "in", points.distribution_id.ids),
                    ("state", "in", ("sent", "sale")),
                    ("coop_home_delivery", "=", False),
                ]
            )
        for order in orders:
            weight, volume = order._coop_get_load()
            loads[order.distribution_id][0] += weight
            loads[order.distribution_id][1] += volume
        for stop in stops:
            if stop.kind == "point":
                stop.weight, stop.volume = loads[stop.distribution_id]
            elif stop.kind == "home":
                stop.weight, stop.volume = stop.order_id._coop_get_load()
            else:
                stop.weight, stop.volume = stop.purchase_id._coop_get_load()

    # ------------------------------------------------------------------
    # On the way
    # ------------------------------------------------------------------

    def _set_done(self, values):
        """What the driver says of a stop, from their phone.

        :param values: those of ``_note_done``; for a home also ``'payment'``
        """
        self.ensure_one()
        if self.kind == "home":
            return self._set_home_done(values)
        return self._note_done(values)

    def _note_done(self, values):
        """Write down what the driver says of a stop.

        :param values: ``{'state', 'counted', 'signed_by', 'signature': base64 PNG,
            'note'}``
        :raise AccessError: somebody else's round
        :raise UserError: nothing counted, nobody signed, an unknown answer
        """
        self.ensure_one()
        self.round_id._check_can_drive()
        # sudo: checked above; drivers are members without rights on rounds.
        stop = self.sudo()
        if stop.round_id.state in ("done", "cancelled"):
            raise UserError(self.env._("This round is over: call the coordinator."))
        state = values.get("state")
        if state == "to_do":
            stop._coop_enter_state(
                {"state": "to_do", "done_at": False, "done_by_id": False}
            )
            return True
        if state not in ("done", "absent", "refused"):
            raise UserError(self.env._("Say whether it is done, absent or refused."))
        signed_by = (values.get("signed_by") or "").strip()
        counted = values.get("counted")
        if state == "done":
            if not str(counted or "").strip().isdigit() or int(counted) > 9999:
                raise UserError(
                    self.env._("How many were handed over? A whole number, please.")
                )
            if not signed_by:
                raise UserError(self.env._("Write who received it."))
        stop._coop_enter_state(
            {
                "state": state,
                "counted": int(counted) if state == "done" else 0,
                "signed_by": signed_by[:80],
                "signature": values.get("signature") or False,
                "note": (values.get("note") or "").strip()[:200],
                "done_at": fields.Datetime.now(),
                "done_by_id": self.env.uid,
            }
        )
        if state != "done" or (stop.basket_count and stop.counted != stop.basket_count):
            stop.round_id.message_post(
                body=stop._describe(), author_id=self.env.user.partner_id.id
            )
        if all(other.state != "to_do" for other in stop.round_id.stop_ids):
            stop.round_id._coop_enter_state({"state": "done"})
        return True

    def _describe(self):
        """In words, what did not go as planned."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        text = self.env._(
            "%(name)s: %(state)s, %(counted)s of %(expected)s handed over.",
            name=self.name,
            state=labels[self.state],
            counted=self.counted,
            expected=self.basket_count,
        )
        return f"{text} {self.note}" if self.note else text
