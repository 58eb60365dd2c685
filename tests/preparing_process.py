"""An Odoo process of its own that prepares the baskets asked for, to be killed.

Run by test_prepare_killed.py: ``preparing_process.py STOP OPTIONS...``. At ``STOP`` it
says "here" on its standard output and waits for SIGKILL, in the middle of an open
transaction; without a stop it goes to the end and says "done".
"""

import sys

from closing_process import say, stop_after


def main(stop, *options):
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config([*options, "--log-level=warn"], setup_logging=True)
    from odoo.addons.coop_logistics.models import coop_distribution_background

    coop_distribution_background.CHUNK = 2
    registry = Registry(config["db_name"][0])
    stops = {
        # Deliveries of the second chunk were made and not committed.
        "second": ("sale.order", "_coop_prepare_deliveries", 2),
        # All are committed; that the distribution is prepared was not.
        "end": ("coop.distribution", "_mark_prepared", 1),
    }
    if stop in stops:
        model, method, count = stops[stop]
        stop_after(registry[model], method, count)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        # As the scheduled action runs it: it commits each chunk.
        cron = env.ref("coop_logistics.coop_distribution_cron")
        cron.method_direct_trigger()
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
