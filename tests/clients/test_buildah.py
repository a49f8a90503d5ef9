"""buildah: images made step by step, on top of images that are in the registry and nowhere else."""

import pytest

from tests.clients.layouts import build_context, image_files, many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.registry_view import DOCKER_IMAGE, OCI_IMAGE, OCI_INDEX, RegistryView
from tests.clients.tools import PLAIN_HTTP, Buildah, Skopeo


@pytest.fixture
def target(registry: RegistryView, repository: str) -> str:
    return f"{registry.host}/{repository}:1.0"


@pytest.fixture
def base(skopeo: Skopeo, home: Home, registry: RegistryView, repository: str) -> str:
    """An image in the registry to build upon."""
    name = f"{repository}-base"
    skopeo.push(small_image(home.folder(), "the ground"), f"{registry.host}/{name}:1.0")
    return name


@pytest.mark.parametrize(("form", "media_type"), [("oci", OCI_IMAGE), ("v2s2", DOCKER_IMAGE)])
def test_an_image_of_either_form_comes_back_the_same(
    form: str, media_type: str, buildah: Buildah, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    buildah.build(build_context(home.folder(), f"as {form}"), target)
    digest = buildah.push(target, f"--format={form}")
    buildah.forget(target)
    held = registry.manifest(repository, "1.0")
    assert (media_type, digest) == (held.media_type, held.digest)
    pulled = buildah.pull(target)
    assert (digest, held.config) == (pulled.digest, pulled.image_id)
    assert buildah.story(target) == f"as {form}"


def test_an_image_made_step_by_step_holds_what_was_put_in(buildah: Buildah, home: Home, target: str) -> None:
    context = build_context(home.folder(), "step by step")
    with buildah.container("scratch") as container:
        buildah.program.run("copy", "--chmod=0755", container, context / "busybox", "/bin/busybox")
        buildah.program.run("copy", container, context / "story", "/etc/story")
        buildah.program.run("config", '--entrypoint=["/bin/busybox"]', "--label=crew=buildah", container)
        buildah.program.run("commit", container, target)
    buildah.push(target)
    buildah.forget(target)
    buildah.pull(target)
    assert buildah.story(target) == "step by step"


def test_a_build_upon_a_pulled_base_runs_its_programs_and_keeps_its_layers(
    buildah: Buildah, home: Home, registry: RegistryView, base: str, repository: str, target: str
) -> None:
    context = home.folder()
    (context / "Dockerfile").write_text(
        f"FROM {registry.host}/{base}:1.0\n"
        'RUN ["/bin/busybox", "sh", "-c", "echo -n on $(/bin/busybox cat /etc/story) > /etc/told"]\n'
        'RUN ["/bin/busybox", "mv", "/etc/told", "/etc/story"]\n'
    )
    buildah.build(context, target)
    buildah.push(target)
    buildah.forget(target)
    buildah.pull(target)
    assert buildah.story(target) == "on the ground"
    below = registry.manifest(base, "1.0").layers
    assert below == registry.manifest(repository, "1.0").layers[: len(below)]


def test_a_manifest_list_is_pushed_with_all_its_images(
    buildah: Buildah, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    for architecture in ("amd64", "arm64"):
        context = build_context(home.folder(), f"from {architecture}")
        buildah.program.run("build", f"--arch={architecture}", "--manifest=lands", context)
    buildah.program.run("manifest", "push", PLAIN_HTTP, "--all", "--format=oci", "lands", f"docker://{target}")
    index = registry.manifest(repository, "1.0")
    assert (OCI_INDEX, {"amd64", "arm64"}) == (index.media_type, set(index.architectures))
    for architecture, child in index.architectures.items():
        buildah.program.run("pull", PLAIN_HTTP, f"--arch={architecture}", target)
        assert f"sha256:{buildah.image(target)['FromImageID']}" == registry.manifest(repository, child).config


def test_a_build_for_a_platform_takes_the_base_of_that_platform(
    buildah: Buildah, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    ground = f"{registry.host}/{repository}-base:1.0"
    skopeo.push(many_platforms(home.folder(), "ground of", ["amd64", "arm64"]), ground, "--all")
    context = home.folder()
    (context / "told").write_bytes(image_files("anew")["etc/story"])
    (context / "Dockerfile").write_text(f"FROM {ground}\nCOPY told /etc/told\n")
    buildah.program.run("build", PLAIN_HTTP, "--arch=arm64", f"--tag={target}", context)
    buildah.push(target)
    arm64 = registry.manifest(f"{repository}-base", "1.0").architectures["arm64"]
    expected = registry.manifest(f"{repository}-base", arm64).layers
    assert expected == registry.manifest(repository, "1.0").layers[:1]


def test_a_deleted_base_stops_the_build_with_its_name(
    buildah: Buildah, home: Home, registry: RegistryView, base: str
) -> None:
    registry.delete_manifest(base, registry.manifest(base, "1.0").digest)
    context = home.folder()
    (context / "Dockerfile").write_text(f"FROM {registry.host}/{base}:1.0\n")
    said = buildah.program.fail("build", PLAIN_HTTP, context)
    assert "manifest unknown" in said
    assert f"{registry.host}/{base}:1.0" in said
