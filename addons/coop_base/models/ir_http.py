# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.extensions import (
    ISOLATION_LEVEL_READ_COMMITTED,
    TRANSACTION_STATUS_IDLE,
)

from odoo import models
from odoo.http import request
from odoo.sql_db import Cursor


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):
        if endpoint.routing.get("coop_queue"):
            cls._coop_queue(request.env.cr)
        return super()._authenticate(endpoint)

    @classmethod
    def _coop_queue(cls, cr):
        """Let this request wait for the others' locks instead of failing.

        Odoo's transactions are REPEATABLE READ: whoever waits for a row that another
        one changes gets a serialisation error, then up to four new tries after a random
        wait of seconds; in a rush some of them end in an error page. A READ COMMITTED
        transaction waits, then reads what the others left: members queue, in the order
        in which they came, for a few milliseconds each.

        For the routes that say ``coop_queue=True``, which read under their locks only
        (in orders ``sale.order._coop_lock_window``, ``_coop_lock`` and
        ``coop.order.offer._lock_limited``; for shifts ``coop.shift._lock_seats``).
        Nothing to undo at the end: each cursor of
        Odoo sets its own level when it takes a connection from the pool.
        """
        # A cursor of the tests shares its transaction, which must not be ended here.
        if (
            isinstance(cr, Cursor)
            and cr.connection.get_transaction_status() == TRANSACTION_STATUS_IDLE
        ):
            cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
