# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class CoopRoundDrive(models.AbstractModel):
    """Loading, as whoever drives counts it on their phone."""

    _name = "coop.round.drive"
    _description = "Round: Driving"

    loaded_count = fields.Integer(
        string="Baskets Loaded",
        readonly=True,
        copy=False,
        help="As counted when leaving.",
    )

    def _get_basket_count(self):
        """Baskets to bring, all stops together."""
        self.ensure_one()
        return sum(self.stop_ids.mapped("basket_count"))

    def _set_loaded(self, counted, note=""):
        """What the driver counted in the vehicle.

        Another number than expected needs a word, which goes to the coordinators.

        :param counted: text as keyed in
        :raise AccessError: somebody else's round
        :raise UserError: not a number, or another one without a word
        """
        self.ensure_one()
        self._check_can_drive()
        # sudo: checked above; drivers are members without rights on rounds.
        record = self.sudo()
        if record.state != "planned":
            return
        counted, note = str(counted or "").strip(), (note or "").strip()[:200]
        if not counted.isdigit() or int(counted) > 9999:
            raise UserError(
                self.env._("How many baskets are in the vehicle? A whole number.")
            )
        expected = record._get_basket_count()
        missing = expected - int(counted)
        if missing and not note:
            raise UserError(
                self.env._(
                    "%(counted)s of %(expected)s: %(missing)s missing. Count again, or"
                    " write why.",
                    counted=counted,
                    expected=expected,
                    missing=missing,
                )
                if missing > 0
                else self.env._(
                    "%(counted)s instead of %(expected)s: %(more)s too many. Count"
                    " again, or write why.",
                    counted=counted,
                    expected=expected,
                    more=-missing,
                )
            )
        record.loaded_count = int(counted)
        record.action_loaded()
        if missing:
            record.message_post(
                body=self.env._(
                    "Loaded: %(counted)s baskets of %(expected)s. %(note)s",
                    counted=counted,
                    expected=expected,
                    note=note,
                ),
                author_id=self.env.user.partner_id.id,
            )
