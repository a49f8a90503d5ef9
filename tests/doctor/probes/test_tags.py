from pathlib import Path

import pytest

from tests.client.raw_server import RawServer, Talk
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.shelf import Shelf

SHA = "453a6545b97fe240727c378291230abeb793d851"


@pytest.fixture
def shelf() -> Shelf:
    filled = Shelf()
    for tag in ("main", "sha-453a654", "v1.2.3"):
        filled.image("acme/hamalog-backend", tag)
    filled.image("acme/hamalog-web", "2.0")
    return filled


def facts(home: Path, shelf: Shelf, image: str) -> dict[str, object]:
    with RawServer(shelf.behave) as server:
        return known(world_about(home, f"{server.host}/{image}"), "tags")


def test_a_tag_that_is_there(tmp_path: Path, shelf: Shelf) -> None:
    found = facts(tmp_path, shelf, "acme/hamalog-backend:main")

    assert (True, True, False, "none") == tuple(found[name] for name in ("any", "wanted", "latest", "near"))


def test_the_same_commit_in_another_length_and_with_a_prefix(tmp_path: Path, shelf: Shelf) -> None:
    found = facts(tmp_path, shelf, f"acme/hamalog-backend:{SHA}")

    assert (False, "sha-453a654", {"length", "prefix"}) == (found["wanted"], found["nearest"], found["near"])


def test_nobody_pushed_latest(tmp_path: Path, shelf: Shelf) -> None:
    found = facts(tmp_path, shelf, "acme/hamalog-backend")

    assert (True, False, False, "none") == (found["any"], found["wanted"], found["latest"], found["near"])


def test_the_tag_is_in_another_repository(tmp_path: Path, shelf: Shelf) -> None:
    assert facts(tmp_path, shelf, "acme/hamalog-backend:2.0")["in_another_repository"] is True


def test_a_repository_that_is_called_otherwise(tmp_path: Path, shelf: Shelf) -> None:
    found = facts(tmp_path, shelf, "acme/hamalog-backed:main")

    assert ("acme/hamalog-backend", True) == (found["repository_near"], found["in_another_repository"])


def test_the_list_of_tags_is_read_to_its_last_page(tmp_path: Path) -> None:
    def pages(talk: Talk) -> None:
        if talk.request.target.endswith("last=a"):
            return talk.say(200, b'{"tags": ["b"]}')
        return talk.say(200, b'{"tags": ["a"]}', link='</v2/team/app/tags/list?n=1&last=a>; rel="next"')

    with RawServer(pages) as server:
        assert known(world_about(tmp_path, f"{server.host}/team/app:b"), "tags")["wanted"] is True


def test_a_list_that_leads_elsewhere_or_in_a_circle_comes_to_an_end(tmp_path: Path) -> None:
    def circle(talk: Talk) -> None:
        talk.say(200, b'{"tags": ["a"]}', link=f'<{talk.request.target}>; rel="next"')

    with RawServer(circle) as server:
        assert known(world_about(tmp_path, f"{server.host}/team/app:b"), "tags")["wanted"] is False
