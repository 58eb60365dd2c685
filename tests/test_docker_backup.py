"""docker/bin/coop-backup and coop-restore, really run against a PostgreSQL.

The server is the one that PGHOST, PGPORT and PGUSER name (`./coop test` sets them). All
databases made here have a name of their own and are dropped. The scripts run as the
role that the deployment has: one that may create databases and is no superuser.
"""

import hashlib
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "docker" / "bin"

CONTENT = """
CREATE EXTENSION pg_trgm;
CREATE TABLE res_partner (id serial PRIMARY KEY, name varchar NOT NULL, due numeric);
CREATE INDEX res_partner_name ON res_partner USING gin (name gin_trgm_ops);
INSERT INTO res_partner (name, due)
    SELECT 'Coopérative d''été n° ' || n, n * 1.05 FROM generate_series(1, 2000) n;
CREATE TABLE ir_attachment (id serial PRIMARY KEY, name varchar, store_fname varchar,
    mimetype varchar);
INSERT INTO ir_attachment (name, store_fname) VALUES
    ('tab	and
newline', 'aa/aa11'), ('in the database', NULL), ('photo', 'bb/bb22');
"""
FILES = {"aa/aa11": b"facture", "bb/bb22": b"\x00\xff" * 5000, "cc/cc33": b"unnamed"}


def psql(query, database="postgres", **env):
    done = subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **env},
    )
    return done.stdout.strip()


