# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import tagged

from .test_concurrency import MEMBERS, RushCase


@tagged("post_install", "-at_install")
class TestMessagesAtOnce(RushCase):
    """A phone that sends the same again and again does not pass the limit of a day."""

    start_at = fields.Datetime.now() + timedelta(days=20)
    end_at = start_at + timedelta(hours=3)

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            author = env["res.partner"].browse(self.member_ids[0])
            env["coop.shift"].browse(self.shift_id)._book(author, rules=False)
            self.limit = author._volunteer_policy().message_max

    def _book(self, env, number):
        shift = env["coop.shift"].browse(self.shift_id)
        author = env["res.partner"].browse(self.member_ids[0])
        env["coop.shift.message"]._send(shift, author, f"Mot {number}")
        return shift.registration_ids

    def test_the_limit_of_a_day_holds(self):
        self.assertLess(self.limit, MEMBERS)
        answers = self._rush()
        refused = [a for a in answers if f"At most {self.limit} messages a day" in a]
        self.assertEqual(answers.count("booked"), self.limit)
        self.assertEqual(len(refused), MEMBERS - self.limit)
