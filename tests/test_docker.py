"""docker/: what can be checked of it without an engine.

The Dockerfile by hadolint, the scripts by shellcheck (both from PyPI, pinned); the
compose file by Compose's own parser: `docker-compose config`, of Debian's package
docker-compose 2, unpacked in .runtime/tools. It needs no engine and no network. (PyPI
has no wheel of it; the compose-spec schema would miss undefined volumes and variables.)
The other tests are in test_docker_backup.py, test_docker_init.py, test_docker_nginx.py.
"""

import ast
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
SERVICES = {"db", "init", "odoo", "nginx", "backup"}


def tool(*names):
    """The first of these programs that exists: beside Python, then in PATH."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for name in names:
        found = shutil.which(name, path=path)
        if found:
            return found
    raise AssertionError(f"{names[0]} is missing: run the tests by ./coop test.")


def run(*command, **options):
    # Odoo, which pytest-odoo loads here, limits the address space of this process; the
    # linters and Compose reserve more than that, of which they use little.
    free = ["bash", "-c", 'ulimit -S -v unlimited; exec "$@"', "bash"]
    return subprocess.run(
        free + [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        **options,
    )


def instructions():
    """The Dockerfile's instructions, without comments and joined."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE)
    text = text.replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def requirements(path):
    return [line for line in path.read_text().splitlines() if line[:1] not in ("#", "")]


# --- image


def test_dockerfile_passes_hadolint():
    done = run(tool("hadolint"), "--no-color", DOCKER / "Dockerfile")
    assert done.returncode == 0, done.stdout
    assert done.stdout == ""


