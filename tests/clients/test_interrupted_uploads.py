"""What is cut off goes on: uploads and downloads over a line that breaks, and over a registry that stops or is shot."""

import random
from collections.abc import Callable

import pytest

from tests.clients.cutting_proxy import CuttingProxy, Direction
from tests.clients.layouts import BIG, Layout, build_context, image_files, noise
from tests.clients.programs import DEADLINE, Home
from tests.clients.registry_view import RegistryView, digest_of
from tests.clients.tools import PLAIN_HTTP, Docker, Podman, Skopeo
from tests.clients.uploads import Upload
from wharf.testing.registry_process import RegistryProcess

MEGABYTE = 1 << 20
CARGO = random.Random(2).randbytes(12 * MEGABYTE)
HALF = len(CARGO) // 2

Interruption = Callable[[RegistryProcess], object]
INTERRUPTIONS = [
    pytest.param(RegistryProcess.stop, id="stopped"),
    pytest.param(RegistryProcess.kill, id="shot"),
]


def noisy_image(home: Home, size: int) -> Layout:
    layout = Layout(home.folder())
    layout.publish(layout.image([layout.gzipped_layer(image_files("over a bad line")), layout.stored_layer(size)]))
    return layout


def test_an_upload_over_a_line_that_broke_goes_on_where_it_stopped(registry: RegistryView, repository: str) -> None:
    with Upload(registry.url, repository) as upload:
        upload.begin_to_send(CARGO[:HALF], announced=len(CARGO)).close()
        assert 0 < upload.go_on(CARGO) <= HALF
        upload.finish(digest_of(CARGO))
    assert registry.digest_of_blob(repository, digest_of(CARGO)) == digest_of(CARGO)


def test_a_piece_that_leaves_a_gap_is_refused_and_the_upload_goes_on(registry: RegistryView, repository: str) -> None:
    with Upload(registry.url, repository) as upload:
        upload.send(CARGO[:HALF], 0)
        assert upload.try_to_send(CARGO[HALF + 1 :], HALF + 1).status_code == 416
        assert upload.received() == HALF
        upload.finish(digest_of(CARGO), CARGO[HALF:])
    assert registry.digest_of_blob(repository, digest_of(CARGO)) == digest_of(CARGO)


@pytest.mark.parametrize("interrupt", INTERRUPTIONS)
def test_an_acknowledged_piece_is_still_there_after_a_restart(
    interrupt: Interruption, own_registry: RegistryProcess
) -> None:
    with Upload(own_registry.url, "crew/resumed") as upload:
        upload.send(CARGO[:HALF], 0)
        interrupt(own_registry)
        own_registry.start()
        assert upload.received() == HALF
        upload.send(CARGO[HALF:], HALF)
        upload.finish(digest_of(CARGO))
    view = RegistryView(own_registry.url)
    assert view.digest_of_blob("crew/resumed", digest_of(CARGO)) == digest_of(CARGO)


def test_a_piece_that_the_registry_died_in_is_sent_on_from_where_it_was_kept(own_registry: RegistryProcess) -> None:
    with Upload(own_registry.url, "crew/resumed") as upload:
        upload.send(CARGO[:MEGABYTE], 0)
        line = upload.begin_to_send(CARGO[MEGABYTE:HALF], announced=len(CARGO) - MEGABYTE)
        own_registry.kill()
        line.close()
        own_registry.start()
        received = upload.received()
        assert MEGABYTE <= received <= HALF
        upload.finish(digest_of(CARGO), CARGO[received:])
    view = RegistryView(own_registry.url)
    assert view.digest_of_blob("crew/resumed", digest_of(CARGO)) == digest_of(CARGO)


@pytest.mark.parametrize("interrupt", INTERRUPTIONS)
def test_what_was_pushed_is_pulled_after_a_restart(
    interrupt: Interruption, own_registry: RegistryProcess, skopeo: Skopeo
) -> None:
    target = f"{own_registry.host}/crew/kept:1.0"
    pushed = skopeo.make_and_push("kept", target)
    interrupt(own_registry)
    own_registry.start()
    assert skopeo.pull(target).digest == pushed
    assert skopeo.story(target) == "kept"


