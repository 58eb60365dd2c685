# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An Odoo process of its own that matches what waits, bill by bill, to be killed.

Run by test_concurrency.py: ``matching_process.py STOP OPTIONS...``. With ``STOP`` it
says "here" once the second bill is written but not committed, and waits for SIGKILL;
without it goes to the end and says "done".
"""

import sys
import time


def say(word):
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(stop, *options):
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config([*options, "--log-level=warn"], setup_logging=True)
    registry = Registry(config["db_name"][0])
    cls = registry["coop.bill.matcher"]
    original, written = cls._write_plan, []

    def stopping(matcher, plan, duplicates):
        result = original(matcher, plan, duplicates)
        written.append(plan)
        if stop and len(written) == 2:
            matcher.env.flush_all()
            say("here")
            time.sleep(3600)
        return result

    cls._write_plan = stopping
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        bills = env["account.move"].search(
            [("ref", "=like", "KILLED-%"), ("match_state", "=", "none")], order="id"
        )
        for bill in bills:
            bill._coop_match()
            # As the cron does after each batch.
            cr.commit()  # pylint: disable=invalid-commit
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
