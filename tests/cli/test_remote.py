"""What a registry hears and is heard to say, beside what it is asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.cli.stage import Outcome, run

LEAVING = "this registry goes away in spring"


class Talkative(BaseHTTPRequestHandler):
    """A registry with one repository, and with something on its mind."""

    heard: list[str]

    def do_GET(self) -> None:
        self.heard.append(self.headers.get("X-Meta-Team", ""))
        body = json.dumps({"name": "team/app", "tags": ["1.0"]}).encode()
        self.send_response(200)
        self.send_header("Warning", f'299 - "{LEAVING}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def talkative() -> Iterator[tuple[str, list[str]]]:
    heard: list[str] = []
    handler = type("Talking", (Talkative,), {"heard": heard})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", heard
        server.shutdown()


def asked(folder: Path, *words: str) -> tuple[Outcome, list[str]]:
    with talkative() as (host, heard):
        return run(folder, ["tags", f"{host}/team/app", "--names", *words]), heard


def test_what_a_registry_warns_of_is_shown_once_and_not_among_the_results(tmp_path: Path) -> None:
    outcome, _ = asked(tmp_path)
    assert (0, "1.0\n") == (outcome.code, outcome.out)
    assert 1 == outcome.err.count(LEAVING)


def test_headers_of_docker_s_configuration_are_sent(tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text(json.dumps({"HttpHeaders": {"X-Meta-Team": "crew"}}))
    assert {"crew"} == set(asked(tmp_path)[1])


def test_another_folder_can_be_named_for_one_command(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"HttpHeaders": {"X-Meta-Team": "fleet"}}))
    assert {"fleet"} == set(asked(tmp_path, "--config", str(tmp_path))[1])
