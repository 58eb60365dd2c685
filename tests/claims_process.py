"""An Odoo process of its own that sends the claims that are due, to be killed.

Run by test_claims_killed.py: ``claims_process.py STOP OPTIONS...``; see
closing_process.py, whose words it speaks.
"""

import sys

from closing_process import say, stop_after

STOPS = {
    # The second claim and its mail are written, not committed.
    "claim": ("coop.supplier.claim", "_mark_sent", 2),
    # The mail server has taken the second mail, Odoo has not noted it.
    "mail": ("ir.mail_server", "send_email", 2),
}


def send_claims(registry, stop):
    from odoo import SUPERUSER_ID, api

    # What is tried here is not the engine of PDFs, which may not be installed.
    report = registry["ir.actions.report"]
    report._render_qweb_pdf = lambda *args, **kwargs: (b"%PDF-1.4", "pdf")
    if stop:
        model, method, count = STOPS[stop]
        stop_after(registry[model], method, count)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["coop.supplier.claim"]._cron_send_claims()
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        mails = env["mail.mail"].search(
            [("model", "=", "coop.supplier.claim"), ("state", "=", "outgoing")]
        )
        mails.process_email_queue(mails.ids)


def main():
    stop, *options = sys.argv[1:]
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config([*options, "--log-level=warn"], setup_logging=True)
    registry = Registry(config["db_name"][0])
    send_claims(registry, stop)
    say("done")


if __name__ == "__main__":
    main()
