"""GitHub's REST interface is played by a server on this machine, which answers as it is documented to answer."""

import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, scene_in
from tests.doctor.probes.test_checkout import repository_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim, Scene
from wharf.oci.reference import RepositoryName

TOKEN = "ghp_" + "a" * 36
PACKAGE = "/packages/container/hamalog-backend"
AIM = Aim(registry="ghcr.io", repository=RepositoryName("acme/hamalog-backend"))


@dataclass(frozen=True)
class Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = field(default_factory=dict)


@contextmanager
def github(answers: Mapping[str, Answer]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path, Answer(404))
            body = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is not ours
            """Nothing of it belongs into the output of a test."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def facts_with(folder: Path, answers: Mapping[str, Answer], *, token: str = TOKEN, **environ: str) -> dict[str, Known]:
    with github(answers) as address:
        scene = scene_in(folder, aim=AIM, more={"GITHUB_API_URL": address, "GITHUB_TOKEN": token, **environ})
        return facts_of("github", scene)


def user(scopes: str) -> dict[str, Answer]:
    return {"/user": Answer(headers={"X-OAuth-Scopes": scopes})}


def test_the_scopes_of_the_token(tmp_path: Path) -> None:
    facts = facts_with(tmp_path, user("repo, write:packages"))
    assert ("answers", frozenset({"repo", "write:packages", "read:packages"})) == (facts["api"], facts["scopes"])


def test_a_token_that_is_not_known(tmp_path: Path) -> None:
    assert "refuses-token" == facts_with(tmp_path, {"/user": Answer(401)})["api"]


def test_no_more_requests(tmp_path: Path) -> None:
    spent = {"/user": Answer(403, {"X-RateLimit-Remaining": "0"})}
    assert "rate-limited" == facts_with(tmp_path, spent)["api"]


def test_nobody_answers(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, aim=AIM, GITHUB_API_URL="http://127.0.0.1:9", GITHUB_TOKEN=TOKEN)
    assert "unreachable" == facts_of("github", scene)["api"]


def test_without_a_token_nobody_is_asked(tmp_path: Path) -> None:
    assert "not-asked" == facts_of("github", scene_in(tmp_path, aim=AIM))["api"]


def test_the_token_of_a_job_is_no_users(tmp_path: Path) -> None:
    facts = facts_with(tmp_path, {"/rate_limit": Answer()}, token="ghs_" + "a" * 36)
    assert ("answers", False) == (facts["api"], "scopes" in facts)


@pytest.mark.parametrize(
    ("body", "linked"),
    [
        ({"repository": {"full_name": "Acme/Hamalog-Backend"}}, True),
        ({"repository": {"full_name": "acme/other"}}, False),
        ({}, False),
    ],
)
def test_whether_the_package_trusts_this_repository(tmp_path: Path, body: object, *, linked: bool) -> None:
    answers = {**user("read:packages"), f"/orgs/acme{PACKAGE}": Answer(body=body)}
    facts = facts_with(tmp_path, answers, GITHUB_REPOSITORY="acme/hamalog-backend")
    assert (linked, True, "present") == tuple(facts[name] for name in ("package_linked", "same_owner", "package"))


def test_a_package_of_a_person(tmp_path: Path) -> None:
    answers = {**user("read:packages"), f"/users/acme{PACKAGE}": Answer()}
    assert "present" == facts_with(tmp_path, answers)["package"]


def test_a_package_that_is_not_there(tmp_path: Path) -> None:
    assert "absent" == facts_with(tmp_path, user("read:packages"))["package"]


def test_single_sign_on_is_missing(tmp_path: Path) -> None:
    refusal = Answer(403, {"X-GitHub-SSO": "required; url=https://github.com/orgs/acme/sso?authorization_request=A"})
    answers = {**user("write:packages"), f"/orgs/acme{PACKAGE}": refusal}
    assert "missing" == facts_with(tmp_path, answers)["single_sign_on"]


def test_another_registry_is_none_of_githubs(tmp_path: Path) -> None:
    assert {} == facts_of("github", scene_in(tmp_path, aim=Aim(registry="registry.example"), GITHUB_TOKEN=TOKEN))


def aimed(scene: Scene) -> Scene:
    return replace(scene, aim=AIM)


def test_a_job_that_may_not_write(tmp_path: Path) -> None:
    assert facts_of("github", aimed(repository_in(tmp_path)))["job_may_write"] is False


def test_a_job_that_may_write(tmp_path: Path) -> None:
    scene = aimed(repository_in(tmp_path))
    workflow = scene.folder / ".github/workflows/image.yml"
    workflow.write_text(workflow.read_text().replace("contents: read", "contents: read, packages: write"))
    assert facts_of("github", scene)["job_may_write"] is True


@pytest.mark.parametrize(("head", "fork"), [("acme/hamalog-backend", False), ("someone/hamalog-backend", True)])
def test_a_pull_request_of_a_fork(tmp_path: Path, head: str, *, fork: bool) -> None:
    event = {
        "pull_request": {"head": {"repo": {"full_name": head}}, "base": {"repo": {"full_name": "acme/hamalog-backend"}}}
    }
    (tmp_path / "event.json").write_text(json.dumps(event))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
    }
    facts = facts_of("github", scene_in(tmp_path, more=environ))
    assert ("pull_request", fork) == (facts["event"], facts["from_fork"])


def test_the_token_is_not_told(tmp_path: Path) -> None:
    assert TOKEN not in str(facts_with(tmp_path, user("repo")))
