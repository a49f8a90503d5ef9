"""What the caller may not read looks as if it were not there: to the byte, whatever is asked, and in any order."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.budget import budget
from tests.hostile.hidden import IMAGE, SECRET_LAYER, House, digest_of, team_and_public
from tests.hostile.model import image_of
from tests.hostile.probe import Shot
from tests.hostile.wild import Grounds, shots
from tests.registry.policies import Allowing
from wharf.registry.services.access import ANYBODY, Caller

BOB = Caller("bob")
NAMES_SECRETS = image_of([{"mediaType": "a/b", "digest": digest_of(SECRET_LAYER), "size": len(SECRET_LAYER)}])
GROUNDS = Grounds(
    names=("team/app", "public/app", "secret/app", "secret", "secret/none", "tea/app", "team/ap", "team/secret"),
    tags=("latest", "hush", "speaking", "v1", "none"),
    digests=(
        IMAGE,
        digest_of(SECRET_LAYER),
        digest_of(b"a layer of the team"),
        digest_of(b"a layer for all"),
        digest_of(b"{}"),
        digest_of(b"none"),
    ),
    uploads=("{own}", "{hidden}"),
)


@contextmanager
def two_houses(folders: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    """The first hides something, the second has nothing to hide."""
    hiding, open_ = (House(folders.mktemp("house"), Allowing(team_and_public)) for _ in range(2))
    hiding.stock()
    open_.stock()
    hiding.hide()
    yield hiding, open_
    hiding.close()
    open_.close()


@pytest.fixture
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    with two_houses(tmp_path_factory) as houses:
        yield houses


@pytest.fixture(scope="module")
def fuzzed_houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    with two_houses(tmp_path_factory) as houses:
        yield houses


def asked_of_all() -> Iterator[Shot]:
    """Everything that can be asked about what is there or hidden; what is pushed is the same in both houses."""
    for name in GROUNDS.names:
        yield from (Shot(method, f"/v2/{name}/tags/list".encode()) for method in ("GET", "HEAD"))
        for digest in GROUNDS.digests:
            start = f"/v2/{name}/blobs/uploads/?mount={digest}"
            yield from (Shot("POST", start.encode() + b"&from=" + source.encode()) for source in ("", *GROUNDS.names))
            yield from (Shot("POST", f"/v2/{name}/blobs/uploads/?digest={digest}".encode(), pieces=[SECRET_LAYER]),)
            yield from (Shot(method, f"/v2/{name}/blobs/{digest}".encode()) for method in ("GET", "HEAD"))
            yield from (Shot("GET", f"/v2/{name}/referrers/{digest}{kind}".encode()) for kind in ("", "?n=1"))
        for reference in (*GROUNDS.tags, *GROUNDS.digests):
            for method in ("GET", "HEAD", "PUT"):
                yield Shot(method, f"/v2/{name}/manifests/{reference}".encode(), pieces=[NAMES_SECRETS])
        for upload in GROUNDS.uploads:
            yield from (Shot(method, f"/v2/{name}/blobs/uploads/{upload}".encode()) for method in ("GET", "PATCH"))
    for name in GROUNDS.names:
        yield from (Shot("GET", f"/v2/_catalog?n={n}&last={last}".encode()) for n in (0, 1, 99) for last in ("", name))
        for target in (*GROUNDS.tags, *GROUNDS.digests):
            yield Shot("DELETE", f"/v2/{name}/manifests/{target}".encode())
        yield from (Shot("DELETE", f"/v2/{name}/blobs/{digest}".encode()) for digest in GROUNDS.digests)


@pytest.mark.slow
@pytest.mark.parametrize("caller", [ANYBODY, BOB], ids=["anybody", "bob"])
def test_no_question_tells_whether_something_is_hidden(houses: tuple[House, House], caller: Caller) -> None:
    hiding, open_ = houses
    told = [shot for shot in asked_of_all() if open_.hear(shot, caller) != hiding.hear(shot, caller)]
    assert [] == told


@pytest.mark.slow
@budget(300)
@given(shot=shots(GROUNDS), caller=st.sampled_from([ANYBODY, BOB]))
def test_no_answer_tells_whether_something_is_hidden(
    fuzzed_houses: tuple[House, House], shot: Shot, caller: Caller
) -> None:
    hiding, open_ = fuzzed_houses
    assert open_.hear(shot, caller) == hiding.hear(shot, caller)


def test_hundreds_of_hidden_names_do_not_stand_before_the_one_that_was_meant(tmp_path: Path) -> None:
    house = House(tmp_path, Allowing(team_and_public))
    house.stock()
    asked = Shot("GET", b"/v2/team/ap/tags/list")
    before = house.hear(asked, BOB)
    for number in range(210):
        house.registry.push_image(f"tea/app{number}", "latest", SECRET_LAYER)
    assert b"the nearest is team/app" in before.body
    assert before == house.hear(asked, BOB)
    house.close()


def test_many_hidden_holders_do_not_stand_before_one_that_may_be_read(tmp_path: Path) -> None:
    house = House(tmp_path, Allowing(team_and_public))
    for number in range(60):
        house.registry.push_blob(f"secret/app{number}", SECRET_LAYER)
    mount = Shot("POST", f"/v2/team/new/blobs/uploads/?mount={digest_of(SECRET_LAYER)}".encode())
    assert house.hear(mount, BOB).status == 202
    house.registry.push_blob("team/app", SECRET_LAYER)
    assert house.hear(mount, BOB).status == 201
    house.close()