def test_scripts_pass_shellcheck():
    scripts = [
        path
        for path in DOCKER.rglob("*")
        if path.is_file() and b"bash" in path.read_bytes()[:30]
    ]
    assert len(scripts) >= 7
    done = run(tool("shellcheck"), "-x", *scripts, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_image_stands_on_odoo_19_and_does_not_run_as_root():
    steps = instructions()
    assert ("ARG", "ODOO_TAG=19.0") in steps
    assert [rest for word, rest in steps if word == "FROM"] == ["odoo:${ODOO_TAG}"]
    assert [rest for word, rest in steps if word == "USER"][-1] == "odoo"
    health = next(rest for word, rest in steps if word == "HEALTHCHECK")
    assert "/web/health" in health


def test_image_has_what_the_suite_needs():
    pins = requirements(DOCKER / "requirements.txt")
    pins += requirements(DOCKER / "requirements-oca.txt")
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", pin) for pin in pins)
    assert "weasyprint==70.0" in pins
    assert any(pin.startswith("odoo-addon-membership==19.0.") for pin in pins)
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert package in DOCKERFILE


def test_image_and_development_use_the_same_versions():
    image = requirements(DOCKER / "requirements.txt")
    image += requirements(DOCKER / "requirements-oca.txt")
    named = {pin.split("==")[0]: pin for pin in image}
    for path in (ROOT / "requirements").glob("*.txt"):
        for line in requirements(path):
            pin = line.split("#")[0].split(";")[0].strip().lower()
            name = pin.split("==")[0]
            if name in ("weasyprint", "pydyf") or name.startswith("odoo-addon-"):
                assert named.get(name) == pin


# What an add-on may declare that Odoo's own image has.
IN_ODOO = {
    "lxml",
    "ofxparse",
    "openpyxl",
    "psycopg2",
    "xlrd",
    "xlsxwriter",
    "zeep",
    "qrcode",
    "vobject",
}


def test_every_library_that_an_addon_declares_is_in_the_image():
    pins = requirements(DOCKER / "requirements.txt")
    there = {pin.split("==")[0] for pin in pins} | IN_ODOO
    for path in (ROOT / "addons").glob("*/__manifest__.py"):
        if not context(str(path.relative_to(ROOT))):
            continue
        manifest = ast.literal_eval(path.read_text())
        wanted = manifest.get("external_dependencies", {}).get("python", [])
        for name in wanted:
            assert re.split(r"[<>=]", name)[0].lower() in there, path.parent.name


def test_addons_paths_are_those_of_the_image():
    conf = configparser.ConfigParser()
    conf.read(DOCKER / "odoo.conf")
    paths = conf["options"]["addons_path"].split(",")
    copied = [rest.split()[-1] for word, rest in instructions() if word == "COPY"]
    assert paths == ["/opt/coop/oca/odoo/addons", "/opt/coop/addons"]
    assert "/opt/coop/addons/" in copied
    assert "--target /opt/coop/oca " in DOCKERFILE.replace("\\\n", "")


def test_odoo_conf():
    conf = configparser.ConfigParser()
    conf.read(DOCKER / "odoo.conf")
    options = conf["options"]
    assert options.getboolean("proxy_mode")
    assert not options.getboolean("list_db")
    assert options["dbfilter"] == f"^{options['db_name']}$"
    assert not any("passw" in name for name in options)
    processes = options.getint("workers") + options.getint("max_cron_threads")
    connections = processes * options.getint("db_maxconn")
    # PostgreSQL's default is 100, of which 3 are kept for its superuser.
    assert connections + options.getint("db_maxconn_gevent") <= 97


# --- secrets


def context(relative):
    """Whether .dockerignore lets this file into the build (the last rule decides)."""
    kept = True
    parents = [relative, *(str(path) for path in Path(relative).parents)]
    for rule in requirements(ROOT / ".dockerignore"):
        pattern = rule.lstrip("!")
        # Docker's `**/` is any number of folders; the rules used here need no more.
        expression = re.escape(pattern).replace(r"\*\*/", "(.*/)?")
        expression = expression.replace(r"\*", "[^/]*")
        if any(re.fullmatch(expression, parent) for parent in parents if parent != "."):
            kept = rule.startswith("!")
    return kept


def test_no_secret_reaches_the_image():
    for name in (
        "docker/secrets/db_password",
        "docker/.env",
        ".git/config",
        ".runtime/data/sessions/x",
        "tests/test_docker.py",
        "addons/coop_base/.env",
        "addons/coop_demo/__manifest__.py",
        "addons/coop_base/__pycache__/x.pyc",
    ):
        assert not context(name), name
    for name in (
        "docker/odoo.conf",
        "docker/bin/coop-backup",
        "docker/requirements.txt",
        "addons/coop_base/__manifest__.py",
        "addons/coop_base/static/description/icon.png",
    ):
        assert context(name), name


def test_everything_copied_is_in_the_context():
    for word, rest in instructions():
        if word != "COPY":
            continue
        sources = [part for part in rest.split()[:-1] if not part.startswith("--")]
        for source in sources:
            assert (ROOT / source).exists(), source
            assert context(source.rstrip("/")), source


def test_no_secret_is_in_git():
    tracked = run("git", "ls-files", "docker/secrets", "docker/.env", cwd=ROOT)
    names = {Path(name).name for name in tracked.stdout.split()}
    assert names == {".gitignore", "README.md", "generate.sh"}
    for name in ("postgres_password", "db_password", "admin_password", "any.pem"):
        path = f"docker/secrets/{name}"
        assert run("git", "check-ignore", "-q", path, cwd=ROOT).returncode == 0, path
    assert run("git", "check-ignore", "-q", "docker/.env", cwd=ROOT).returncode == 0


def test_secrets_are_made_once(tmp_path):
    generate = DOCKER / "secrets" / "generate.sh"
    folder = tmp_path / "secrets"
    assert run(generate, folder).returncode == 0
    first = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(first) == {"postgres_password", "db_password", "admin_password"}
    assert all(re.fullmatch(r"[\w-]{32}", text) for text in first.values())
    assert len(set(first.values())) == 3
    # The containers are not root: they must read the files, others must not.
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o444 == 0o444 for path in folder.iterdir())

    (folder / "db_password").unlink()
    assert run(generate, folder).returncode == 0
    second = {path.name: path.read_text() for path in folder.iterdir()}
    assert second["admin_password"] == first["admin_password"]
    assert second["db_password"] != first["db_password"]


# --- compose


def compose(*arguments, file=DOCKER / "compose.yml", folder=DOCKER):
    plugin = "libexec/docker/cli-plugins/docker-compose"
    program = tool(
        str(ROOT / ".runtime" / "tools" / "usr" / plugin),
        f"/usr/{plugin}",
        "docker-compose",
    )
    env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    command = [program, "-f", file, "--project-directory", folder, *arguments]
    return run(*command, env=env)


