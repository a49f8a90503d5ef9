from pathlib import Path

import pytest

from tests.client.raw_server import RawServer, Talk
from tests.client.token_service import Account, House, serving
from tests.doctor.worlds.around_a_registry import known, logged_in, world_about
from tests.doctor.worlds.shelf import Shelf

EVERYTHING = frozenset({"pull", "push", "delete"})
READING = frozenset({"pull"})


@pytest.fixture
def house() -> House:
    shelf = Shelf()
    shelf.image("team/app", "1.0")
    return House({"someone": Account("a-secret-word", {"team/*": READING})}, answer=shelf.answer)


def facts(home: Path, house: House, *, password: str = "", image: str = "team/app:1.0") -> dict[str, object]:
    with serving(house) as host:
        if password:
            logged_in(home, host, password=password)
        return known(world_about(home, f"{host}/{image}"), "login")


def test_nothing_is_stored(tmp_path: Path, house: House) -> None:
    found = facts(tmp_path, house)

    assert {
        "registry": "other",
        "about_repository": True,
        "credential": "none",
        "token_service": "answers",
        "token_taken": True,
        "anonymous_pull": False,
        "repository": "hidden",
        "granted": {"nothing"},
        "token": "taken",
        "nobody": "may-not",
    } == found


def test_a_login_that_may_read(tmp_path: Path, house: House) -> None:
    found = facts(tmp_path, house, password="a-secret-word")

    assert ("accepted", "present", {"pull"}) == (found["credential"], found["repository"], found["granted"])


def test_a_login_that_may_do_nothing_there(tmp_path: Path, house: House) -> None:
    found = facts(tmp_path, house, password="a-secret-word", image="others/app:1.0")

    assert ("accepted", {"nothing"}) == (found["credential"], found["granted"])


def test_a_wrong_password(tmp_path: Path, house: House) -> None:
    found = facts(tmp_path, house, password="another-word")

    assert ("refused", "refuses", False) == (found["credential"], found["token_service"], found["anonymous_pull"])


def test_a_wrong_password_where_everybody_may_read(tmp_path: Path, house: House) -> None:
    house.rights_of_anybody = {"team/*": READING}

    found = facts(tmp_path, house, password="another-word")

    assert ("refused", True, "present") == (found["credential"], found["anonymous_pull"], found["repository"])


def test_opaque_tokens_say_nothing_of_pushing(tmp_path: Path, house: House) -> None:
    house.tells_rights = False

    found = facts(tmp_path, house, password="a-secret-word")

    assert "accepted" == found["credential"]
    assert "granted" not in found


def test_a_repository_that_is_not_there(tmp_path: Path, house: House) -> None:
    assert "absent" == facts(tmp_path, house, password="a-secret-word", image="team/api:1.0")["repository"]


def test_a_password_that_is_asked_for_without_a_token_service(tmp_path: Path) -> None:
    def door(talk: Talk) -> None:
        is_right = talk.request.headers.get("authorization", "") == "Basic c29tZW9uZTphLXNlY3JldC13b3Jk"
        talk.say(200 if is_right else 401, b"{}", www_authenticate='Basic realm="x"')

    with RawServer(door) as server:
        logged_in(tmp_path, server.host)
        right = known(world_about(tmp_path, server.host), "login")
        logged_in(tmp_path, server.host, password="another-word")
        wrong = known(world_about(tmp_path, server.host), "login")

    assert ("accepted", "refused", "none") == (right["credential"], wrong["credential"], wrong["token_service"])


def test_a_token_that_has_expired_by_the_words_of_the_registry(tmp_path: Path) -> None:
    def door(talk: Talk) -> None:
        talk.say(
            401, b'{"errors":[{"message":"Your authorization token has expired"}]}', www_authenticate="Basic realm=x"
        )

    with RawServer(door) as server:
        logged_in(tmp_path, server.host)

        assert "expired" == known(world_about(tmp_path, server.host), "login")["credential"]


def test_a_registry_that_does_not_take_the_token_of_its_own_service(tmp_path: Path) -> None:
    def door(talk: Talk) -> None:
        if talk.request.target.startswith("/token"):
            return talk.say(200, b'{"token": "a-token"}')
        realm = f"http://{talk.request.headers['host']}/token"
        return talk.say(401, b"{}", www_authenticate=f'Bearer realm="{realm}",service="x"')

    with RawServer(door) as server:
        logged_in(tmp_path, server.host)
        found = known(world_about(tmp_path, server.host), "login")

    assert ("accepted", False) == (found["credential"], found["token_taken"])


def test_whose_registry_it_is_needs_no_answer(tmp_path: Path) -> None:
    world = world_about(tmp_path, "ghcr.io", patience=0.2, HTTPS_PROXY="http://127.0.0.1:1")

    found = known(world, "login")

    assert ("ghcr", "none") == (found["registry"], found["credential"])


def test_nothing_is_pushed_and_no_secret_is_shown(tmp_path: Path, house: House) -> None:
    house.accounts = {"someone": Account("a-secret-word", {"team/*": EVERYTHING})}
    with serving(house) as host:
        logged_in(tmp_path, host)
        seen = world_about(tmp_path, f"{host}/team/app:1.0").probed("login")

    assert {"GET", "HEAD"} >= {line.split(" ")[0] for line in house.asked}
    assert "a-secret-word" not in f"{seen}"
