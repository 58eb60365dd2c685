"""Pytest plugin: Chromium agrees with the shifted clock of `./coop test --at`.

Chromium's processes hang under libfaketime. The browser is started without it, and a
script that runs before any of a page's own shifts what the page reads as now.
"""

import os

import pytest

from devtools import clock

# Odoo and its libraries read the time through Date only.
SHIFTED_DATE = """
(() => {
    const Real = Date;
    const now = () => Real.now() + %d;
    window.Date = new Proxy(Real, {
        apply: () => new Real(now()).toString(),
        construct: (target, given, made) =>
            Reflect.construct(target, given.length ? given : [now()], made),
        get: (target, name, receiver) =>
            name === "now" ? now : Reflect.get(target, name, receiver),
    });
    Real.prototype.constructor = window.Date;
})();
"""


def shift():
    """Seconds by which this run's clock is ahead of the machine's."""
    return int(os.environ.get(clock.VARIABLE, 0))


@pytest.hookimpl(trylast=True)
def pytest_configure():
    if shift():
        _shift_browsers(shift())


def _shift_browsers(seconds):
    from odoo.tests.common import ChromeBrowser

    start, spawn = ChromeBrowser.__init__, ChromeBrowser._spawn_chrome

    def __init__(self, *args, **kwargs):
        start(self, *args, **kwargs)
        self._websocket_request(
            "Page.addScriptToEvaluateOnNewDocument",
            params={"source": SHIFTED_DATE % (seconds * 1000)},
        )

    def _spawn_chrome(self, cmd):
        return spawn(self, ["env", "-u", "LD_PRELOAD", *cmd])

    ChromeBrowser.__init__ = __init__
    ChromeBrowser._spawn_chrome = _spawn_chrome
