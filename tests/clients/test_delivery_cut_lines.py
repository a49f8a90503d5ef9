"""A line that breaks while wharf carries a layer over it: the layer goes on where it stopped, and arrives whole."""

import zlib

import pytest

from tests.clients.cutting_proxy import CuttingProxy, Direction
from tests.clients.layouts import Layout, image_files
from tests.clients.programs import Home
from tests.clients.shores import Shore
from tests.clients.tools import Skopeo
from tests.clients.wharf_client import Wharf

MEGABYTE = 1 << 20
SIZE = 192 * MEGABYTE
CUT = 96 * MEGABYTE
SLACK = 40 * MEGABYTE
PLAIN = ("own_shore", "foreign_shore")


@pytest.fixture(params=PLAIN)
def plain_shore(request: pytest.FixtureRequest) -> Shore:
    shore: Shore = request.getfixturevalue(request.param)
    return shore


@pytest.fixture
def noisy(home: Home, repository: str) -> Layout:
    """Each test has a layer of its own: what a registry holds already it would link."""
    layout, more = Layout(home.folder()), zlib.crc32(repository.encode()) % 4096 * 512
    big = layout.stored_layer(SIZE + more)
    layout.publish(layout.image([layout.gzipped_layer(image_files("over a bad line")), big]))
    return layout


@pytest.mark.parametrize(("where", "lost"), [("own_shore", 0), ("foreign_shore", CUT)])
def test_a_push_goes_on_where_the_line_broke(
    where: str, lost: int, noisy: Layout, wharf: Wharf, skopeo: Skopeo, repository: str, request: pytest.FixtureRequest
) -> None:
    """docker-registry forgets an upload whose line broke (404, BLOB_UPLOAD_INVALID): it is begun anew there."""
    plain_shore: Shore = request.getfixturevalue(where)
    with CuttingProxy(plain_shore.host) as line:
        line.cut_once(Direction.TO_REGISTRY, after=CUT)
        pushed = wharf.push(noisy, f"{line.host}/{repository}:1.0")
        assert 1 == line.cuts
        assert line.carried[Direction.TO_REGISTRY] < SIZE + lost + SLACK
    assert "whole" in wharf.validate(plain_shore.named(repository))
    assert pushed == skopeo.inspect(plain_shore.named(repository))["Digest"]


def test_a_pull_goes_on_where_the_line_broke(noisy: Layout, wharf: Wharf, plain_shore: Shore, repository: str) -> None:
    pushed, folder = wharf.push(noisy, plain_shore.named(repository)), wharf.home.folder()
    with CuttingProxy(plain_shore.host) as line:
        line.cut_once(Direction.TO_CLIENT, after=CUT)
        assert pushed == wharf.copy(f"{line.host}/{repository}:1.0", f"oci:{folder}:here")["digest"]
        assert 1 == line.cuts
        assert line.carried[Direction.TO_CLIENT] < SIZE + SLACK
    assert "whole" in wharf.validate(f"oci:{folder}:here")


@pytest.mark.parametrize("broken", ["the one it comes from", "the one it goes to"])
def test_a_copy_goes_on_whichever_line_broke(
    broken: str, noisy: Layout, wharf: Wharf, own_shore: Shore, foreign_shore: Shore, repository: str
) -> None:
    pushed = wharf.push(noisy, own_shore.named(repository))
    with CuttingProxy(own_shore.host) as source, CuttingProxy(foreign_shore.host) as target:
        if broken == "the one it comes from":
            source.cut_once(Direction.TO_CLIENT, after=CUT)
        else:
            target.cut_once(Direction.TO_REGISTRY, after=CUT)
        copied = wharf.copy(f"{source.host}/{repository}:1.0", f"{target.host}/{repository}:1.0")
        assert (pushed, 1) == (copied["digest"], source.cuts + target.cuts)
        assert source.carried[Direction.TO_CLIENT] < SIZE + CUT + SLACK
        assert target.carried[Direction.TO_REGISTRY] < SIZE + CUT + SLACK
    assert "whole" in wharf.validate(foreign_shore.named(repository))


def test_a_pull_that_was_shot_leaves_the_folder_as_it_was_and_succeeds_at_the_second_try(
    noisy: Layout, wharf: Wharf, own_shore: Shore, repository: str
) -> None:
    folder = wharf.home.folder()
    wharf.make_and_push("there before", own_shore.named(f"{repository}-small"))
    wharf.copy(own_shore.named(f"{repository}-small"), f"oci:{folder}:kept")
    wharf.push(noisy, own_shore.named(repository))
    with CuttingProxy(own_shore.host) as line:
        with wharf.program.start("copy", f"{line.host}/{repository}:1.0", f"oci:{folder}:here") as pull:
            line.wait_until_carried(Direction.TO_CLIENT, CUT)
            pull.kill()
        assert 0 != pull.returncode
    assert "whole" in wharf.validate(f"oci:{folder}:kept")
    assert 4 == wharf.program.attempt("inspect", f"oci:{folder}:here").code
    wharf.copy(own_shore.named(repository), f"oci:{folder}:here")
    assert "whole" in wharf.validate(f"oci:{folder}:here")


def test_a_push_that_was_shot_leaves_no_tag_and_succeeds_at_the_second_try(
    noisy: Layout, wharf: Wharf, own_shore: Shore, repository: str
) -> None:
    with CuttingProxy(own_shore.host) as line:
        with wharf.program.start("push", f"{line.host}/{repository}:1.0", str(noisy)) as push:
            line.wait_until_carried(Direction.TO_REGISTRY, CUT)
            push.kill()
        assert 0 != push.returncode
    assert 4 == wharf.program.attempt("inspect", own_shore.named(repository)).code
    wharf.push(noisy, own_shore.named(repository))
    assert "whole" in wharf.validate(own_shore.named(repository))


def test_an_archive_that_was_half_written_is_not_there(
    noisy: Layout, wharf: Wharf, own_shore: Shore, repository: str
) -> None:
    wharf.push(noisy, own_shore.named(repository))
    folder = wharf.home.folder()
    with CuttingProxy(own_shore.host) as line:
        archive = f"docker-archive:{folder}/image.tar"
        with wharf.program.start("copy", f"{line.host}/{repository}:1.0", archive) as pull:
            line.wait_until_carried(Direction.TO_CLIENT, CUT)
            pull.terminate()
        assert 0 != pull.returncode
    assert not (folder / "image.tar").exists()
    assert [] == list(folder.iterdir())