def test_a_push_that_the_registry_died_in_succeeds_at_the_second_try(
    own_registry: RegistryProcess, skopeo: Skopeo, home: Home
) -> None:
    layout = noisy_image(home, 256 * MEGABYTE)
    with CuttingProxy(own_registry.host) as line:
        target = f"{line.host}/crew/again:1.0"
        push = skopeo.program.start("copy", "--dest-tls-verify=false", str(layout), f"docker://{target}")
        line.wait_until_carried(Direction.TO_REGISTRY, 32 * MEGABYTE)
        own_registry.kill()
        assert push.wait(DEADLINE) != 0
        own_registry.start()
        view = RegistryView(own_registry.url)
        assert not view.has_manifest("crew/again", "1.0")
        digest = skopeo.push(layout, target)
    assert view.manifest("crew/again", "1.0").digest == digest
    layers = view.manifest("crew/again", "1.0").layers
    assert layers == [view.digest_of_blob("crew/again", layer) for layer in layers]


def test_docker_pushes_on_when_the_line_breaks(
    docker: Docker, home: Home, registry: RegistryView, repository: str
) -> None:
    context = build_context(home.folder(), "over a bad line")
    (context / "big").write_bytes(b"".join(noise(24 * MEGABYTE)))
    with (context / "Dockerfile").open("a") as dockerfile:
        dockerfile.write(f"COPY big /{BIG}\n")
    with CuttingProxy(registry.host) as line:
        target = f"{line.host}/{repository}:1.0"
        docker.build(context, target)
        line.cut_once(Direction.TO_REGISTRY, after=8 * MEGABYTE)
        pushed = docker.push(target)
        assert line.cuts == 1
    held = registry.manifest(repository, "1.0")
    assert held.digest == pushed
    assert held.layers == [registry.digest_of_blob(repository, layer) for layer in held.layers]


def test_docker_pulls_on_when_the_line_breaks(
    docker: Docker, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str
) -> None:
    pushed = skopeo.push(noisy_image(home, 48 * MEGABYTE), f"{registry.host}/{repository}:1.0")
    with CuttingProxy(registry.host) as line:
        line.cut_once(Direction.TO_CLIENT, after=16 * MEGABYTE)
        pulled = docker.pull(f"{line.host}/{repository}:1.0")
        assert line.cuts == 1
    assert pulled.digest == pushed
    assert line.carried[Direction.TO_CLIENT] < (48 + 16) * MEGABYTE


def test_podman_pulls_on_when_the_line_breaks(
    podman: Podman, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str
) -> None:
    pushed = skopeo.push(noisy_image(home, 48 * MEGABYTE), f"{registry.host}/{repository}:1.0")
    with CuttingProxy(registry.host) as line:
        line.cut_once(Direction.TO_CLIENT, after=16 * MEGABYTE)
        pulled = podman.pull(f"{line.host}/{repository}:1.0")
        assert line.cuts == 1
    assert pulled.digest == pushed


def test_a_push_that_was_interrupted_leaves_a_registry_that_serves(
    own_registry: RegistryProcess, skopeo: Skopeo, home: Home
) -> None:
    layout = noisy_image(home, 128 * MEGABYTE)
    with CuttingProxy(own_registry.host) as line:
        line.cut_once(Direction.TO_REGISTRY, after=32 * MEGABYTE)
        skopeo.program.fail(
            "copy", PLAIN_HTTP.replace("--", "--dest-"), str(layout), f"docker://{line.host}/crew/cut:1"
        )
        assert line.cuts == 1
    pushed = skopeo.make_and_push("all the same", f"{own_registry.host}/crew/cut:2")
    assert RegistryView(own_registry.url).manifest("crew/cut", "2").digest == pushed
