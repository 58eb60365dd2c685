"""An Odoo process of its own that closes a window, orders and sends, to be killed.

Run by test_close_killed.py: ``closing_process.py WINDOW BUYER STOP OPTIONS...``. At
``STOP`` it says "here" on its standard output and waits for SIGKILL, in the middle of
an open transaction; without a stop it goes to the end and says "done".
"""

import sys
import time


def stop_after(cls, name, count=1):
    """Wait to be killed when a method of a registry class has run ``count`` times."""
    original, calls = getattr(cls, name), []

    def stopping(*args, **kwargs):
        result = original(*args, **kwargs)
        calls.append(name)
        if len(calls) == count:
            args[0].env.flush_all()
            say("here")
            time.sleep(3600)
        return result

    setattr(cls, name, stopping)


def say(word):
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def close_and_send(registry, window_id, buyer_id, stop):
    from odoo import SUPERUSER_ID, api

    stops = {
        "confirm": ("coop.order.window", "_close_some_orders", 2),
        "create": ("purchase.order", "create", 1),
        "confirm_purchase": ("purchase.order", "button_confirm", 1),
        "send": ("purchase.order", "_coop_confirm_and_send", 1),
        "mail": ("ir.mail_server", "send_email", 2),
    }
    if stop in stops:
        model, method, count = stops[stop]
        stop_after(registry[model], method, count)
    # By the cron, then the buyer's button, then the cron of mails: as in real life.
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["coop.order.window"]._cron_open_and_close()
    with registry.cursor() as cr:
        env = api.Environment(cr, buyer_id, {})
        env["coop.order.window"].browse(window_id).action_close_and_send()
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        window = env["coop.order.window"].browse(window_id)
        mails = env["mail.mail"].search(
            [
                ("model", "=", "purchase.order"),
                ("res_id", "in", window.purchase_order_ids.ids),
                ("state", "=", "outgoing"),
            ]
        )
        env["mail.mail"].process_email_queue(mails.ids)


def main(window_id, buyer_id, stop, *options):
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config([*options, "--log-level=warn"], setup_logging=True)
    from odoo.addons.coop_orders.models import coop_order_window_close

    coop_order_window_close.BATCH = 2
    registry = Registry(config["db_name"][0])
    close_and_send(registry, int(window_id), int(buyer_id), stop)
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
