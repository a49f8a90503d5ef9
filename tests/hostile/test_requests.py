"""Any request at all gets an answer of the right form, and the next one is served."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from tests.hostile.budget import budget
from tests.hostile.probe import Shot, ask, fire
from tests.hostile.wild import CRAFTED_PATHS, Grounds, shots
from wharf.content.filesystem import FilesystemContent
from wharf.content.store import Durability
from wharf.oci.digest import Algorithm, Digest
from wharf.testing.registry import Answer, InProcessRegistry

pytestmark = pytest.mark.slow

LAYER = bytes(range(256)) * 4
IMAGE = "sha256:c227ec14e6ec5a11e1ebee64a2a07fd73806146a7efe3faaa5dfbf33469ed788"
UPLOAD = "{upload}"
CANARY, SONG = "canary", "nobody may hear this song"
_is_own_file = re.compile(
    r"wharf\.db(-wal|-shm)?|access\.number|[a-z]+\.lock|[a-z.-]*reserve|"
    r"blobs/sha256/([0-9a-f]{2})/\2[0-9a-f]{62}\.[0-9a-f]{16}|"
    r"blobs/sha512/([0-9a-f]{2})/\3[0-9a-f]{126}\.[0-9a-f]{16}|"
    r"uploads/[0-9a-f]{32}(-sha512)?\.[0-9a-f]{16}"
).fullmatch
GROUNDS = Grounds(
    names=("team/app", "app", "team/none"),
    tags=("latest", "v1.0", "none"),
    digests=(IMAGE, str(Digest.of(LAYER)), str(Digest.of(LAYER, Algorithm.SHA512)), str(Digest.of(b"{}"))),
    uploads=(UPLOAD,),
)


class Range:
    """A registry with something of each kind in it to aim at, made good after each hit, in a folder that is watched."""

    def __init__(self, registry: InProcessRegistry, home: Path) -> None:
        self.registry = registry
        self._home = home
        (home / CANARY).write_text(SONG)
        self._restore()

    def fire(self, shot: Shot) -> Answer:
        answer = fire(self.registry, replace(shot, target=shot.target.replace(UPLOAD.encode(), self._upload)))
        if shot.method not in {"GET", "HEAD"} and answer.status < 300:
            self._restore()
        assert SONG.encode() not in answer.body
        return answer

    def expect_all_in_its_place(self) -> None:
        """Nothing but the registry's own files, and what lies beside its folder as it was."""
        assert {CANARY, "data"} == {entry.name for entry in self._home.iterdir()}
        assert (self._home / CANARY).read_text() == SONG
        data = self._home / "data"
        files = [str(path.relative_to(data)) for path in data.rglob("*") if path.is_file()]
        assert [] == [name for name in files if not _is_own_file(name)]

    def _restore(self) -> None:
        for name, tag in (("team/app", "latest"), ("app", "v1.0")):
            assert str(self.registry.push_image(name, tag, LAYER)) == IMAGE
        self.registry.push_blob("team/app", LAYER, Algorithm.SHA512)
        begun = ask(self.registry, "POST", "/v2/team/app/blobs/uploads/")
        self._upload = begun.headers["docker-upload-uuid"].encode()


@pytest.fixture(scope="module")
def butts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    home = tmp_path_factory.mktemp("requests")
    content = FilesystemContent(home / "data", Durability.RELAXED)
    with InProcessRegistry(home / "data", content=content) as registry:
        yield Range(registry, home)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"])
def test_no_word_in_no_place_leads_out_of_the_folder(butts: Range, method: str) -> None:
    for path in CRAFTED_PATHS:
        butts.fire(Shot(method, path, pieces=[b"{}"]))
    butts.expect_all_in_its_place()


@budget(600)
@given(shot=shots(GROUNDS))
def test_any_request_is_answered_in_form(butts: Range, shot: Shot) -> None:
    butts.fire(shot)
    assert ask(butts.registry, "GET", "/v2/").status == 200


@budget(300)
@given(shot=shots(GROUNDS))
def test_head_agrees_with_get(butts: Range, shot: Shot) -> None:
    """But for Range, which counts for GET alone, and for the length of a refusal, which HEAD may leave unsaid."""
    lines = [(name, value) for name, value in shot.headers if name not in {b"range", b"x-request-id"}]
    same = replace(shot, headers=[*lines, (b"x-request-id", b"both")])
    told, headed = (butts.fire(replace(same, method=method)) for method in ("GET", "HEAD"))
    if told.status >= 400 and "content-length" not in headed.headers:
        told = replace(told, headers={name: value for name, value in told.headers.items() if name != "content-length"})
    assert (told.status, told.headers, b"") == (headed.status, headed.headers, headed.body)
