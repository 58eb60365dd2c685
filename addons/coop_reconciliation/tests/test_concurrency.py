from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    """Two runs that read the same receipts, or give the same codes, never both write:
    PostgreSQL refuses the second, and Odoo replays it. Real cursors, nothing left."""

    def _second_is_refused(self, write):
        connection = db_connect(get_db_name())
        with connection.cursor() as first, connection.cursor() as second:
            envs = [api.Environment(cr, SUPERUSER_ID, {}) for cr in (first, second)]
            try:
                for env in envs:
                    # Both have read before either writes.
                    env.cr.execute("SELECT count(*) FROM res_company")
                write(envs[0])
                first.commit()
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(SerializationFailure),
                ):
                    write(envs[1])
                second.rollback()
                # Replayed, it passes.
                write(envs[1])
            finally:
                second.rollback()
        self._restore(connection)

    def _restore(self, connection):
        with connection.cursor() as cr:
            partner = self._partner(api.Environment(cr, SUPERUSER_ID, {}))
            cr.execute(
                "DELETE FROM coop_match_stamp WHERE partner_id = %s", (partner.id,)
            )
            cr.execute("DELETE FROM coop_lettering_counter WHERE partner_key = -1")

    @staticmethod
    def _partner(env):
        return env.ref("base.main_partner")

    def test_matching(self):
        def write(env):
            company = env.ref("base.main_company")
            env["coop.match.stamp"].touch(company, self._partner(env))

        self._second_is_refused(write)

    def test_lettering_codes(self):
        def write(env):
            company = env.ref("base.main_company")
            account = env["account.account"].search([], limit=1)
            key = (company.id, account.id, -1)
            env["coop.lettering.code"]._next_numbers({key: 1})

        self._second_is_refused(write)
