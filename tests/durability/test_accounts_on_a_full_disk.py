"""A disk that is full to its last byte: people still log in, and whose token leaked still takes it back."""

import json
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.durability.small_disk import SmallDisk, small_disk
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

ADMIN, ANN = ("admin", "correct horse"), ("ann", "a long password")


class Office:
    """A registry on a small disk, with an account for Ann in the organisation crew, and a token of hers."""

    def __init__(self, registry: RegistryProcess, disk: SmallDisk) -> None:
        self._port = registry.port
        self.disk = disk
        self.ask("POST", f"{OWN}/users", {"login": ANN[0], "password": ANN[1]})
        self.ask("POST", f"{OWN}/orgs", {"login": "crew"})
        self.ask("PUT", f"{OWN}/orgs/crew/members/ann", {"role": "writer"})
        self.token = self.ask("POST", f"{OWN}/tokens", {"scopes": ["read:packages"], "account": "ann"})[1]

    def ask(self, method: str, path: str, body: object = None, who: tuple[str, str] = ADMIN) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=120)
        headers = {"Authorization": f"Basic {b64encode(':'.join(who).encode()).decode()}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text or "null")

    def status(self, method: str, path: str, body: object = None, who: tuple[str, str] = ADMIN) -> int:
        """On a disk on which what was asked before has left no byte."""
        self.disk.fill()
        return self.ask(method, path, body, who)[0]


@pytest.fixture(params=["tmpfs", "ext4"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with (
        small_disk(request.param, tmp_path) as disk,
        RegistryProcess(disk.folder, "--workers", "2", admin_password=ADMIN[1]) as registry,
    ):
        yield Office(registry, disk)


def test_people_log_in_and_wrong_passwords_are_still_counted(office: Office) -> None:
    login = "/token?service=x&offline_token=true"
    assert 200 == office.status("GET", login, who=ANN)
    answers = [office.status("GET", login, who=("ann", f"wrong {number}")) for number in range(12)]
    assert (401, 429) == (answers[0], answers[-1])


def test_a_token_that_leaked_is_taken_back(office: Office) -> None:
    hers = ("ann", office.token["token"])
    assert 200 == office.status("GET", f"{OWN}/me", who=hers)
    assert 204 == office.status("DELETE", f"{OWN}/tokens/{office.token['id']}")
    assert 401 == office.status("GET", f"{OWN}/me", who=hers)


def test_who_left_loses_what_they_had(office: Office) -> None:
    assert 204 == office.status("DELETE", f"{OWN}/orgs/crew/members/ann")
    assert 201 == office.status("POST", f"{OWN}/signing-keys/rotate", {"forget": True})
    assert 200 == office.status("PATCH", f"{OWN}/users/ann", {"disabled": True})
    assert 401 == office.status("GET", f"{OWN}/me", who=ANN)


def test_rules_of_retention_can_be_followed(office: Office) -> None:
    assert 200 == office.status("POST", f"{OWN}/owners/crew/retention", {"dry_run": False})


def test_who_makes_one_token_after_another_does_not_get_at_the_room_that_is_kept(office: Office) -> None:
    """A few yet fit into what the database has; then none, and who logs in, revokes or disables still can."""
    wishes = {f"{OWN}/tokens": {"scopes": ["read:packages"], "account": "ann"}, f"{OWN}/orgs": {"login": "crew-2"}}
    office.disk.fill()
    assert any(507 == office.status("POST", f"{OWN}/tokens", wishes[f"{OWN}/tokens"]) for _ in range(500))
    free = office.disk.free
    assert [507] * 10 == [office.status("POST", *wish) for wish in wishes.items() for _ in range(5)]
    assert (0, 0) == (free, office.disk.free)
    assert 201 == office.status("POST", f"{OWN}/tokens", {"scopes": ["read:packages"]}, who=ANN)
    assert 204 == office.status("DELETE", f"{OWN}/tokens/{office.token['id']}")
    assert 200 == office.status("PATCH", f"{OWN}/users/ann", {"disabled": True})
