# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResUsers(models.Model):
    """For which producer an account acts on the portal."""

    _inherit = "res.users"

    def _coop_owns_producer(self):
        """Whether this is a contact of the producer, who may invite helpers."""
        self.ensure_one()
        # sudo: the company behind the connected person, to decide.
        user = self.sudo()
        return user._is_portal() and user.commercial_partner_id.is_coop_producer

    def _coop_get_start(self):
        """A producer's own pages, unless they are a member too."""
        start = super()._coop_get_start()
        if not start and self._is_portal() and self._coop_get_producer():
            return "/my/producer"
        return start

    def _coop_get_producer(self):
        """The producer whose pages this account sees, as superuser, or none.

        :return: ``res.partner``: the company of a contact, else who is helped
        """
        self.ensure_one()
        user = self.sudo()  # as above
        if user._is_public():
            return user.partner_id.browse()
        if user.commercial_partner_id.is_coop_producer:
            return user.commercial_partner_id
        helpers = user.env["coop.producer.helper"]
        producer = helpers.search([("user_id", "=", user.id)], limit=1).producer_id
        return producer.filtered("is_coop_producer")
