# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import format_local


class CoopCashSessionPurse(models.AbstractModel):
    """The purse of a driver who is paid at members' doors: a till without a table."""

    _name = "coop.cash.session.purse"
    _description = "Till: Driver's Purse"

    is_purse = fields.Boolean(
        string="Driver's Purse",
        readonly=True,
        copy=False,
        help="Taken on the road; whoever holds the distribution counts it.",
    )

    def _get_purse(self, distribution):
        """The connected user's till at this distribution, made if they hold none.

        Called in sudo, for a driver; held until the end of the transaction.
        """
        session = self._find_open(distribution)
        if not session:
            session = self.create(
                {
                    "name": self.env._(
                        "Purse of %(driver)s, %(point)s, %(day)s",
                        driver=self.env.user.name,
                        point=distribution.collection_point_id.name,
                        day=format_local(
                            self.env,
                            distribution.date_start,
                            distribution.company_id,
                            "d MMMM",
                        ),
                    ),
                    "distribution_id": distribution.id,
                    "user_id": self.env.uid,
                    "is_purse": True,
                }
            )
        # Not closed meanwhile: see sale.order._coop_get_till
        self.env.execute_query(
            SQL("SELECT id FROM coop_cash_session WHERE id = %s FOR SHARE", session.id)
        )
        return session

    def _get_own_purses(self):
        """Purses that the connected user still has to hand over."""
        # sudo: their own; drivers are members without rights on tills.
        return self.sudo().search(
            [
                ("user_id", "=", self.env.uid),
                ("is_purse", "=", True),
                ("state", "=", "open"),
            ]
        )

    def action_count(self):
        """Count this till on the screen of the day."""
        self.ensure_one()
        self._check_holds()
        if self.state != "open":
            raise UserError(self.env._("%s is closed already.", self.name))
        return {
            "type": "ir.actions.client",
            "tag": "coop_till.till",
            "name": self.name,
            "params": {
                "distribution_id": self.distribution_id.id,
                "session_id": self.id,
            },
        }

    def coop_till_session(self):
        """A driver's purse as the screen of the day counts it.

        :raise AccessError: somebody else's till
        """
        self.ensure_one()
        self._check_holds()
        if not self.is_purse and self.user_id != self.env.user:
            raise AccessError(
                self.env._("%s holds this till: only they close it.", self.user_id.name)
            )
        # sudo: checked just above
        return self.sudo()._till_summary()
