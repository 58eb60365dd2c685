import signal
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

from odoo.addons.coop_base.tests.mailbox import Mailbox

PROCESS = Path(__file__).with_name("claims_process.py")
FARMS = 3


@tagged("post_install", "-at_install")
class TestClaimsKilled(BaseCase):
    """Claims that send themselves, in a process killed with SIGKILL, then run again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.mailbox = Mailbox.start(self)
        self.made = []
        self.addCleanup(self._commit, self._clean)
        self._commit(self._create_data)

    def _commit(self, work, *args):
        with self.registry.cursor() as cr:
            return work(api.Environment(cr, SUPERUSER_ID, {}), *args)

    def _make(self, env, model, vals_list):
        records = env[model].create(vals_list)
        self.made.append((model, records.ids))
        return records

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
        self._make(
            env,
            "ir.mail_server",
            [
                {
                    "name": tag,
                    "sequence": -1,
                    "smtp_host": "127.0.0.1",
                    "smtp_port": self.mailbox.port,
                    "smtp_encryption": "none",
                }
            ],
        )
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
        for model, ids in reversed(self.made):
            env[model].browse(ids).unlink()

    def _run(self, stop=""):
        """Both crons in a new process, killed at ``stop`` if there is one."""
        options = [f"--database={get_db_name()}", "--no-http", "--max-cron-threads=0"]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options.append(f"--{name.replace('_dir', '-dir')}={config[name]}")
        options.append("--addons-path=" + ",".join(map(str, config["addons_path"])))
        with subprocess.Popen(
            [sys.executable, str(PROCESS), stop, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            said = process.stdout.readline().strip()
            if stop:
                process.send_signal(signal.SIGKILL)
            error = process.stderr.read()
        self.assertEqual(said, "here" if stop else "done", error)
        self.assertEqual(process.returncode, -signal.SIGKILL if stop else 0, error)

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
