"""Images in Docker's media types on their way into a layout: kept as they are, or in OCI's words, which all read."""

import json

import pytest

from tests.clients.layouts import many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.shores import Shore
from tests.clients.tools import PLAIN_HTTP, Docker, Podman, Skopeo, dir_manifest, story_in_dir
from tests.clients.wharf_client import Wharf

LAYOUTS = ("oci", "oci-archive")
V2S2 = "--format=v2s2"


@pytest.fixture
def in_docker_words(skopeo: Skopeo, home: Home, own_shore: Shore, repository: str) -> str:
    """What every `docker push` of an older docker leaves at a registry."""
    source = own_shore.named(repository)
    skopeo.push(small_image(home.folder(), "by docker"), source, V2S2)
    assert "vnd.docker" in skopeo.program.run("inspect", "--raw", PLAIN_HTTP, f"docker://{source}")
    return source


def place_in(home: Home, form: str) -> str:
    return f"{form}:{home.folder() / 'image'}:1.0"


@pytest.mark.parametrize("form", LAYOUTS)
def test_what_is_converted_skopeo_and_podman_read(
    form: str, in_docker_words: str, wharf: Wharf, skopeo: Skopeo, podman: Podman, home: Home
) -> None:
    place, plain = place_in(home, form), home.folder()
    wharf.copy(in_docker_words, place, "--format=oci")
    skopeo.program.run("copy", place, f"dir:{plain}")
    assert ("by docker", skopeo.pull(in_docker_words).image_id) == (
        story_in_dir(plain),
        str(dir_manifest(plain)["config"]["digest"]),
    )
    loaded = podman.program.run("pull", "--quiet", place).split()[-1]
    assert "by docker" == podman.story(loaded)
    assert "whole" in wharf.validate(place)


@pytest.mark.parametrize("form", LAYOUTS)
def test_what_skopeo_converted_wharf_reads(
    form: str, in_docker_words: str, wharf: Wharf, skopeo: Skopeo, home: Home, own_shore: Shore, repository: str
) -> None:
    """skopeo writes another configuration as well, without what Docker alone puts there."""
    place, target = place_in(home, form), own_shore.named(f"{repository}/again")
    skopeo.fetch(in_docker_words, place)
    assert "whole" in wharf.validate(place)
    wharf.push(place, target)
    assert "by docker" == skopeo.story(target)


def test_what_is_kept_goes_back_under_its_digest_and_skopeo_says_what_the_note_says(
    in_docker_words: str, wharf: Wharf, skopeo: Skopeo, home: Home, own_shore: Shore, repository: str
) -> None:
    place = place_in(home, "oci")
    there = wharf.copy(in_docker_words, place)
    assert any("--format oci" in note for note in there["notes"])
    assert "no descriptor found" in skopeo.program.fail("inspect", place)
    assert there["digest"] == wharf.push(place, own_shore.named(f"{repository}/back"))


def test_a_list_of_platforms_is_converted_whole(
    wharf: Wharf, skopeo: Skopeo, home: Home, own_shore: Shore, repository: str
) -> None:
    source, place = own_shore.named(repository), place_in(home, "oci")
    skopeo.push(many_platforms(home.folder(), "everywhere", ("amd64", "arm64")), source, V2S2, "--all")
    wharf.copy(source, place, "--format=oci")
    said = json.loads(skopeo.program.run("inspect", "--raw", place))
    assert ["amd64", "arm64"] == [child["platform"]["architecture"] for child in said["manifests"]]
    skopeo.program.run("copy", "--all", place, f"dir:{home.folder()}")


def test_what_docker_pushed_and_wharf_converted_docker_pulls(
    wharf: Wharf, docker: Docker, own_shore: Shore, repository: str
) -> None:
    source, target = own_shore.named(repository), own_shore.named(f"{repository}/oci")
    docker.make_and_push("through oci", source)
    wharf.push(source, target, "--format=oci")
    assert "through oci" == docker.story(target)
    docker.forget(target)
