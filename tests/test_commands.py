"""`./coop`: what its commands ask, say and keep."""

import fcntl
import os
import time

import pytest

from devtools import (
    cli,
    console,
    database,
    demo,
    doctor,
    postgres,
    processes,
    server,
    settings,
)


@pytest.fixture
def runtime(monkeypatch, tmp_path):
    """A runtime folder of its own, with nothing in it."""
    monkeypatch.setattr(settings, "RUNTIME", tmp_path)
    monkeypatch.setattr(settings, "STATE", tmp_path / "state")
    monkeypatch.setattr(settings, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(postgres, "running", lambda: False)
    return tmp_path


class _Typed:
    """A standard input at which somebody sits, or nobody."""

    def __init__(self, terminal):
        self.isatty = lambda: terminal


def _answer(monkeypatch, text, *, terminal=True):
    monkeypatch.setattr("sys.stdin", _Typed(terminal))
    monkeypatch.setattr("builtins.input", lambda _question: text)


def test_the_lock_is_held_during_set_up_only(runtime):
    with cli.locked():
        with (
            pytest.raises(console.CoopError, match="another ./coop command"),
            cli.locked(),
        ):
            pass
        with cli.locked("tests.lock"):
            pass  # another lock
    with cli.locked():
        pass


def test_no_child_keeps_the_lock(runtime):
    """A server started under the lock outlives the command, not its lock."""
    with cli.locked(), (runtime / "lock").open() as same:
        inherited = [
            int(name)
            for name in os.listdir("/proc/self/fd")
            if os.path.exists(f"/proc/self/fd/{name}")
            and os.path.samefile(f"/proc/self/fd/{name}", same.name)
            and os.get_inheritable(int(name))
        ]
        assert inherited == []
        with pytest.raises(OSError, match="unavailable"):
            fcntl.flock(same, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("arguments", [[], ["--all"], ["--new"]])
def test_reset_asks_before_it_deletes(runtime, monkeypatch, arguments, capsys):
    kept = runtime / "kept"
    kept.touch()
    for text, terminal in (("n", True), ("", True), ("", False)):
        _answer(monkeypatch, text, terminal=terminal)
        assert cli.main(["reset", *arguments]) == 1
        assert kept.exists()
    said = capsys.readouterr().err
    assert "nothing was deleted" in said
    assert "--yes" in said


def test_reset_deletes_when_told(runtime, monkeypatch, capsys):
    _answer(monkeypatch, "o")
    assert cli.main(["reset", "--all"]) == 0
    assert not runtime.exists()


@pytest.mark.parametrize("name", ["", "Coop", "a-b", "é", "1a", "a" * 40])
def test_new_refuses_what_is_no_name(runtime, name, capsys):
    assert cli.main(["new", name]) == 1
    assert "cannot be its name" in capsys.readouterr().err


def test_listen_is_an_address(monkeypatch):
    monkeypatch.delenv("COOP_LISTEN", raising=False)
    assert server.interface() == "127.0.0.1"
    monkeypatch.setenv("COOP_LISTEN", "0.0.0.0")
    assert server.interface() == "0.0.0.0"
    monkeypatch.setenv("COOP_LISTEN", "yes please")
    with pytest.raises(console.CoopError, match="COOP_LISTEN is 'yes please'"):
        server.interface()


def test_only_what_listens_outside_is_shown_to_a_telephone(runtime):
    settings.write_state("served-server", {"port": 8069, "listen": "127.0.0.1"})
    assert server.outside_address() is None
    settings.write_state("served-server", {"port": 8069, "listen": "10.1.2.3"})
    assert server.outside_address() == "http://10.1.2.3:8069"


def test_a_server_that_listens_elsewhere_is_started_again(runtime, monkeypatch):
    monkeypatch.setattr(processes, "pid", lambda _name: 1)
    settings.write_state("served-server", {"port": 8069, "listen": "127.0.0.1"})
    assert server.is_up()
    monkeypatch.setenv("COOP_LISTEN", "0.0.0.0")
    assert not server.is_up()


@pytest.mark.parametrize(
    ("building", "kept", "state"),
    [
        (False, None, None),
        (True, None, "in the making"),
        (True, {"complete": False}, "in the making"),
        (False, {"complete": False}, "in the making"),
        (False, {"complete": True}, "complete"),
    ],
)
def test_doctor_knows_each_state(runtime, monkeypatch, building, kept, state, capsys):
    """With PostgreSQL stopped too: the demonstration is still there then."""
    monkeypatch.setattr(processes, "pid", lambda name: building and name == "builder")
    if kept:
        settings.write_state(f"db-{settings.DEMO_DB}", kept)
    assert demo.state() == state
    doctor.run()
    said = capsys.readouterr().out
    assert ("✓ demonstration" in said) == bool(state)
    assert ("still in the making" in said) == (state == "in the making")


def test_a_builder_that_died_is_said(runtime, monkeypatch):
    monkeypatch.setattr(processes, "pid", lambda _name: None)
    (runtime / "logs").mkdir()
    (runtime / "logs" / "builder.log").write_text("first\nno room on the disk\n")
    with pytest.raises(console.CoopError, match="run again.*no room on the disk"):
        demo.follow_history()


def test_what_waits_for_the_builder_sees_how_far_it_is(runtime, monkeypatch, capsys):
    monkeypatch.setattr(processes, "pid", lambda _name: 1)
    labels = iter(["one", "one", "two"])

    def work(_seconds):
        label = next(labels, None)
        phase = "history" if label else "done"
        settings.write_state("progress", {"phase": phase, "label": label or ""})

    monkeypatch.setattr(time, "sleep", work)
    demo.follow_history()
    said = capsys.readouterr().out
    for label in ("one", "two"):
        assert said.count(f"✓ Behind it: {label}") == 1


def test_tests_and_texts_update_no_database(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    addon = tmp_path / "addons" / "coop_x"
    (addon / "tests").mkdir(parents=True)
    (addon / "i18n").mkdir()
    (addon / "models.py").write_text("a = 1\n")
    before = settings.digest(addon)
    (addon / "tests" / "test_x.py").write_text("b = 1\n")
    (addon / "README.rst").write_text("X\n")
    (addon / "i18n" / "coop_x.pot").write_text("\n")
    assert settings.digest(addon) == before
    (addon / "i18n" / "fr.po").write_text("\n")
    assert settings.digest(addon) != before


def test_a_database_is_made_anew_or_updated(runtime, monkeypatch):
    keys = {"platform": "odoo", "coop_a": "1", "coop_b": "1"}
    monkeypatch.setattr(database, "platform_key", lambda: keys["platform"])
    monkeypatch.setattr(settings, "own_modules", lambda: ["coop_a", "coop_b"])
    monkeypatch.setattr(settings, "digest", lambda path: keys[path.name])
    monkeypatch.setattr(postgres, "exists", lambda _name: True)
    modules = ["coop_a", "coop_b", "sale"]
    assert database.find_changed("db", modules) is None
    database.set_current("db", modules)
    assert database.is_current("db", modules)
    keys["coop_b"] = "2"
    assert database.find_changed("db", modules) == ["coop_b"]
    assert database.find_changed("db", [*modules, "stock"]) is None
    keys["platform"] = "another odoo"
    assert database.find_changed("db", modules) is None
    monkeypatch.setattr(postgres, "exists", lambda _name: False)
    assert database.find_changed("db", modules) is None
