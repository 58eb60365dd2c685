import signal
import subprocess
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import config

from odoo.addons.coop_base.tests.mailbox import Mailbox


class KilledCase(BaseCase):
    """Work done by a process of its own, killed with SIGKILL: committed data."""

    # The script beside this file; it says "here" where it waits, "done" at its end.
    process_name = ""

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

    def _make_mail_server(self, env, name):
        """Mails go to this test's mailbox."""
        return self._make(
            env,
            "ir.mail_server",
            [
                {
                    "name": name,
                    "sequence": -1,
                    "smtp_host": "127.0.0.1",
                    "smtp_port": self.mailbox.port,
                    "smtp_encryption": "none",
                }
            ],
        )

    def _unlink_made(self, env):
        for model, ids in reversed(self.made):
            env[model].browse(ids).unlink()

    def _run_process(self, *arguments, stop=""):
        """Run the script, killed at ``stop`` if there is one."""
        options = [f"--database={get_db_name()}", "--no-http", "--max-cron-threads=0"]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options.append(f"--{name.replace('_dir', '-dir')}={config[name]}")
        options.append("--addons-path=" + ",".join(map(str, config["addons_path"])))
        script = str(Path(__file__).with_name(self.process_name))
        with subprocess.Popen(
            [sys.executable, script, *arguments, stop, *options],
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
