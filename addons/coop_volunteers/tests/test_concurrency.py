# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from datetime import timedelta
from threading import Barrier, Thread

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

MEMBERS = 8
SEATS = 3


class RushCase(BaseCase):
    """With real transactions: what is made here is committed, then removed."""

    start_at, end_at = "2199-01-01 08:00:00", "2199-01-01 11:00:00"
    seat_values = {"seats_max": SEATS}
    rules = False

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean)
        tag = uuid.uuid4().hex[:8]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.member_ids = (
                env["res.partner"]
                .create(
                    [
                        {
                            "name": f"{tag} {number}",
                            "is_coop_member": True,
                            "volunteer_kind": "flying",
                        }
                        for number in range(MEMBERS)
                    ]
                )
                .ids
            )
            self.shift_id = (
                env["coop.shift"]
                .create(
                    {
                        "name": tag,
                        "start_at": self.start_at,
                        "end_at": self.end_at,
                        "seat_ids": [(0, 0, self.seat_values)],
                    }
                )
                .id
            )

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # History is not deleted by the interface.
            env.execute_query(
                SQL(
                    "DELETE FROM coop_shift_registration WHERE shift_id = %s"
                    " RETURNING id",
                    self.shift_id,
                )
            )
            env["coop.shift"].browse(self.shift_id).unlink()
            env["res.partner"].browse(self.member_ids).unlink()

    def _book(self, env, number):
        shift = env["coop.shift"].browse(self.shift_id)
        member = env["res.partner"].browse(self.member_ids[number])
        return shift._book(member, rules=self.rules)

    def _began(self, cr):
        """An environment whose transaction has begun: its snapshot is taken."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["coop.shift"].browse(self.shift_id).read(["state", "free_count"])
        return env

    def _queued(self, cr):
        """An environment like that of the routes where members queue."""
        self.registry["ir.http"]._coop_queue(cr)
        return self._began(cr)

    def _count(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["coop.shift"].browse(self.shift_id).booked_count

    def _rush(self):
        """``[answer]``: all book at once; a state, or what they are told."""
        together, answers = Barrier(MEMBERS), {}
        # Made here: the thread of the tests holds the registry's lock.
        cursors = [self.registry.cursor() for _number in range(MEMBERS)]
        envs = [self._queued(cr) for cr in cursors]

        def ask(number):
            together.wait(300)
            try:
                answers[number] = self._book(envs[number], number).state
                cursors[number].commit()  # pylint: disable=invalid-commit
            except UserError as error:
                answers[number] = str(error)
                cursors[number].rollback()

        threads = [Thread(target=ask, args=(n,), daemon=True) for n in range(MEMBERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
        for cr in cursors:
            cr.close()
        return list(answers.values())


@tagged("post_install", "-at_install")
class TestConcurrency(RushCase):
    @mute_logger("odoo.sql_db")
    def test_never_over_capacity_without_the_queue(self):
        with self.registry.cursor() as cr:
            late = self._began(cr)
            with self.registry.cursor() as other:
                env = self._began(other)
                for number in range(SEATS):
                    self._book(env, number)
            # Odoo runs this again (service.model.retrying).
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self._book(late, SEATS)
            cr.rollback()
            with self.assertRaisesRegex(UserError, "No seat is left"):
                self._book(self._began(cr), SEATS)
        self.assertEqual(self._count(), SEATS)

    def test_rush_on_the_last_seats(self):
        """All at once: the seats are taken, the others are told, nobody fails."""
        answers = self._rush()
        booked = [answer for answer in answers if answer == "booked"]
        refused = [answer for answer in answers if "No seat is left" in answer]
        self.assertEqual((len(booked), len(refused)), (SEATS, MEMBERS - SEATS))
        self.assertEqual(self._count(), SEATS)


@tagged("post_install", "-at_install")
class TestReserveConcurrency(RushCase):
    """Two of three seats are kept for referents: one is left to the others."""

    start_at = fields.Datetime.now() + timedelta(days=20)
    end_at = start_at + timedelta(hours=3)
    seat_values = {
        "seats_max": SEATS,
        "reserved_count": SEATS - 1,
        "reserved_for": "referents",
    }
    rules = True

    def test_rush_on_the_last_seat_that_is_not_kept(self):
        answers = self._rush()
        refused = [a for a in answers if "2 seats kept for referents" in a]
        self.assertEqual(answers.count("booked"), 1)
        self.assertEqual(len(refused), MEMBERS - 1)
        self.assertEqual(self._count(), 1)
