"""What `./coop test --core` makes of Odoo's results; running them takes an hour."""

import json

import pytest

from devtools import core_suites
from devtools.console import CoopError

NAME = "sale/test_x.TestX.test_{}".format
REASON = {"reason": "ours is stricter", "setting": "Settings > Strict"}


def _results(**outcomes):
    return {NAME(key): (outcome, "") for key, outcome in outcomes.items()}


def _line(key, outcome, detail=""):
    return json.dumps({"test": NAME(key), "outcome": outcome, "detail": detail})


def test_results_are_read_until_the_end():
    lines = [_line("a", "passed"), _line("b", "skipped", "needs a browser")]
    results, ended = core_suites.parse_results([*lines, json.dumps({"end": True})])
    assert ended
    assert results == {
        NAME("a"): ("passed", ""),
        NAME("b"): ("skipped", "needs a browser"),
    }


def test_a_run_that_died_is_known():
    results, ended = core_suites.parse_results([_line("a", "passed")])
    assert results
    assert not ended


def test_a_failure_stays_one_whatever_follows():
    lines = [_line("a", "failed", "KeyError: 1"), _line("a", "skipped", "late")]
    results, _ended = core_suites.parse_results(lines)
    assert results == {NAME("a"): ("failed", "KeyError: 1")}


def test_new_failure_is_told_from_odoo_s_own():
    without = _results(a="passed", b="failed", c="skipped")
    with_ours = _results(a="failed", b="failed", c="skipped")
    found = core_suites.compare(without, with_ours, {})
    assert (found.new, found.foreign) == ([NAME("a")], [NAME("b")])
    assert not found.right


def test_what_fails_without_ours_only_is_no_difference():
    found = core_suites.compare(_results(a="failed"), _results(a="passed"), {})
    assert found.right
    assert not found.new


def test_a_test_that_was_not_seen_counts_as_failed():
    without = _results(a="passed", b="passed")
    found = core_suites.compare(without, _results(a="passed"), {})
    assert found.new == [NAME("b")]


def test_a_listed_difference_is_right_as_long_as_it_fails():
    listed = {NAME("a"): REASON}
    without = _results(a="passed")
    found = core_suites.compare(without, _results(a="failed"), listed)
    assert found.right
    assert found.known == [NAME("a")]
    assert not found.new
    found = core_suites.compare(without, _results(a="passed"), listed)
    assert not found.right
    assert found.mended == [NAME("a")]


def test_what_is_listed_and_was_not_run_says_nothing():
    listed = {"stock/test_y.TestY.test_b": REASON}
    found = core_suites.compare(_results(a="passed"), _results(a="passed"), listed)
    assert found.right
    assert not found.mended


def test_exit_code_and_words(capsys):
    listed = {NAME("a"): REASON}
    without = _results(a="passed", b="passed")
    known = _results(a="failed", b="passed")
    found = {"sale": core_suites.compare(without, known, listed)}
    assert core_suites.report(found, {"sale": known}, listed) == 0
    said = capsys.readouterr().out
    assert "ours is stricter" in said
    assert "Settings > Strict" in said
    assert "none of Odoo's tests fails that is not listed" in said
    broken = {**known, NAME("b"): ("failed", "Traceback\n  at x\nKeyError: 3\n   ^\n")}
    found = {"sale": core_suites.compare(without, broken, listed)}
    assert core_suites.report(found, {"sale": broken}, listed) == 1
    assert f"NEW: {NAME('b')}\n    KeyError: 3" in capsys.readouterr().out


def test_the_error_is_said_and_not_the_end_of_its_message():
    detail = "Traceback (most recent call last):\n  x\nValueError: a\n\n- b\n  ^\n"
    assert core_suites.error_line(detail) == "ValueError: a"
    assert core_suites.error_line("not started") == "not started"


def test_the_list_itself_is_well_formed():
    listed = core_suites.read_differences(core_suites.DIFFERENCES.read_text())
    for name, table in listed.items():
        module, _slash, test = name.partition("/")
        assert module in core_suites.SUITES, name
        assert test.count(".") == 2, name
        assert table["setting"], f"{name}: how does one get Odoo's own way back?"


@pytest.mark.parametrize(
    "text",
    [
        '[[difference]]\ntests = ["a/b.C.d"]\n',
        '[[difference]]\nreason = "x"\n',
        '[[difference]]\nreason = "x"\ntests = ["a/b.C.d", "a/b.C.d"]\n',
    ],
)
def test_a_list_without_reason_or_with_doubles_is_refused(text):
    with pytest.raises(CoopError):
        core_suites.read_differences(text)


def test_selection_in_odoo_s_words():
    assert core_suites.read_selection(
        ["sale", "stock/test_move", "stock/test_quant.py"]
    ) == [
        ("sale", "/sale"),
        ("stock", "/stock/tests/test_move.py,/stock/tests/test_quant.py"),
    ]
    with pytest.raises(CoopError):
        core_suites.read_selection(["sale/test_nothing"])
    assert core_suites.only([NAME("a")]) == "/sale:TestX.test_a"