@pytest.fixture(scope="module")
def config():
    """The compose file as Compose reads it, with the values of .env.example."""
    example = DOCKER / ".env.example"
    done = compose("--env-file", example, "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_compose_file_is_valid(config):
    assert set(config["services"]) == SERVICES


def test_compose_parser_refuses_what_is_wrong(tmp_path):
    """Else the test above would prove nothing."""
    text = (DOCKER / "compose.yml").read_text()
    for old, new in (
        ("      - back\n", "      - bakc\n"),
        ("      - backups:/var", "      - backpus:/var"),
        ("condition: service_healthy", "condition: service_healhty"),
        ("stop_grace_period: 1m", "stop_grace_preiod: 1m"),
    ):
        assert old in text
        (tmp_path / "compose.yml").write_text(text.replace(old, new, 1))
        done = compose("config", "-q", file=tmp_path / "compose.yml", folder=tmp_path)
        assert done.returncode != 0, new


def test_env_example_says_the_defaults(config):
    done = compose("--env-file", "/dev/null", "config", "--format", "json")
    default = json.loads(done.stdout)
    assert done.stderr == ""
    assert default == config


def test_addons_installed_exist(config):
    modules = config["services"]["init"]["environment"]["COOP_MODULES"].split(",")
    # The country's accounting first: the chart of accounts is loaded with it.
    assert modules[0] == "l10n_fr_account"
    for name in modules[1:]:
        assert (ROOT / "addons" / name / "__manifest__.py").exists(), name


def test_postgresql_16(config):
    database = config["services"]["db"]
    assert database["image"] == "postgres:16"
    assert "ports" not in database
    assert config["networks"]["back"]["internal"]
    assert list(database["networks"]) == ["back"]


def test_services_restart_and_say_their_health(config):
    for name, service in config["services"].items():
        if name == "init":
            assert service["restart"] == "no"
            continue
        assert service["restart"] == "unless-stopped", name
        # Odoo's is the image's.
        assert "healthcheck" in service or name == "odoo", name


def test_services_wait_for_each_other(config):
    def waits(name):
        wanted = config["services"][name]["depends_on"]
        return {key: value["condition"] for key, value in wanted.items()}

    both = {"db": "service_healthy", "init": "service_completed_successfully"}
    assert waits("init") == {"db": "service_healthy"}
    assert waits("odoo") == waits("backup") == both
    assert waits("nginx") == {"odoo": "service_healthy"}


def test_data_is_in_named_volumes(config):
    def volumes(name):
        return {
            mount["source"]: mount["target"]
            for mount in config["services"][name]["volumes"]
            if mount["type"] == "volume"
        }

    assert volumes("db") == {"database": "/var/lib/postgresql/data"}
    assert volumes("odoo") == volumes("init") == {"odoo": "/var/lib/odoo"}
    assert volumes("backup") == {
        "odoo": "/var/lib/odoo",
        "backups": "/var/backups/coop",
    }


def test_files_mounted_exist_and_are_read_only(config):
    for service in config["services"].values():
        for mount in service.get("volumes", []):
            if mount["type"] == "bind":
                assert Path(mount["source"]).is_file()
                assert mount["read_only"]


def test_passwords_come_from_files(config):
    for name, service in config["services"].items():
        for key, value in service.get("environment", {}).items():
            if "PASSW" in key:
                assert key.endswith("_FILE"), name
                secret = value.removeprefix("/run/secrets/")
                assert secret in {one["source"] for one in service["secrets"]}, name
    for secret in config["secrets"].values():
        assert Path(secret["file"]).parent == DOCKER / "secrets"
    made = (DOCKER / "secrets" / "generate.sh").read_text()
    assert all(name in made for name in config["secrets"])


def test_only_nginx_is_published_and_on_this_machine(config):
    published = {
        name: service["ports"]
        for name, service in config["services"].items()
        if "ports" in service
    }
    assert list(published) == ["nginx"]
    assert published["nginx"][0]["host_ip"] == "127.0.0.1"


def test_commands_named_exist_in_the_image(config):
    for name in ("init", "backup"):
        command = config["services"][name]["command"][0]
        assert os.access(DOCKER / "bin" / command, os.X_OK)
    assert "ENTRYPOINT" in dict(instructions())


# --- connection


def test_entry_point_turns_secrets_into_what_odoo_reads(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s3cret with 'quotes'\n")
    script = (DOCKER / "bin" / "coop-entrypoint").read_text()
    assert "exec /entrypoint.sh" in script
    # The same script, with the image's own entry point out of the way.
    copy = tmp_path / "coop-entrypoint"
    copy.write_text(script.replace("exec /entrypoint.sh", "exec"))
    shutil.copy(DOCKER / "bin" / "coop-common", tmp_path)
    env = {
        "PATH": os.environ["PATH"],
        "HOST": "db",
        "USER": "odoo",
        "PASSWORD_FILE": str(secret),
    }
    done = run("bash", copy, "env", env=env)
    shown = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert shown["PGHOST"] == "db"
    assert shown["PGPORT"] == "5432"
    assert shown["PGUSER"] == "odoo"
    assert shown["PGPASSWORD"] == "s3cret with 'quotes'"

    secret.write_text("")
    done = run("bash", copy, "env", env=env)
    assert done.returncode == 1
    assert "is empty" in done.stderr
