"""docker/bin/coop-init against a real PostgreSQL, with a stand-in for Odoo.

The stand-in makes the tables that the script looks at, and writes down how it was
called. The script itself was run with Odoo 19; here it is its order and its care that
are tested.
"""

import os
import secrets
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
INIT = ROOT / "docker" / "bin" / "coop-init"

STAND_IN = r"""#!/bin/bash
set -e
echo "$*" >>"$CALLS"
sql() { psql -XAtq -v ON_ERROR_STOP=1 -d "$1"; }
for argument; do
    case "$argument" in --database=*) name="${argument#*=}" ;; esac
    case "$argument" in --init=*) modules="${argument#*=}" ;; esac
done
case "$1" in
db)
    createdb "$3"
    mkdir -p "$COOP_FILESTORE/$3"
    echo file >"$COOP_FILESTORE/$3/file"
    # Odoo logs an error in this step and ends well.
    [ -z "$NO_COUNTRY" ] || code=XX
    sql "$3" <<SQL
CREATE TABLE res_country (id int, code varchar);
CREATE TABLE res_partner (id int, country_id int);
CREATE TABLE res_company (id int, partner_id int);
CREATE TABLE ir_module_module (name varchar, state varchar);
INSERT INTO res_country VALUES (1, '${code:-FR}');
INSERT INTO res_partner VALUES (1, 1);
INSERT INTO res_company VALUES (1, 1);
SQL
    ;;
shell)
    cat >"$CALLS.shell"
    echo "$COOP_PASSWORD_FILE" >>"$CALLS.shell"
    ;;
*)
    [ -z "$BREAK" ] || exit 1
    for module in ${modules//,/ }; do
        [ "$module" = "$FORGET" ] ||
            echo "INSERT INTO ir_module_module VALUES ('$module', 'installed');"
    done | sql "$name"
    ;;
esac
"""


class Machine:
    def __init__(self, folder):
        self.database = f"coop-i{secrets.token_hex(4)}"
        self.calls_file = folder / "calls"
        self.filestore = folder / "filestore"
        odoo = folder / "bin" / "odoo"
        odoo.parent.mkdir()
        odoo.write_text(STAND_IN)
        odoo.chmod(0o755)
        password = folder / "admin_password"
        password.write_text("a secret\n")
        self.env = {
            **os.environ,
            "PATH": f"{odoo.parent}:{os.environ['PATH']}",
            "CALLS": str(self.calls_file),
            "COOP_DB": self.database,
            "COOP_FILESTORE": str(self.filestore),
            "COOP_ADMIN_PASSWORD_FILE": str(password),
            "COOP_MODULES": "l10n_fr_account,coop_base",
        }

    def run(self, *arguments, **env):
        self.calls_file.write_text("")
        return subprocess.run(
            [INIT, *arguments],
            env={**self.env, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def calls(self):
        return self.calls_file.read_text().splitlines()

    def databases(self):
        query = f"SELECT datname FROM pg_database WHERE datname ~ '^{self.database}'"
        shown = subprocess.check_output(
            ["psql", "-XAtq", "-d", "postgres", "-c", query], text=True
        )
        return sorted(shown.split())


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    yield made
    for name in made.databases():
        subprocess.run(["dropdb", "--force", name], check=True)


def refused(done, *words):
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


def test_first_start(machine):
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert machine.databases() == [machine.database]
    assert (machine.filestore / machine.database / "file").exists()
    assert os.listdir(machine.filestore) == [machine.database]


def test_country_comes_before_the_chart_of_accounts(machine):
    machine.run()
    create, install, shell = machine.calls()
    work = f"{machine.database}-setup"
    assert create.startswith(f"db init {work} --country=FR --language=fr_FR")
    assert f"--database={work} --init=l10n_fr_account,coop_base" in install
    assert "--load-language=fr_FR" in install
    assert "--stop-after-init" in install
    assert "--no-http" in install
    assert shell.startswith(f"shell --database={work}")


def test_administrator_has_the_secret_and_no_command_line_has_it(machine):
    machine.run()
    script = (machine.calls_file.parent / "calls.shell").read_text()
    assert 'env.ref("base.user_admin").password' in script
    assert machine.env["COOP_ADMIN_PASSWORD_FILE"] in script
    assert "a secret" not in "".join(machine.calls())


def test_second_start_changes_nothing(machine):
    machine.run()
    done = machine.run()
    assert done.returncode == 0
    assert "already installed" in done.stdout
    assert machine.calls() == []


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"BREAK": "1"}, "the add-ons could not be installed"),
        ({"FORGET": "coop_base"}, "an add-on of COOP_MODULES was not installed"),
        ({"NO_COUNTRY": "1"}, "the company did not get its country"),
    ],
)
def test_interrupted_first_start_serves_nothing_and_begins_again(machine, env, words):
    refused(machine.run(**env), words)
    assert machine.database not in machine.databases()
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert machine.databases() == [machine.database]
    assert os.listdir(machine.filestore) == [machine.database]


def test_database_of_another_kind_is_left_alone(machine):
    subprocess.run(["createdb", machine.database], check=True)
    refused(machine.run(), "exists without the suite", "nothing was changed")
    assert machine.calls() == []


def test_files_of_a_database_that_is_gone_are_kept(machine):
    lost = machine.filestore / machine.database / "aa"
    lost.parent.mkdir(parents=True)
    lost.write_text("a bill")
    assert machine.run().returncode == 0
    assert not lost.exists()
    (kept,) = machine.filestore.glob("*-orphan-*")
    assert (kept / "aa").read_text() == "a bill"


def test_upgrade_installs_what_is_new(machine):
    machine.run()
    modules = "l10n_fr_account,coop_base,coop_orders"
    done = machine.run("--upgrade", COOP_MODULES=modules, FORGET="coop_orders")
    refused(done, "an add-on is not installed")
    (call,) = machine.calls()
    assert f"--init={modules} --update={modules}" in call


def test_upgrade_wants_a_database(machine):
    refused(machine.run("--upgrade"), "there is no database", "to upgrade")


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"COOP_MODULES": "coop base"}, "separated by commas"),
        ({"COOP_COUNTRY": "France"}, "two letters"),
        ({"COOP_ADMIN_PASSWORD_FILE": "/nowhere"}, "generate.sh"),
        ({"COOP_DB": "a b"}, "is not a database name"),
        ({"PGHOST": "/nowhere"}, "PostgreSQL does not answer"),
    ],
)
def test_bad_settings_are_said_before_anything_is_made(machine, env, words):
    refused(machine.run(**env), words)
    assert machine.calls() == []
    assert machine.databases() == []
