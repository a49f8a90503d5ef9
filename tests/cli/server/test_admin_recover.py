import json
import re
from pathlib import Path

import pytest

from tests.cli.stage import Outcome, run
from wharf.testing.registry import InProcessRegistry, basic

pytestmark = pytest.mark.slow  # a password costs what it costs

OLD = "the old password"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a registry with its first account."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "blobs").mkdir()
    with InProcessRegistry(folder, admin_password=OLD):
        pass
    return folder


def recover(data: Path, *arguments: str) -> Outcome:
    return run(data.parent, ["admin", "recover", "--data", str(data), *arguments])


def test_the_new_password_opens_and_the_old_one_does_not(data: Path) -> None:
    outcome = recover(data)
    with InProcessRegistry(data, admin_password=OLD) as registry:
        new = {"authorization": basic("admin", outcome.out.strip())}
        assert [200, 401] == [
            registry.request("GET", "/user", headers=new).status,
            registry.request("GET", "/user").status,
        ]


def test_a_running_registry_knows_at_once(data: Path) -> None:
    with InProcessRegistry(data, admin_password=OLD) as registry:
        assert registry.request("GET", "/user").status == 200
        recover(data)
        assert registry.request("GET", "/user").status == 401


def test_it_is_alone_on_standard_output(data: Path) -> None:
    outcome = recover(data)
    assert re.fullmatch(r"[\w-]{20}\n", outcome.out)
    assert "the new password of admin; it is not shown again" in outcome.err


def test_for_machines_it_is_an_object(data: Path) -> None:
    told = json.loads(recover(data, "--json", "admin").out)
    assert ("admin", 20) == (told["login"], len(told["password"]))


def test_a_folder_that_cannot_be_written_is_said_in_words(data: Path) -> None:
    lock = data / "write.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    outcome = recover(data)
    assert (8, "") == (outcome.code, outcome.out)
    assert "the store cannot be worked on: Is a directory" in outcome.err


def test_somebody_who_administers_nothing_is_given_none(data: Path) -> None:
    outcome = recover(data, "alice")
    assert outcome.out == ""
    assert "no administrator alice (there is admin)" in outcome.err


def test_a_folder_without_a_registry_is_refused(tmp_path: Path) -> None:
    outcome = recover(tmp_path / "elsewhere")
    assert outcome.out == ""
    assert "there is no registry in" in outcome.err


def test_a_disabled_administrator_is_let_in_again(data: Path) -> None:
    with InProcessRegistry(data, admin_password=OLD) as registry:
        body = json.dumps({"login": "second", "password": "another one", "administrator": True}).encode()
        assert registry.request("POST", "/api/wharf/v1/users", body).status == 201
        registry.request("PATCH", "/api/wharf/v1/users/second", b'{"disabled": true}')
        new = recover(data, "second").out.strip()
        assert registry.request("GET", "/user", headers={"authorization": basic("second", new)}).status == 200
