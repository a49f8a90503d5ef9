from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases import each
from wharf.protocol.challenge import parse_challenges
from wharf.testing.registry import Answer, InProcessRegistry, basic

DIGEST = "sha256:" + "0" * 64
APP = "repository:crew/app"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as made:
        yield made


def stranger(registry: InProcessRegistry, method: str, path: str, **headers: str) -> Answer:
    with registry.acting(""):
        return registry.request(method, path, headers=headers)


def facts(answer: Answer) -> dict[str, str]:
    (challenge,) = parse_challenges(answer.headers["www-authenticate"])
    assert "Bearer" == challenge.scheme
    return dict(challenge.parameters)


@each(
    "method, path, scope",
    [
        ("GET", "manifests/v1", f"{APP}:pull"),
        ("HEAD", "manifests/v1", f"{APP}:pull"),
        ("PUT", "manifests/v1", f"{APP}:pull,push"),
        ("DELETE", "manifests/v1", f"{APP}:delete"),
        ("GET", f"blobs/{DIGEST}", f"{APP}:pull"),
        ("DELETE", f"blobs/{DIGEST}", f"{APP}:delete"),
        ("POST", "blobs/uploads/", f"{APP}:pull,push"),
        ("GET", "tags/list", f"{APP}:pull"),
        ("GET", f"referrers/{DIGEST}", f"{APP}:pull"),
    ],
)
def test_a_stranger_is_told_what_to_ask_for(guarded: InProcessRegistry, method: str, path: str, scope: str) -> None:
    answer = stranger(guarded, method, f"/v2/crew/app/{path}")
    assert 401 == answer.status
    assert {"realm": "http://localhost/token", "service": "localhost", "scope": scope} == facts(answer)


def test_it_is_said_once_that_a_login_is_needed(guarded: InProcessRegistry) -> None:
    assert "authentication required" == stranger(guarded, "GET", "/v2/").json()["errors"][0]["message"]


def test_the_greeting_asks_for_a_login_and_for_no_right(guarded: InProcessRegistry) -> None:
    assert {"realm": "http://localhost/token", "service": "localhost"} == facts(stranger(guarded, "GET", "/v2/"))


def test_a_wrong_password_is_told_so(guarded: InProcessRegistry) -> None:
    answer = stranger(guarded, "GET", "/v2/", authorization=basic("admin", "wrong horse"))
    assert "invalid_token" == facts(answer)["error"]


def test_clients_are_sent_where_they_came_to(guarded: InProcessRegistry) -> None:
    answer = stranger(guarded, "GET", "/v2/", host="registry.example:5000")
    assert ("http://registry.example:5000/token", "registry.example:5000") == (
        facts(answer)["realm"],
        facts(answer)["service"],
    )


@each("host", ['a"b', "a b", "a\\b", "me@evil", "a/b", ""])
def test_a_strange_name_is_not_told_on(guarded: InProcessRegistry, host: str) -> None:
    assert "http://localhost/token" == facts(stranger(guarded, "GET", "/v2/", host=host))["realm"]


def test_where_it_was_told_its_address_that_is_it(tmp_path: Path) -> None:
    settings = {"public-url": "https://registry.example"}
    with InProcessRegistry(tmp_path, admin_password="correct horse", settings=settings) as registry:
        answer = stranger(registry, "GET", "/v2/", host="inside:5000")
        assert {"realm": "https://registry.example/token", "service": "registry.example"} == facts(answer)


def test_a_token_for_a_registry_of_another_name_is_refused(tmp_path: Path) -> None:
    """A copy of its data elsewhere, as for a trial, has the same keys."""
    for number, (name, status) in enumerate({"https://one.example": 200, "https://two.example": 401}.items()):
        settings = {"public-url": name}
        with InProcessRegistry(tmp_path, admin_password="correct horse", settings=settings) as registry:
            if number == 0:
                token = registry.request("GET", "/token").json()["token"]
            assert status == stranger(registry, "GET", "/v2/", authorization=f"Bearer {token}").status


def test_who_may_not_is_told_what_is_missing_and_sent_nowhere(guarded: InProcessRegistry) -> None:
    guarded.request("POST", "/api/wharf/v1/users", b'{"login": "mara", "password": "correct horse"}')
    answer = stranger(guarded, "POST", "/v2/crew/app/blobs/uploads/", authorization=basic("mara", "correct horse"))
    assert (403, "DENIED") == (answer.status, answer.code)
    assert "the role writer" in answer.json()["errors"][0]["message"]
    assert "www-authenticate" not in answer.headers
