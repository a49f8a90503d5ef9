"""What wharf carries to a registry the other tools read there, and what they bring wharf reads: the same digests."""

import json

import pytest

from tests.clients.layouts import Layout, image_files, many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.shores import Shore
from tests.clients.tools import Skopeo, Tool, story_in_dir
from tests.clients.wharf_client import Wharf

ARCHITECTURES = ("amd64", "arm64", "riscv64")
TOOLS = ("docker", "skopeo", "podman", "buildah")


@pytest.fixture
def tool(request: pytest.FixtureRequest) -> Tool:
    found: Tool = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("tool", TOOLS, indirect=True)
def test_what_wharf_pushed_another_reads(tool: Tool, wharf: Wharf, shore: Shore, repository: str) -> None:
    target = shore.named(repository)
    pushed = wharf.push(small_image(wharf.home.folder(), f"told in {repository}"), target, *shore.flags)
    assert pushed == tool.pull(target).digest
    assert f"told in {repository}" == tool.story(target)


@pytest.mark.parametrize("tool", TOOLS, indirect=True)
def test_what_another_pushed_wharf_reads(tool: Tool, wharf: Wharf, shore: Shore, repository: str) -> None:
    target, folder = shore.named(repository), wharf.home.folder()
    pushed = tool.make_and_push(f"told in {repository}", target)
    assert pushed == wharf.copy(target, f"oci:{folder}:here", *shore.flags)["digest"]
    assert "whole" in wharf.validate(f"oci:{folder}:here")
    assert "whole" in wharf.validate(target, *shore.flags)


@pytest.mark.parametrize("there", ["own_shore", "foreign_shore", "sealed_shore"])
def test_an_image_for_many_platforms_goes_from_registry_to_registry(
    there: str, shore: Shore, wharf: Wharf, skopeo: Skopeo, repository: str, request: pytest.FixtureRequest
) -> None:
    other: Shore = request.getfixturevalue(there)
    made = many_platforms(wharf.home.folder(), "everywhere", ARCHITECTURES)
    first, second = shore.named(f"{repository}-first"), other.named(f"{repository}-second", "2.0")
    digest = wharf.push(made, first, *shore.flags)
    flags = tuple(dict.fromkeys((*shore.flags, *other.flags)))
    assert digest == wharf.copy(first, second, *flags)["digest"]
    raw = skopeo.program.run("inspect", "--tls-verify=false", "--raw", f"docker://{second}")
    assert set(ARCHITECTURES) == {child["platform"]["architecture"] for child in json.loads(raw)["manifests"]}
    assert "whole" in wharf.validate(second, *other.flags)


def test_what_is_there_is_not_sent_again(wharf: Wharf, shore: Shore, repository: str) -> None:
    made, target = small_image(wharf.home.folder(), "once"), shore.named(repository)
    first = wharf.copy(made, target, *shore.flags)
    again = wharf.copy(made, target, *shore.flags)
    assert first["digest"] == again["digest"]
    assert (0, 0) == (again["blobs"]["sent"], again["blobs"]["sentBytes"])


def test_within_a_registry_layers_are_linked(wharf: Wharf, shore: Shore, repository: str) -> None:
    source = shore.named(repository)
    wharf.push(small_image(wharf.home.folder(), f"linked in {repository}"), source, *shore.flags)
    copied = wharf.copy(source, shore.named(f"{repository}-linked"), *shore.flags)
    assert 0 == copied["blobs"]["sent"]
    assert 2 == copied["blobs"]["mounted"] + copied["blobs"]["present"]


