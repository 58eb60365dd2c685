# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A real SMTP server for tests: what leaves Odoo is what arrives here."""

import email
import socket
from unittest.mock import patch

from aiosmtpd.controller import Controller


class Mailbox:
    """What a local SMTP server received: list of (addresses, message)."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        message = email.message_from_bytes(envelope.content)
        self.messages.append((envelope.rcpt_tos, message))
        return "250 OK"

    @classmethod
    def start(cls, test):
        """Start a server for the time of a test; ``port`` says where."""
        mailbox = cls()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(mailbox, hostname="127.0.0.1", port=port)
        controller.start()
        test.addCleanup(controller.stop)
        mailbox.port = port
        return mailbox

    @classmethod
    def open(cls, test):
        """Start a server for the time of a test, the only one that Odoo knows."""
        mailbox = cls.start(test)
        mailbox.servers = test.env["ir.mail_server"]
        mailbox.servers.search([]).active = False
        mailbox.servers.create(
            {
                "name": "Local",
                "smtp_host": "127.0.0.1",
                "smtp_port": mailbox.port,
                "smtp_encryption": "none",
            }
        )
        return mailbox

    def send(self, mails):
        """Send for real: Odoo sends nothing in tests."""
        with patch.object(type(self.servers), "_disable_send", return_value=False):
            mails.filtered(lambda m: m.state == "outgoing").send(raise_exception=True)
