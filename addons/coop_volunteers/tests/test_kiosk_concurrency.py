# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL

from ..models.coop_shift_kiosk import MISSES

# Three hundred badges.
MEMBERS, KIOSKS = 100, 3


@tagged("post_install", "-at_install")
class TestKioskConcurrency(BaseCase):
    """With real transactions: what is made here is committed, then removed."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean)
        tag = uuid.uuid4().hex[:8]
        self.now = fields.Datetime.now()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            members = env["res.partner"].create(
                [
                    {
                        "name": f"{tag} {number}",
                        "is_coop_member": True,
                        "volunteer_kind": "flying",
                        "coop_number": f"{tag}{number}",
                        "company_id": env.company.id,
                    }
                    for number in range(MEMBERS)
                ]
            )
            shift = env["coop.shift"].create(
                {
                    "name": tag,
                    "start_at": self.now,
                    "end_at": self.now + timedelta(hours=3),
                    "seat_ids": [(0, 0, {"seats_max": MEMBERS})],
                }
            )
            # Half of them are expected, the others take a free seat.
            env["coop.shift.registration"].create(
                [
                    {"shift_id": shift.id, "member_id": member.id, "kind": "flying"}
                    for member in members[: MEMBERS // 2]
                ]
            )
            kiosks = env["coop.shift.kiosk"].create(
                [{"name": f"{tag} {number}"} for number in range(KIOSKS)]
            )
            self.numbers = members.mapped("coop_number")
            self.tokens = kiosks.mapped("token")
            self.ids = members.ids, shift.id, kiosks.ids

    def _clean(self):
        member_ids, shift_id, kiosk_ids = self.ids
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # History is not deleted by the interface.
            for query in (
                "DELETE FROM coop_shift_ledger WHERE registration_id IN ("
                " SELECT id FROM coop_shift_registration WHERE shift_id = %s)"
                " RETURNING id",
                "DELETE FROM coop_shift_registration WHERE shift_id = %s RETURNING id",
            ):
                env.execute_query(SQL(query, shift_id))
            env["coop.shift"].browse(shift_id).unlink()
            env["coop.shift.kiosk"].browse(kiosk_ids).unlink()
            env["res.partner"].browse(member_ids).unlink()

    def _open(self, number):
        """So many transactions of their own, opened here: only the thread of the tests
        may ask for the registry."""
        for _index in range(number):
            cr = self.registry.cursor()
            self.addCleanup(cr.close)
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _badge(self, env, token, number):
        self.registry["ir.http"]._coop_queue(env.cr)
        env.invalidate_all()
        answer = env["coop.shift.kiosk"]._find(token)._badge(number)["result"]
        env.cr.commit()  # pylint: disable=invalid-commit
        return answer

    def test_guesses_at_once_are_counted_like_one_by_one(self):
        def guess(env):
            return [self._badge(env, self.tokens[0], "nobody") for _n in range(5)]

        envs = list(self._open(8))
        with ThreadPoolExecutor(len(envs)) as pool:
            answers = [answer for row in pool.map(guess, envs) for answer in row]
        self.assertEqual(answers.count("unknown"), MISSES)
        self.assertEqual(answers.count("wait"), len(answers) - MISSES)

    def test_badges_at_three_kiosks(self):
        """Each member at two kiosks at once: all present, once, with one entry."""
        rounds = [
            [self.numbers[(i + shift) % MEMBERS] for i in range(MEMBERS)]
            for shift in (0, 0, 1)
        ]

        def stand(env, token, numbers):
            return [self._badge(env, token, number) for number in numbers]

        with ThreadPoolExecutor(KIOSKS) as pool:
            envs = list(self._open(KIOSKS))
            answers = list(pool.map(stand, envs, self.tokens, rounds))
        answers = [answer for kiosk in answers for answer in kiosk]
        self.assertEqual(answers.count("present"), MEMBERS)
        self.assertEqual(answers.count("already"), MEMBERS * (KIOSKS - 1))
        _members, shift_id, _kiosks = self.ids
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            registrations = env["coop.shift"].browse(shift_id).registration_ids
            self.assertEqual(len(registrations), MEMBERS)
            self.assertEqual(set(registrations.mapped("state")), {"present"})
            self.assertEqual(len(registrations.ledger_ids), MEMBERS)
