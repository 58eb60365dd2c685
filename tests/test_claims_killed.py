import uuid
from collections import Counter

from odoo.tests import tagged

from tests.killed_case import KilledCase

FARMS = 3


@tagged("post_install", "-at_install")
class TestClaimsKilled(KilledCase):
    """Claims that send themselves, in a process killed with SIGKILL, then run again."""

    process_name = "claims_process.py"

    def _create_data(self, env):
        tag = uuid.uuid4().hex[:8]
        farms = self._make(
            env,
            "res.partner",
            [
                {"name": f"Farm {tag} {i}", "email": f"{tag}{i}@farm.example"}
                for i in range(FARMS)
            ],
        )
        self.addresses = set(farms.mapped("email_normalized"))
        self._make(
            env,
            "coop.match.policy",
            [{"partner_id": farm.id, "claim_auto_send": True} for farm in farms],
        )
        self._make_mail_server(env, tag)
        claims = env["coop.supplier.claim"].create(
            [
                {
                    "partner_id": farm.id,
                    "line_ids": [(0, 0, {"name": "Nougat", "price_unit": 3})],
                }
                for farm in farms
            ]
        )
        claims.send_at = env.cr.now().replace(microsecond=0)
        self.claim_ids = claims.ids

    def _clean(self, env):
        claims = env["coop.supplier.claim"].browse(self.claim_ids)
        env["mail.mail"].search(
            [("model", "=", claims._name), ("res_id", "in", claims.ids)]
        ).unlink()
        claims.activity_ids.unlink()
        claims.write({"state": "draft"})
        claims.unlink()
        self._unlink_made(env)

    def _run(self, stop=""):
        """Both crons in a new process, killed at ``stop`` if there is one."""
        self._run_process(stop=stop)

    def _states(self):
        def read(env):
            claims = env["coop.supplier.claim"].browse(self.claim_ids)
            return sorted(claims.mapped("state"))

        return self._commit(read)

    def _received(self):
        """How many mails each farm got; the buyer is told of tasks by mail, too."""
        got = Counter()
        for addresses, _message in self.mailbox.messages:
            got.update(self.addresses & set(addresses))
        return got

    def test_killed_between_two_claims(self):
        """The first is sent and noted, the second is as if nothing had been."""
        self._run("claim")
        self.assertEqual(self._states(), ["draft", "draft", "sent"])
        self._run()
        self.assertEqual(self._states(), ["sent"] * FARMS)
        self.assertEqual(self._received(), dict.fromkeys(self.addresses, 1))

    def test_killed_while_a_mail_leaves(self):
        """Nobody gets it twice: the one in doubt is a task for the buyer."""
        self._run("mail")
        self.assertEqual(self._states(), ["sent"] * FARMS)
        self._run()
        self._run()
        received = self._received()
        self.assertEqual(set(received.values()), {1})

        def doubts(env):
            claims = env["coop.supplier.claim"].browse(self.claim_ids)
            return len(claims.activity_ids)

        self.assertEqual(self._commit(doubts), 1)
