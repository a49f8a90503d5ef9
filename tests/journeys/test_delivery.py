"""An image on its way through registries, folders and archives, as somebody with a command line sends it."""

import asyncio
import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.crew import PATIENCE_SECONDS, Printed, ask, wharf
from wharf.images.layout import LayoutSink
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_LAYER_GZIP
from wharf.oci.reference import Tag
from wharf.testing.random_image import RandomImage, image_manifest, put_image, random_image, random_index
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow
LAYERS, LAYER_SIZE = 5, 12_000_000


@pytest.fixture
def other_registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "other") as registry:
        yield registry


def built(folder: Path, tag: str, image: RandomImage) -> str:
    """An image in a folder, as a build leaves it."""

    async def put() -> None:
        sink = LayoutSink(folder)
        await put_image(image, sink, Tag(tag))
        await sink.close()

    asyncio.run(put())
    return f"oci:{folder}:{tag}"


def heavy_image() -> RandomImage:
    """Layers that take their time. They are noise: who only carries them does not look into them."""
    image = random_image(1, layers=1, layer_size=300)
    layers = {Digest.of(noise): noise for noise in (secrets.token_bytes(LAYER_SIZE) for _ in range(LAYERS))}
    named = [Descriptor(OCI_LAYER_GZIP, digest, LAYER_SIZE) for digest in layers]
    config = image.image.config
    return RandomImage(image_manifest(config, named), {**layers, config.digest: image.blobs[config.digest]})


def told(*arguments: str | Path) -> Any:
    done = wharf(*arguments, "--json")
    assert 0 == done.code, done
    return json.loads(done.out)


def said(done: Printed) -> str:
    return " ".join(done.out.split())


def test_an_image_goes_round_the_world_and_stays_the_same(
    registry: RegistryProcess, other_registry: RegistryProcess, tmp_path: Path
) -> None:
    index = random_index(1)
    built(tmp_path / "build", "1.0", index)
    stations = [
        f"oci:{tmp_path}/build",
        f"{registry.host}/crew/app:1.0",
        f"{other_registry.host}/mirror/app:1.0",
        f"oci:{tmp_path}/folder",
        f"oci-archive:{tmp_path}/app.tar",
        f"{registry.host}/crew/returned",
    ]
    for source, target in pairwise(stations):
        (copied,) = told("copy", source, target)["images"]
        assert str(index.digest) == copied["digest"], target
    shown = wharf("inspect", f"{registry.host}/crew/returned:1.0", "--validate")
    assert "is whole" in shown.out
    assert "the same image" in wharf("diff", stations[0], f"{registry.host}/crew/returned:1.0").out


def test_what_a_build_did_not_change_does_not_travel_again(registry: RegistryProcess, tmp_path: Path) -> None:
    first = random_image(1, layers=3)
    place = built(tmp_path / "build", "1.0", first)
    told("push", f"{registry.host}/crew/app:1.0", place)
    (again,) = told("push", f"{registry.host}/crew/app:1.0", place)["images"]
    assert 0 == again["blobs"]["sent"]
    (elsewhere,) = told("copy", f"{registry.host}/crew/app:1.0", f"{registry.host}/fleet/app:1.0")["images"]
    assert (0, 4) == (elsewhere["blobs"]["sent"], elsewhere["blobs"]["mounted"])


def test_who_asks_for_the_wrong_tag_learns_the_right_one(registry: RegistryProcess, tmp_path: Path) -> None:
    place = built(tmp_path / "build", "x", random_image(1, layers=1))
    told("push", f"{registry.host}/crew/app:sha-453a654", place)
    missed = wharf("pull", f"{registry.host}/crew/app:453a6545f1", f"oci:{tmp_path}/pulled")
    assert 4 == missed.code
    said = " ".join(missed.complaint.split())
    assert f"no tag 453a6545f1 in {registry.host}/crew/app; the nearest is sha-453a654, pushed " in said
    assert "ask for one of: sha-453a654" in missed.complaint
    assert not (tmp_path / "pulled" / "index.json").exists()


