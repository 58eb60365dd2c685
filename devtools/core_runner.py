"""Run Odoo's own tests of some modules in a loaded registry; one JSON line a test.

Read by `odoo shell`. Odoo's own runner starts the tests tagged `at_install` while a
module is being installed, with nothing of what is loaded later: no add-on of ours is
there then. `odoo.tests.shell`, which this follows, runs both kinds in the whole
registry.
"""

import json
import unittest

from odoo import tools
from odoo.modules.registry import Registry
from odoo.tests import common
from odoo.tests.loader import make_suite
from odoo.tests.result import OdooTestResult

PREFIX = "odoo.addons."


def test_name(identifier):
    """`odoo.addons.sale.tests.test_x.TestY.test_z` → `sale/test_x.TestY.test_z`."""
    module, _tests, name = identifier.removeprefix(PREFIX).partition(".tests.")
    return f"{module}/{name}"


class Recorder(OdooTestResult):
    """Writes what each test came to, as soon as it is known."""

    def __init__(self, output):
        super().__init__()
        self.output = output
        self.written = set()
        self.failed = {}  # identifier of a test or of a class's set-up → traceback
        self.skipped_classes = {}

    def _write(self, test, outcome, detail=""):
        self.written.add(test.id())
        line = {"test": test_name(test.id()), "outcome": outcome, "detail": detail}
        self.output.write(json.dumps(line) + "\n")
        self.output.flush()

    def _fail(self, test, error):
        # A subtest and a test's clean-up report to their test; a class's set-up is
        # an object with a description alone.
        test = getattr(test, "test_case", None) or test
        text = self._exc_info_to_string(error, test)
        self.failed.setdefault(test.id(), text)

    def addError(self, test, err):
        super().addError(test, err)
        self._fail(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._fail(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        if isinstance(test, unittest.TestCase):
            self._write(test, "skipped", reason)
        else:
            self.skipped_classes[test.id()] = reason

    def addSuccess(self, test):
        super().addSuccess(test)
        self._write(test, "passed")

    def stopTest(self, test):
        super().stopTest(test)
        if test.id() in self.failed:
            self._write(test, "failed", self.failed[test.id()])

    def write_not_started(self, tests):
        """Those of `tests` that the set-up of their class kept from running."""
        for test in tests:
            if test.id() not in self.written:
                kind = type(test)
                name = f"setUpClass ({kind.__module__}.{kind.__qualname__})"
                if name in self.skipped_classes:
                    self._write(test, "skipped", self.skipped_classes[name])
                else:
                    self._write(test, "failed", self.failed.get(name, "not started"))


def _no_browser(case, *_args, **_kwargs):
    case.skipTest("needs a browser")


def _run(suite, result):
    from odoo.modules import module

    tests = list(suite)
    module.current_test = True
    suite(result)
    module.current_test = False
    result.write_not_started(tests)


def main(env, modules, tags, path):
    """Run the standard tests of `modules` that match `tags` (Odoo's own syntax).

    Tests that open a browser are skipped: they look at Odoo's screens, which an
    add-on is free to change.
    """
    from odoo.service.server import server  # None until it is started

    server.http_spawn()
    common.HttpCase.browser_js = _no_browser
    env.cr.rollback()
    tools.config["test_enable"] = True
    tools.config["test_tags"] = tags
    registry = Registry(env.cr.dbname)
    with open(path, "w") as output:
        result = Recorder(output)
        with Registry._lock:
            try:
                registry.loaded = registry.ready = False
                _run(make_suite(modules, "at_install"), result)
            finally:
                registry.loaded = registry.ready = True
        _run(make_suite(modules, "post_install"), result)
        output.write(json.dumps({"end": True}) + "\n")
