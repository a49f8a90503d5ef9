"""Images as files and in engines: what wharf writes the other tools load, and what they save wharf reads."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.layouts import Layout, build_context, image_files, many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.shores import Shore
from tests.clients.tools import Buildah, Docker, Podman, Skopeo, dir_manifest, story_in_dir
from tests.clients.wharf_client import Wharf

FORMS = ("oci", "oci-archive", "docker-archive")


def place_in(folder: Path, form: str, reference: str = "crew/app:1.0") -> str:
    name = folder / ("image" if form == "oci" else "image.tar")
    return f"{form}:{name}:{reference if form == 'docker-archive' else '1.0'}"


def diff_ids(skopeo: Skopeo, place: str) -> list[str]:
    config = json.loads(skopeo.program.run("inspect", "--config", place))
    ids: list[str] = config["rootfs"]["diff_ids"]
    return ids


@pytest.fixture
def made(home: Home) -> Layout:
    return small_image(home.folder(), "in a file")


@pytest.mark.parametrize("form", FORMS)
def test_what_wharf_writes_skopeo_reads(form: str, made: Layout, wharf: Wharf, skopeo: Skopeo, home: Home) -> None:
    place, plain = place_in(home.folder(), form), home.folder()
    wharf.copy(made, place)
    skopeo.program.run("copy", place, f"dir:{plain}")
    assert "in a file" == story_in_dir(plain)
    assert diff_ids(skopeo, str(made)) == diff_ids(skopeo, place)


@pytest.mark.parametrize("form", FORMS)
def test_what_skopeo_writes_wharf_reads(
    form: str, made: Layout, wharf: Wharf, skopeo: Skopeo, home: Home, shore: Shore, repository: str
) -> None:
    place, target = place_in(home.folder(), form), shore.named(repository)
    skopeo.program.run("copy", str(made), place)
    wharf.push(place, target, *shore.flags)
    assert "whole" in wharf.validate(place)
    assert "whole" in wharf.validate(target, *shore.flags)
    assert "in a file" == skopeo.story(target)


@pytest.mark.parametrize("between", FORMS)
@pytest.mark.parametrize("last", FORMS)
def test_from_form_to_form_the_image_stays_what_it_is(
    between: str, last: str, made: Layout, wharf: Wharf, skopeo: Skopeo, home: Home
) -> None:
    first, second = place_in(home.folder(), between), place_in(home.folder(), last)
    wharf.copy(made, first)
    wharf.copy(first, second)
    assert diff_ids(skopeo, str(made)) == diff_ids(skopeo, second)
    assert "whole" in wharf.validate(second)


def test_an_image_for_many_platforms_survives_an_archive(wharf: Wharf, skopeo: Skopeo, home: Home) -> None:
    made = many_platforms(home.folder(), "everywhere", ("amd64", "arm64"))
    place = place_in(home.folder(), "oci-archive")
    digest = wharf.copy(made, place)["digest"]
    assert digest == wharf.copy(place, f"oci:{home.folder()}:back")["digest"]
    raw = json.loads(skopeo.program.run("inspect", "--raw", place))
    assert ["amd64", "arm64"] == [child["platform"]["architecture"] for child in raw["manifests"]]


def test_several_images_share_a_folder_with_those_of_skopeo(wharf: Wharf, skopeo: Skopeo, home: Home) -> None:
    folder = home.folder()
    skopeo.program.run("copy", str(small_image(home.folder(), "of skopeo")), f"oci:{folder}:skopeo")
    wharf.copy(small_image(home.folder(), "of wharf"), f"oci:{folder}:wharf")
    skopeo.program.run("copy", str(small_image(home.folder(), "of skopeo again")), f"oci:{folder}:again")
    for tag, story in (("skopeo", "of skopeo"), ("wharf", "of wharf"), ("again", "of skopeo again")):
        plain = home.folder()
        skopeo.program.run("copy", f"oci:{folder}:{tag}", f"dir:{plain}")
        assert story == story_in_dir(plain)
        assert "whole" in wharf.validate(f"oci:{folder}:{tag}")


@pytest.mark.parametrize("packed", [Layout.gzipped_layer, Layout.plain_layer])
def test_docker_loads_an_archive_of_wharf_and_runs_it(
    packed: Callable[..., object], wharf: Wharf, docker: Docker, home: Home, repository: str
) -> None:
    layout = Layout(home.folder())
    layer = layout.gzipped_layer if packed is Layout.gzipped_layer else layout.plain_layer
    layout.publish(layout.image([layer(image_files("loaded"))]))
    place = place_in(home.folder(), "docker-archive", f"{repository}:1.0")
    wharf.copy(layout, place)
    said = docker.program.run("load", "--input", place.split(":")[1])
    assert f"Loaded image: {repository}:1.0" in said
    assert "loaded" == docker.run(f"{repository}:1.0")
    docker.forget(f"{repository}:1.0")


def test_docker_loads_layers_that_were_compressed_with_zstd(
    wharf: Wharf, docker: Docker, skopeo: Skopeo, home: Home, own_shore: Shore, repository: str
) -> None:
    source = own_shore.named(repository)
    skopeo.push(small_image(home.folder(), "unsqueezed"), source, "--dest-compress-format=zstd")
    place = place_in(home.folder(), "docker-archive", f"{repository}:1.0")
    wharf.copy(source, place)
    docker.program.run("load", "--input", place.split(":")[1])
    assert "unsqueezed" == docker.run(f"{repository}:1.0")
    docker.forget(f"{repository}:1.0")


def test_wharf_reads_what_docker_saved(
    wharf: Wharf, docker: Docker, skopeo: Skopeo, home: Home, shore: Shore, repository: str
) -> None:
    name, file, target = f"{repository}:1.0", home.folder() / "saved.tar", shore.named(repository)
    docker.build(build_context(home.folder(), "saved"), name)
    docker.program.run("save", "--output", file, name)
    assert "whole" in wharf.validate(f"docker-archive:{file}")
    wharf.push(f"docker-archive:{file}:{name}", target, *shore.flags)
    assert "saved" == skopeo.story(target)
    assert docker.image(name)["Id"] == skopeo.pull(target).image_id
    docker.forget(name)


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive"])
def test_wharf_reads_what_podman_saved(
    form: str, wharf: Wharf, podman: Podman, skopeo: Skopeo, home: Home, shore: Shore, repository: str
) -> None:
    name, file, target = f"localhost/{repository}:1.0", home.folder() / "saved.tar", shore.named(repository)
    podman.build(build_context(home.folder(), "saved"), name)
    podman.program.run("save", f"--format={form}", f"--output={file}", name)
    assert "whole" in wharf.validate(f"{form}:{file}")
    wharf.push(f"{form}:{file}", target, *shore.flags)
    assert "saved" == skopeo.story(target)


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive"])
def test_podman_loads_what_wharf_wrote(form: str, made: Layout, wharf: Wharf, podman: Podman, home: Home) -> None:
    place = place_in(home.folder(), form, "localhost/crew/app:1.0")
    wharf.copy(made, place)
    said = podman.program.run("load", f"--input={place.split(':')[1]}")
    loaded = said.partition("Loaded image: ")[2].split()[0]
    assert "in a file" == podman.story(loaded)


def test_buildah_builds_on_a_folder_of_wharf(made: Layout, wharf: Wharf, buildah: Buildah, home: Home) -> None:
    folder = home.folder()
    wharf.copy(made, f"oci:{folder}:base")
    buildah.program.run("pull", f"oci:{folder}:base")
    container = buildah.program.run("from", f"oci:{folder}:base").strip()
    assert "in a file" == buildah.program.run(
        "run", "--isolation=chroot", container, "--", "/bin/busybox", "cat", "/etc/story"
    )


def test_an_image_comes_into_the_engine_and_runs(
    made: Layout, wharf_at_engine: Wharf, docker: Docker, repository: str
) -> None:
    name = f"{repository}:1.0"
    wharf_at_engine.copy(made, f"docker-daemon:{name}")
    assert "in a file" == docker.run(name)
    docker.forget(name)


def test_an_image_leaves_the_engine_for_a_registry(
    wharf_at_engine: Wharf, docker: Docker, skopeo: Skopeo, home: Home, shore: Shore, repository: str
) -> None:
    name, target = f"{repository}:1.0", shore.named(repository)
    docker.build(build_context(home.folder(), "from the engine"), name)
    wharf_at_engine.push(f"docker-daemon:{name}", target, *shore.flags)
    assert "from the engine" == skopeo.story(target)
    assert docker.image(name)["Id"] == skopeo.pull(target).image_id
    assert "whole" in wharf_at_engine.validate(target, *shore.flags)
    docker.forget(name)


@pytest.mark.parametrize("form", FORMS)
def test_an_image_goes_from_the_engine_into_a_file_and_back(
    form: str, wharf_at_engine: Wharf, docker: Docker, home: Home, repository: str
) -> None:
    name, place = f"{repository}:1.0", place_in(home.folder(), form)
    docker.build(build_context(home.folder(), "there and back"), name)
    image_id = docker.image(name)["Id"]
    wharf_at_engine.copy(f"docker-daemon:{name}", place)
    docker.forget(name)
    wharf_at_engine.copy(place, f"docker-daemon:{name}")
    assert ("there and back", image_id) == (docker.run(name), docker.image(name)["Id"])
    docker.forget(name)


def test_push_and_pull_without_a_file_mean_the_engine(
    wharf_at_engine: Wharf, docker: Docker, home: Home, own_shore: Shore, repository: str
) -> None:
    name = own_shore.named(repository)
    docker.build(build_context(home.folder(), "as docker does"), name)
    wharf_at_engine.program.run("push", name)
    docker.forget(name)
    wharf_at_engine.program.run("pull", name)
    assert "as docker does" == docker.run(name)
    docker.forget(name)


def test_a_plain_layer_of_docker_is_sent_compressed(
    wharf_at_engine: Wharf, docker: Docker, skopeo: Skopeo, home: Home, own_shore: Shore, repository: str
) -> None:
    name, target, plain = f"{repository}:1.0", own_shore.named(repository), home.folder()
    docker.build(build_context(home.folder(), "compressed"), name)
    wharf_at_engine.push(f"docker-daemon:{name}", target)
    skopeo.fetch(target, f"dir:{plain}")
    assert all("gzip" in str(layer["mediaType"]) for layer in dir_manifest(plain)["layers"])
    docker.forget(name)


def test_of_two_images_that_buildah_wrote_each_is_chosen_by_its_whole_name(
    wharf: Wharf, skopeo: Skopeo, buildah: Buildah, home: Home, own_shore: Shore, repository: str
) -> None:
    folder = home.folder()
    for story in ("one", "two"):
        loaded = buildah.program.run("pull", "--quiet", str(small_image(home.folder(), story))).split()[-1]
        buildah.program.run("push", loaded, f"oci:{folder}:localhost/{story}:1")
    for story in ("one", "two"):
        target = own_shore.named(f"{repository}/{story}", "1")
        wharf.push(f"oci:{folder}:localhost/{story}:1", target)
        assert story == skopeo.story(target)


def test_a_whole_name_of_wharf_is_found_by_skopeo_and_buildah(
    made: Layout, wharf: Wharf, skopeo: Skopeo, buildah: Buildah, home: Home
) -> None:
    place = f"oci:{home.folder()}:localhost/crew/app:1"
    wharf.copy(made, place)
    assert diff_ids(skopeo, str(made)) == diff_ids(skopeo, place)
    buildah.program.run("pull", "--quiet", place)


def test_an_image_leaves_the_engine_by_its_id(
    wharf_at_engine: Wharf, docker: Docker, skopeo: Skopeo, home: Home, own_shore: Shore, repository: str
) -> None:
    name, target = f"{repository}:1.0", own_shore.named(repository)
    docker.build(build_context(home.folder(), "by its id"), name)
    wharf_at_engine.push(f"docker-daemon:{docker.image(name)['Id']}", target)
    assert "by its id" == skopeo.story(target)
    docker.forget(name)
