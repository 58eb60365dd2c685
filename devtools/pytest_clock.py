"""Pytest plugin: where a test stops the clock, records are stamped with that moment.

Odoo stamps them with PostgreSQL's now(), which freezegun does not stop: a record made
"in March" would be younger or older than the test says by what lies between March and
the day of the run. (Odoo's own cursor of HTTP tests already does so.)
"""

import datetime

import freezegun.api
import pytest


def _module_key(module):
    """Changes when a module gets a name, as freezegun's key, which reads all of them.

    It is asked of thousands of modules each time that a clock is stopped.
    """
    return f"{id(module)}-{len(getattr(module, '__dict__', ()))}"


@pytest.hookimpl(trylast=True)
def pytest_configure():
    from odoo.sql_db import BaseCursor

    transaction_s = BaseCursor.now

    def now(self):
        if freezegun.api.freeze_factories:
            return datetime.datetime.now()
        return transaction_s(self)

    BaseCursor.now = now
    freezegun.api._get_module_attributes_hash = _module_key
