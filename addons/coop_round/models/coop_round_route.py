# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..tools.routing import Place, get_km

ROUTE_URL = "https://routing.openstreetmap.de/?srv=0"


class CoopResPartnerRoundRoute(models.AbstractModel):
    _name = "coop.res.partner.round.route"
    _description = "Contact: Way"

    def _coop_get_place(self):
        """Where this is, as far as one knows, for the distances of rounds."""
        return Place(self.partner_latitude, self.partner_longitude, self.zip or "")


class CoopResCompanyRoundRoute(models.AbstractModel):
    _name = "coop.res.company.round.route"
    _description = "Company: Way"

    def _coop_get_depot(self):
        """Address from which rounds leave and to which they come back (hook)."""
        self.ensure_one()
        # sudo: an address; coordinators have no right on warehouses.
        warehouse = self.sudo()._coop_get_warehouses()[self.sudo()]
        return warehouse.partner_id or self.partner_id


class CoopRoundRoute(models.AbstractModel):
    """How far a round goes, and its way on a map."""

    _name = "coop.round.route"
    _description = "Round: Way"

    distance = fields.Integer(
        string="About (km)",
        compute="_compute_distance",
        help="By road from the warehouse, stop by stop, and back: from coordinates"
        " where the addresses have them, else estimated from post codes.",
    )
    route_url = fields.Char(string="Way", compute="_compute_distance")
    load_text = fields.Char(string="Loaded", compute="_compute_load_text")

    @api.depends(
        "company_id",
        "stop_ids.sequence",
        "stop_ids.partner_id.partner_latitude",
        "stop_ids.partner_id.partner_longitude",
        "stop_ids.partner_id.zip",
    )
    def _compute_distance(self):
        depots = {
            company: company._coop_get_depot()._coop_get_place()
            for company in self.company_id
        }
        for record in self:
            # sudo: where the addresses are; who reads the round goes there.
            stops = record.sudo().stop_ids.sorted(lambda s: (s.sequence, s._origin.id))
            places = [stop.partner_id._coop_get_place() for stop in stops]
            depot = depots.get(record.company_id)
            record.distance = 0
            record.route_url = False
            if not stops or not depot:
                continue
            keys = range(len(places))
            record.distance = round(get_km(dict(enumerate(places)), depot, keys))
            way = [depot, *places, depot]
            if all(place.latitude or place.longitude for place in way):
                record.route_url = ROUTE_URL + "".join(
                    f"&loc={place.latitude:.6f}%2C{place.longitude:.6f}"
                    for place in way
                )

    @api.depends("weight", "volume", "weight_capacity", "volume_capacity")
    def _compute_load_text(self):
        Offer = self.env["coop.order.offer"]
        for record in self:
            parts = [
                self._describe_load(Offer._format_number, *load)
                for load in (
                    (record.weight, record.weight_capacity, self.env._("kg"), 1),
                    (record.volume, record.volume_capacity, self.env._("m³"), 2),
                )
                if load[0]
            ]
            record.load_text = " · ".join(parts)

    @staticmethod
    def _describe_load(number, load, capacity, unit, digits):
        text = number(round(load, digits))
        if capacity:
            text += f" / {number(round(capacity, digits))}"
        return f"{text} {unit}"