def test_a_deleted_tag_takes_nothing_with_it(registry: RegistryProcess, tmp_path: Path) -> None:
    image = random_image(1, layers=1)
    place = built(tmp_path / "build", "x", image)
    app = f"{registry.host}/crew/app"
    told("push", f"{app}:1.0", place)
    told("tag", f"{app}:1.0", "1", "latest")
    refused = wharf("delete", f"{app}:1")
    assert 2 == refused.code
    assert "--yes" in refused.complaint
    gone = wharf("delete", f"{app}:1", "--yes")
    assert "other tags lead there and stay: 1.0, latest" in gone.complaint
    assert ["1.0", "latest"] == [tag["name"] for tag in told("tags", app)["tags"]]
    assert 0 == wharf("delete", f"{app}@{image.digest}", "--yes").code
    assert [] == told("tags", app)["tags"]


def test_two_builds_are_told_apart(registry: RegistryProcess, tmp_path: Path) -> None:
    app = f"{registry.host}/crew/app"
    for tag, text in (("1.0", b"old"), ("1.1", b"newer")):
        image = random_image(1, layers=1, layer_size=300, files={"srv/app": text})
        told("push", f"{app}:{tag}", built(tmp_path / tag, tag, image))
    differs = wharf("diff", f"{app}:1.0", f"{app}:1.1", "--exit-code")
    assert 1 == differs.code
    assert "~ +2 B /srv/app" in said(differs)
    assert 0 == wharf("diff", f"{app}:1.0", f"{app}:1.0", "--exit-code").code


def test_a_push_that_was_shot_goes_on_where_it_was(registry: RegistryProcess, tmp_path: Path) -> None:
    place = built(tmp_path / "build", "1.0", heavy_image())
    target = f"{registry.host}/crew/app:1.0"
    ended = ended_after_the_first_blob(signal.SIGKILL, "push", target, place, "--jobs", "1")
    assert -signal.SIGKILL == ended
    assert 404 == ask(registry, "HEAD", "/v2/crew/app/manifests/1.0").status
    (resumed,) = told("push", target, place)["images"]
    assert resumed["blobs"]["present"] >= 1
    (pulled,) = told("pull", target, f"oci:{tmp_path}/pulled")["images"]
    assert LAYERS + 1 == pulled["blobs"]["sent"]


@pytest.mark.parametrize("kind", ["oci", "oci-archive"])
def test_who_presses_ctrl_c_is_left_with_what_was_there_before(
    registry: RegistryProcess, tmp_path: Path, kind: str
) -> None:
    source = f"{registry.host}/crew/app:1.0"
    told("push", source, built(tmp_path / "build", "1.0", heavy_image()))
    told("push", f"{registry.host}/crew/app:0.9", built(tmp_path / "before", "0.9", random_image(2, layers=1)))
    yard = tmp_path / "yard"
    yard.mkdir()
    told("copy", f"{registry.host}/crew/app:0.9", f"{kind}:{yard}/app")
    before = wharf("inspect", f"{kind}:{yard}/app", "--raw").out
    assert 130 == ended_after_the_first_blob(
        signal.SIGINT, "copy", source, f"{kind}:{yard}/app", "--jobs", "1", "--force"
    )
    assert before == wharf("inspect", f"{kind}:{yard}/app", "--raw").out
    assert [] == [path for path in yard.rglob("*") if "tmp" in path.name.lower() or path.name.startswith(".wharf")]


def ended_after_the_first_blob(number: signal.Signals, *arguments: str) -> int:
    """The exit code of a command that is sent a signal once the log says that something was sent."""
    command = [sys.executable, "-m", "wharf", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        for line in process.stderr:
            if line.endswith("sent\n"):
                process.send_signal(number)
                break
        process.stderr.read()
        return process.wait(PATIENCE_SECONDS)
