# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whose fault an error is: the file's, or ours. Plain Python, but for the names."""

import traceback

from psycopg2 import DataError

from odoo.exceptions import UserError

from .einvoice_data import Unreadable

# What says by itself that a value cannot be taken.
SAID = (Unreadable, UserError, DataError)
# What core's reader raises, half-way, on a file that it does not expect.
STUMBLED = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
UNREADABLE = (*SAID, *STUMBLED)
READER = "odoo.addons.account_edi_ubl_cii."


def is_of_the_file(error):
    """Can the file have caused this error of :data:`UNREADABLE`?

    An error that core's reader stumbles over is the file's; one that comes out of an
    add-on's code, ours above all, is a fault of that code and must surface.
    """
    if isinstance(error, SAID):
        return True
    for frame, __ in reversed(list(traceback.walk_tb(error.__traceback__))):
        module = frame.f_globals.get("__name__", "")
        if module.startswith("odoo.addons."):
            return module.startswith(READER)
    return False
