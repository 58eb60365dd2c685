"""Pytest plugin: where a test stops the clock, records are stamped with that moment.

Odoo stamps them with PostgreSQL's now(), which freezegun does not stop: a record made
"in March" would be younger or older than the test says by what lies between March and
the day of the run. (Odoo's own cursor of HTTP tests already does so.)
"""

import datetime

import freezegun.api
import pytest


@pytest.hookimpl(trylast=True)
def pytest_configure():
    from odoo.sql_db import BaseCursor

    transaction_s = BaseCursor.now

    def now(self):
        if freezegun.api.freeze_factories:
            return datetime.datetime.now()
        return transaction_s(self)

    BaseCursor.now = now
