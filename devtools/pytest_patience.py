"""Pytest plugin: a test fails for what it sees, not for how slow the machine is.

Odoo gives a page 12 seconds, a browser 10 to start, a tour 60: on a busy machine that
is a matter of luck. (The steps of a tour: coop_base/static/tests/patience.js.)
"""

import functools
import inspect

import pytest

SECONDS = 120
FACTOR = 10


def _wait_longer(function):
    """Make two minutes the default of `function`'s argument `timeout`."""
    if "timeout" in (function.__kwdefaults__ or {}):
        function.__kwdefaults__["timeout"] = SECONDS
        return
    named = list(inspect.signature(function).parameters)[-len(function.__defaults__) :]
    values = dict(zip(named, function.__defaults__, strict=True))
    function.__defaults__ = tuple({**values, "timeout": SECONDS}.values())


@pytest.hookimpl(trylast=True)
def pytest_configure():
    from odoo.tests import common

    browser, case = common.ChromeBrowser, common.HttpCase
    for function in (
        browser._json_command,
        browser._websocket_request,
        case.url_open,
        case.make_jsonrpc_request,
        case._wait_remaining_requests,
    ):
        _wait_longer(function)
    common.CHECK_BROWSER_ITERATIONS = round(SECONDS / common.CHECK_BROWSER_SLEEP)
    common.BaseCase.test_cursor_lock_timeout = SECONDS
    start = browser.__init__

    @functools.wraps(start)
    def __init__(self, *args, **kwargs):
        start(self, *args, **kwargs)
        # What Odoo multiplies the rest with, for browsers slowed down on purpose.
        self.throttling_factor = FACTOR

    browser.__init__ = __init__
