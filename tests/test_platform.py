"""`./coop` itself: what goes wrong is said in one sentence and leaves nothing."""

import fcntl
import json
import shutil
import socket
import subprocess
from collections import namedtuple
from pathlib import Path

import pytest

from devtools import console, debian, odoo_source, postgres, server, settings

ROOT = Path(__file__).resolve().parent.parent
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def checkout(tmp_path):
    """A copy of what `./coop` needs, without its runtime folder."""
    shutil.copy(ROOT / "coop", tmp_path / "coop")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "devtools", tmp_path / "devtools", ignore=ignore)
    return tmp_path


def coop(folder, *arguments, **environment):
    return subprocess.run(
        [str(folder / "coop"), *arguments],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def assert_one_sentence(done, *words):
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


def test_occupied_port(checkout):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = coop(checkout, "run", COOP_PORT=port)
    assert_one_sentence(done, port, "taken", "COOP_PORT")
    assert not (checkout / ".runtime").exists()


def test_port_that_is_no_port(checkout):
    done = coop(checkout, "run", COOP_PORT="web")
    assert_one_sentence(done, "COOP_PORT", "'web'")


def test_wrong_python(checkout):
    done = coop(checkout, "run", COOP_PYTHON="/bin/false")
    assert_one_sentence(done, "/bin/false", "3.11")
    assert not (checkout / ".runtime").exists()


def test_unknown_test_path(checkout):
    done = coop(checkout, "test", "addons/nowhere")
    assert_one_sentence(done, "addons/nowhere")
    assert not (checkout / ".runtime").exists()


def test_second_command_at_once(checkout):
    (checkout / ".runtime").mkdir()
    with (checkout / ".runtime" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = coop(checkout, "lint")
    assert_one_sentence(done, "another ./coop command")


def test_first_free_port_is_taken_by_a_second_checkout(monkeypatch):
    """Two checkouts on one machine: the second takes the next free port."""
    monkeypatch.delenv("COOP_PORT", raising=False)
    monkeypatch.setattr(settings, "read_state", lambda name, default=None: None)
    taken = {server.FIRST_PORT, server.FIRST_PORT + 1}
    monkeypatch.setattr(server, "is_free", lambda port: port not in taken)
    assert server.choose_port() == server.FIRST_PORT + 2


def test_odoo_home_that_is_not_odoo(monkeypatch, tmp_path):
    monkeypatch.setenv("COOP_ODOO_HOME", str(tmp_path))
    with pytest.raises(console.CoopError, match="holds no Odoo"):
        odoo_source.ensure()


def test_odoo_home_of_another_version(monkeypatch, tmp_path):
    monkeypatch.setenv("COOP_ODOO_HOME", str(tmp_path))
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0)\n")
    with pytest.raises(console.CoopError, match="is Odoo 18: the suite needs Odoo 19"):
        odoo_source.ensure()


def test_odoo_home_of_a_checkout(monkeypatch, tmp_path):
    monkeypatch.setenv("COOP_ODOO_HOME", str(tmp_path))
    (tmp_path / "odoo").mkdir()
    (tmp_path / "addons").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (19, 0, 0)\n")
    odoo_source.ensure()
    assert odoo_source.addons_paths() == [tmp_path / "addons"]


def test_no_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(9e9, 8e9, 1e9))
    with pytest.raises(console.CoopError, match="only 1.0 GB are free"):
        console.require_disk(tmp_path, 3)


def test_no_network(monkeypatch, tmp_path):
    """apt cannot reach the mirror: one sentence, and no half-made Odoo."""
    fake = tmp_path / "bin"
    fake.mkdir()
    apt = fake / "apt-get"
    apt.write_text(
        "#!/bin/sh\n"
        'case "$1" in indextargets) echo mirror/debian/ ;;\n'
        "*) echo 'E: Failed to fetch'; exit 100 ;; esac\n"
    )
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake}:/usr/bin:/bin")
    monkeypatch.delenv("COOP_ODOO_HOME", raising=False)
    monkeypatch.setattr(settings, "RUNTIME", tmp_path)
    monkeypatch.setattr(settings, "ODOO", tmp_path / "odoo")
    monkeypatch.setattr(settings, "LOGS", tmp_path / "logs")
    with pytest.raises(console.CoopError, match="mirror .* cannot be reached"):
        odoo_source.ensure()
    assert not (tmp_path / "odoo").exists()


def test_missing_packages_without_root(monkeypatch):
    monkeypatch.setattr(debian, "_installed", lambda name: name != "postgresql")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: name != "sudo" and name)
    with pytest.raises(console.CoopError, match="root rights .* install sudo"):
        debian.install_packages(debian.RUN_PACKAGES)


def test_no_postgresql(monkeypatch):
    monkeypatch.setattr(Path, "glob", lambda _self, _pattern: [])
    with pytest.raises(console.CoopError, match="apt-get install postgresql"):
        postgres.bin_dir()


def test_socket_path_fits(monkeypatch):
    """A Unix socket's path has at most 107 bytes, however deep the checkout."""
    deep = Path("/" + "/".join(["deep-folder"] * 12))
    monkeypatch.setattr(settings, "RUNTIME", deep)
    assert len(f"{settings.socket_dir()}/.s.PGSQL.5432") < 107


def test_state_is_never_half_written(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "STATE", tmp_path)
    settings.write_state("thing", {"a": 1})
    assert json.loads((tmp_path / "thing.json").read_text()) == {"a": 1}
    (tmp_path / "thing.json").write_text("{")
    assert settings.read_state("thing") is None


def test_no_host_name_and_no_machine_path_in_the_scripts():
    """The mirror is the machine's own; nothing names a host or a home folder."""
    for path in [ROOT / "coop", *(ROOT / "devtools").glob("*.py")]:
        text = path.read_text()
        for forbidden in ("debian.org", "pypi.org", "npmjs", "/home/", "/work/"):
            assert forbidden not in text, f"{path.name} names {forbidden}"