class Deployment:
    """A role, a database, a filestore and a backup folder, as the containers have."""

    def __init__(self, folder):
        token = secrets.token_hex(4)
        self.role = f"coop_role_{token}"
        self.database = f"coop-t{token}"
        self.token = token
        self.filestore = folder / "filestore"
        self.backups = folder / "backups"
        self.fake = folder / "fake"
        self.fake.mkdir()
        self.password = folder / "db_password"
        self.password.write_text(f"p'\\{token}\n")
        self.env = {
            **os.environ,
            "COOP_DB": self.database,
            "COOP_FILESTORE": str(self.filestore),
            "COOP_BACKUP_DIR": str(self.backups),
            "PASSWORD_FILE": str(self.password),
            "ODOO_PASSWORD_FILE": str(self.password),
            "ODOO_ROLE": self.role,
        }
        subprocess.run(
            [ROOT / "docker" / "postgres" / "10-odoo-role.sh"],
            env={**self.env, "POSTGRES_USER": os.environ.get("PGUSER", "odoo")},
            check=True,
        )
        self.env["PGUSER"] = self.role
        self.fill()

    def fill(self):
        subprocess.run(
            ["createdb", "-T", "template0", "-E", "UTF8", self.database],
            env=self.env,
            check=True,
        )
        self.sql(CONTENT)
        for name, data in FILES.items():
            path = self.filestore / self.database / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def sql(self, query, database=None):
        return psql(query, database or self.database, PGUSER=self.role)

    def databases(self):
        names = psql(f"SELECT datname FROM pg_database WHERE datname ~ '{self.token}'")
        return sorted(names.split("\n")) if names else []

    def names(self):
        """The complete backups, oldest first."""
        return sorted(
            path.name for path in self.backups.iterdir() if path.name[0] != "."
        )

    def run(self, command, *arguments, **env):
        # A fake tool in this folder stands before the real one.
        path = f"{self.fake}:{self.env['PATH']}"
        return subprocess.run(
            [BIN / command, *arguments],
            env={**self.env, "PATH": path, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def backup(self):
        done = self.run("coop-backup")
        assert done.returncode == 0, done.stderr
        name = done.stdout.splitlines()[-1].split()[1]
        assert name in self.names()
        return self.backups / name

    def shadow(self, tool, script):
        path = self.fake / tool
        path.write_text(f"#!/bin/bash\nset -e\n{script}\n")
        path.chmod(0o755)

    def dump(self, database=None):
        """The database as text, without what differs from one run to the next."""
        done = subprocess.run(
            ["pg_dump", "--no-owner", "--no-comments", database or self.database],
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        lines = done.stdout.splitlines()
        return [
            line for line in lines if not line.startswith(("\\restrict", "\\unres"))
        ]

    def tree(self, database=None):
        top = self.filestore / (database or self.database)
        return {
            str(path.relative_to(top)): path.read_bytes()
            for path in top.rglob("*")
            if path.is_file()
        }

    def drop(self):
        subprocess.run(
            ["dropdb", "--if-exists", "--force", self.database],
            env=self.env,
            check=True,
        )
        folder = self.filestore / self.database
        if folder.exists():
            subprocess.run(["rm", "-r", folder], check=True)

    def close(self):
        for name in self.databases():
            psql(f'DROP DATABASE "{name}" WITH (FORCE)')
        psql(f"DROP ROLE {self.role}")


@pytest.fixture
def deployment(tmp_path):
    made = Deployment(tmp_path)
    yield made
    made.close()


def refused(done, *words):
    """The command ended with one sentence that holds these words."""
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


def test_role_is_no_superuser(deployment):
    shown = psql(
        "SELECT rolsuper, rolcreatedb, rolcanlogin FROM pg_roles "
        f"WHERE rolname = '{deployment.role}'"
    )
    assert shown == "f|t|t"


def test_restore_gives_back_what_was_backed_up(deployment):
    dump, tree = deployment.dump(), deployment.tree()
    deployment.backup()
    deployment.drop()
    assert deployment.databases() == []

    done = deployment.run("coop-restore", "latest")

    assert done.returncode == 0, done.stderr
    assert deployment.dump() == dump
    assert deployment.tree() == tree == FILES
    assert deployment.databases() == [deployment.database]
    assert deployment.sql("INSERT INTO res_partner (name) VALUES ('x') RETURNING id")


def test_backup_is_private_and_complete(deployment):
    folder = deployment.backup()
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.name for path in folder.iterdir()} == {
        "database.dump",
        "filestore.tar.gz",
        "INFO",
        "SHA256SUMS",
    }
    info = dict(line.split("=") for line in (folder / "INFO").read_text().splitlines())
    assert info["database"] == deployment.database
    assert info["files"] == "3"
    assert info["missing_files"] == "0"


def test_filestore_is_read_after_the_database(deployment):
    """Else a file that a row names could be missing from the backup."""
    late = deployment.filestore / deployment.database / "dd" / "late"
    real = subprocess.check_output(["which", "pg_dump"], text=True).strip()
    deployment.shadow(
        "pg_dump", f'{real} "$@"; mkdir -p {late.parent}; echo late > {late}'
    )
    folder = deployment.backup()
    held = subprocess.check_output(
        ["tar", "-tzf", folder / "filestore.tar.gz"], text=True
    )
    assert "./dd/late" in held.splitlines()


def truncate(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def sign(folder):
    """Make the checksums agree again: the contents themselves must be read."""
    names = ("database.dump", "filestore.tar.gz", "INFO")
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


@pytest.mark.parametrize("signed", [False, True], ids=["copied badly", "written so"])
@pytest.mark.parametrize("name", ["database.dump", "filestore.tar.gz"])
def test_truncated_backup_is_refused(deployment, name, signed):
    folder = deployment.backup()
    truncate(folder / name)
    if signed:
        sign(folder)
    dump, tree = deployment.dump(), deployment.tree()

    done = deployment.run("coop-restore", folder.name, "--force")

    refused(done, "damaged", "nothing was changed", "choose another one")
    assert deployment.databases() == [deployment.database]
    assert deployment.dump() == dump
    assert deployment.tree() == tree


@pytest.mark.parametrize("name", ["database.dump", "filestore.tar.gz", "SHA256SUMS"])
def test_incomplete_backup_is_refused(deployment, name):
    folder = deployment.backup()
    (folder / name).unlink()
    refused(deployment.run("coop-restore", "latest", "--force"), "a file is missing")


def test_database_that_holds_something_is_not_overwritten(deployment):
    deployment.backup()
    deployment.sql("INSERT INTO res_partner (name) VALUES ('since')")
    dump = deployment.dump()
    refused(deployment.run("coop-restore", "latest"), "not empty", "--force")
    assert deployment.dump() == dump
    assert deployment.databases() == [deployment.database]


def test_database_in_use_is_not_overwritten(deployment):
    deployment.backup()
    with subprocess.Popen(
        ["psql", "-Xq", "-d", deployment.database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=deployment.env,
        text=True,
    ) as client:
        client.stdin.write("\\echo in\n")
        client.stdin.flush()
        assert client.stdout.readline() == "in\n"
        refused(deployment.run("coop-restore", "latest"), "in use", "stop odoo")
        done = deployment.run("coop-restore", "latest", "--force")
        client.kill()
    assert done.returncode == 0, done.stderr


def test_force_puts_the_old_database_aside(deployment):
    backed_up = deployment.dump()
    deployment.backup()
    deployment.sql("INSERT INTO res_partner (name) VALUES ('since')")
    (deployment.filestore / deployment.database / "ee").write_bytes(b"since")
    dump, tree = deployment.dump(), deployment.tree()

    done = deployment.run("coop-restore", "latest", "--force")

    assert done.returncode == 0, done.stderr
    assert deployment.dump() == backed_up
    assert deployment.tree() == FILES
    old = next(name for name in deployment.databases() if "-before-" in name)
    assert old in done.stdout
    assert deployment.dump(old) == dump
    assert deployment.tree(old) == tree
    assert len(deployment.databases()) == 2


def test_drill_into_another_database(deployment):
    dump = deployment.dump()
    deployment.backup()
    drill = f"{deployment.database}-drill"
    done = deployment.run("coop-restore", "latest", "--database", drill)
    assert done.returncode == 0, done.stderr
    assert deployment.databases() == [deployment.database, drill]
    assert deployment.dump(drill) == dump
    assert deployment.tree(drill) == FILES


def test_failed_restore_leaves_no_database(deployment):
    deployment.backup()
    dump = deployment.dump()
    deployment.shadow("tar", '[ "$1" != -xzf ] || exit 2; exec /usr/bin/tar "$@"')
    refused(
        deployment.run("coop-restore", "latest", "--force"), "could not be unpacked"
    )
    assert deployment.databases() == [deployment.database]
    assert os.listdir(deployment.filestore) == [deployment.database]
    assert deployment.dump() == dump


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["coop-19990101T000000Z"], ["there is no backup", "--list"]),
        (["latest"], ["there is no backup of"]),
        ([], ["usage"]),
        (["latest", "--database", "a;b"], ["is not a database name"]),
        (["latest", "--overwrite"], ["usage"]),
    ],
)
def test_restore_says_what_is_wrong(deployment, arguments, words):
    refused(deployment.run("coop-restore", *arguments), *words)


def test_list(deployment):
    first = deployment.backup().name
    age(deployment.backups / first, 0)
    # Two backups of the same second would have the same name.
    time.sleep(1.1)
    second = deployment.backup().name
    done = deployment.run("coop-restore", "--list")
    assert done.stdout.split() == [first, second]


def age(folder, days):
    """Date it so many days ago; a new one is of today on another date only by this.

    `./coop test --at` shifts every clock but the file system's.
    """
    then = time.time() - days * 86400 - 60
    os.utime(folder, (then, then))


def test_old_backups_are_removed_after_a_good_one(deployment):
    for day, days in (("20260101", 15), ("20260102", 13)):
        folder = deployment.backups / f"{deployment.database}-{day}T000000Z"
        folder.mkdir(parents=True)
        age(folder, days)
    other = deployment.backups / f"{deployment.database}-drill-20260101T000000Z"
    other.mkdir()
    age(other, 400)

    new = deployment.backup()

    assert deployment.names() == sorted(
        [f"{deployment.database}-20260102T000000Z", new.name, other.name]
    )


def test_failed_backup_leaves_nothing_and_removes_nothing(deployment):
    folder = deployment.backups / f"{deployment.database}-20260101T000000Z"
    folder.mkdir(parents=True)
    age(folder, 400)
    deployment.shadow(
        "pg_dump",
        'for a; do case $a in --file=*) echo half > "${a#*=}";; esac; done; exit 1',
    )
    refused(deployment.run("coop-backup"), "pg_dump failed", "no backup was made")
    assert deployment.names() == [folder.name]
    assert not list(deployment.backups.glob(".*.partial"))


def test_backup_reads_itself_again(deployment):
    real = subprocess.check_output(["which", "pg_dump"], text=True).strip()
    deployment.shadow(
        "pg_dump",
        f'{real} "$@"; for a; do case $a in --file=*) f=${{a#*=}};; esac; done; '
        'truncate -s $(($(stat -c %s "$f") * 2 / 3)) "$f"',
    )
    done = deployment.run("coop-backup")
    assert done.returncode != 0
    assert deployment.names() == []


def test_backup_without_its_filestore_is_refused(deployment):
    folder = deployment.filestore / deployment.database
    folder.rename(folder.with_name("elsewhere"))
    refused(deployment.run("coop-backup"), "is missing", "check the volume")
    folder.mkdir()
    refused(deployment.run("coop-backup"), "none of the 2 files", "check the volume")
    assert deployment.names() == []


def test_one_lost_file_is_told_and_does_not_stop_backups(deployment):
    (deployment.filestore / deployment.database / "bb" / "bb22").unlink()
    done = deployment.run("coop-backup")
    assert done.returncode == 0
    assert "1 of the 2 files" in done.stderr
    assert "bb/bb22" in done.stderr
    assert (
        "missing_files=1"
        in (deployment.backups / deployment.names()[0] / "INFO").read_text()
    )


def test_two_backups_at_once(deployment):
    deployment.backups.mkdir()
    with subprocess.Popen(
        ["flock", deployment.backups / ".lock", "sh", "-c", "echo held; sleep 3600"],
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        refused(deployment.run("coop-backup"), "another backup is running")
        os.killpg(holder.pid, signal.SIGTERM)


def test_what_a_killed_backup_left_is_removed(deployment):
    left = deployment.backups / f".{deployment.database}-20260101T000000Z.partial"
    left.mkdir(parents=True)
    deployment.backup()
    assert not left.exists()


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"COOP_KEEP_DAYS": "0"}, ["COOP_KEEP_DAYS", "1 or more"]),
        ({"COOP_DB": "no-such-base"}, ["there is no database 'no-such-base'"]),
        ({"COOP_BACKUP_DIR": "/proc/coop"}, ["cannot be written"]),
        ({"PGHOST": "/nowhere"}, ["PostgreSQL does not answer"]),
        ({"PASSWORD_FILE": "/nowhere/secret"}, ["cannot be read", "README.md"]),
    ],
)
def test_backup_says_what_is_wrong(deployment, env, words):
    refused(deployment.run("coop-backup", **env), *words)


def test_nightly_makes_up_for_a_missed_night_and_stops_at_once(deployment):
    assert deployment.run("coop-backup-nightly", "--check").returncode == 1
    with subprocess.Popen(
        [BIN / "coop-backup-nightly"],
        env={**deployment.env, "COOP_BACKUP_AT": "02:30"},
        stdout=subprocess.PIPE,
        text=True,
    ) as nightly:
        try:
            assert "is whole" in nightly.stdout.readline()
            assert "next backup at 02:30" in nightly.stdout.readline()
            age(deployment.backups / deployment.names()[0], 0)
            assert deployment.run("coop-backup-nightly", "--check").returncode == 0
        finally:  # else what failed would be told at half past two
            nightly.send_signal(signal.SIGTERM)
        assert nightly.wait(timeout=300) == 0
    age(deployment.backups / deployment.names()[0], 2)
    refused(deployment.run("coop-backup-nightly", "--check"), "last 26 hours")


def test_nightly_refuses_a_wrong_hour(deployment):
    refused(deployment.run("coop-backup-nightly", COOP_BACKUP_AT="25:00"), "HH:MM")