def test_one_platform_of_many_is_copied_alone(wharf: Wharf, shore: Shore, skopeo: Skopeo, repository: str) -> None:
    made = many_platforms(wharf.home.folder(), "mine is", ARCHITECTURES)
    target = shore.named(repository)
    wharf.push(made, target, "--platform", "linux/arm64", *shore.flags)
    config = skopeo.program.run("inspect", "--tls-verify=false", "--config", f"docker://{target}")
    assert "arm64" == json.loads(config)["architecture"]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_layer_compressed_on_the_way_is_read_by_skopeo(
    compression: str, wharf: Wharf, skopeo: Skopeo, home: Home, shore: Shore, repository: str
) -> None:
    layout = Layout(home.folder())
    layout.publish(layout.image([layout.plain_layer(image_files(f"by {compression}"))]))
    target = shore.named(repository)
    wharf.push(layout, target, f"--compression={compression}", *shore.flags)
    raw = json.loads(skopeo.program.run("inspect", "--tls-verify=false", "--raw", f"docker://{target}"))
    assert [f"application/vnd.oci.image.layer.v1.tar+{compression}"] == [each["mediaType"] for each in raw["layers"]]
    assert "whole" in wharf.validate(target, *shore.flags)
    plain = home.folder()
    skopeo.fetch(target, f"dir:{plain}", "--dest-decompress")
    assert f"by {compression}" == story_in_dir(plain)


def test_layers_that_skopeo_compressed_with_zstd_are_kept_as_they_are(
    wharf: Wharf, skopeo: Skopeo, home: Home, own_shore: Shore, foreign_shore: Shore, repository: str
) -> None:
    source, target = own_shore.named(repository), foreign_shore.named(repository)
    digest = skopeo.push(small_image(home.folder(), "squeezed"), source, "--dest-compress-format=zstd")
    assert digest == wharf.copy(source, target)["digest"]
    assert "whole" in wharf.validate(target)


def test_an_authority_in_the_folder_of_certificates_is_trusted(
    wharf: Wharf, sealed_shore: Shore, home: Home, repository: str
) -> None:
    assert sealed_shore.authority is not None
    folder = home.root / ".config" / "containers" / "certs.d" / sealed_shore.host
    folder.mkdir(parents=True)
    (folder / "ca.crt").write_bytes(sealed_shore.authority.read_bytes())
    target = sealed_shore.named(repository)
    assert wharf.make_and_push("under seal", target) == wharf.pull(target).digest


def test_an_authority_that_nobody_named_is_refused(wharf: Wharf, sealed_shore: Shore, repository: str) -> None:
    said = wharf.program.fail("tags", f"{sealed_shore.host}/{repository}")
    assert "certificate" in said
    assert "certs.d" in said


def test_a_registry_named_as_insecure_is_not_asked_for_a_certificate(
    wharf: Wharf, sealed_shore: Shore, repository: str
) -> None:
    target, insecure = sealed_shore.named(repository), f"--insecure={sealed_shore.host}"
    digest = wharf.push(small_image(wharf.home.folder(), "unsealed"), target, insecure)
    assert digest in wharf.program.run("inspect", insecure, target)


def test_tags_are_listed_as_skopeo_lists_them(wharf: Wharf, skopeo: Skopeo, shore: Shore, repository: str) -> None:
    made = small_image(wharf.home.folder(), "many names")
    for tag in ("1.0", "1.10", "1.9", "latest"):
        wharf.push(made, shore.named(repository, tag), *shore.flags)
    listed = json.loads(skopeo.program.run("list-tags", "--tls-verify=false", f"docker://{shore.host}/{repository}"))
    ours = wharf.program.run("tags", "--names", *shore.flags, f"{shore.host}/{repository}").split()
    assert ["1.0", "1.9", "1.10", "latest"] == ours
    assert set(ours) == set(listed["Tags"])


def test_a_new_name_is_seen_by_skopeo(wharf: Wharf, skopeo: Skopeo, shore: Shore, repository: str) -> None:
    digest = wharf.push(small_image(wharf.home.folder(), "renamed"), shore.named(repository), *shore.flags)
    wharf.program.run("tag", *shore.flags, shore.named(repository), "stable")
    assert digest == skopeo.inspect(shore.named(repository, "stable"))["Digest"]


def test_a_tag_that_wharf_took_away_is_gone_and_its_neighbour_stays(
    wharf: Wharf, skopeo: Skopeo, own_shore: Shore, repository: str
) -> None:
    for tag in ("old", "kept"):
        wharf.push(small_image(wharf.home.folder(), "two names"), own_shore.named(repository, tag))
    wharf.program.run("delete", "--yes", own_shore.named(repository, "old"))
    said = skopeo.program.fail("inspect", "--tls-verify=false", f"docker://{own_shore.named(repository, 'old')}")
    assert "manifest unknown" in said
    assert "two names" == skopeo.story(own_shore.named(repository, "kept"))
