"""The four tools as a test speaks to them: what they push, what they pull, and what they say they have seen."""

import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypedDict

from tests.clients.dockerd import Dockerd
from tests.clients.layouts import STORY, build_context, small_image
from tests.clients.programs import Home, Program, forgetful

PLAIN_HTTP = "--tls-verify=false"
# podman asks for more open files than it has itself, which root without CAP_SYS_RESOURCE may not.
LOW_LIMITS = ("--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024")
PUSHED_DIGEST = re.compile(r"digest: (sha256:[0-9a-f]{64})")


class DockerImage(TypedDict):
    Id: str
    RepoDigests: list[str]


class PodmanImage(TypedDict):
    Id: str
    Digest: str


class BuildahImage(TypedDict):
    FromImageID: str
    FromImageDigest: str


class SkopeoImage(TypedDict):
    Digest: str


class DirManifest(TypedDict):
    config: dict[str, str | int]
    layers: list[dict[str, str | int]]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a tool says of an image it has fetched: the manifest's digest, and the config's, which is the image's id."""

    digest: str
    image_id: str


class Tool(Protocol):
    """What the tests across tools ask of each of them."""

    def make_and_push(self, story: str, target: str) -> str:
        """Build the small test image in this tool's own way, push it, and return the digest the tool names."""
        ...

    def pull(self, source: str) -> Pulled:
        """Fetch an image that this tool does not have."""
        ...

    def story(self, source: str) -> str:
        """The words that the pulled image holds, read in this tool's own way."""
        ...


class Docker:
    """The docker command in front of a real daemon."""

    def __init__(self, daemon: Dockerd, home: Home) -> None:
        self.program = daemon.client(home)
        self.home = home

    def build(self, context: Path, name: str) -> None:
        self.program.run("build", "--quiet", "--tag", name, context)

    def push(self, target: str) -> str:
        said = self.program.run("push", target)
        found = PUSHED_DIGEST.search(said)
        assert found, f"docker names no digest: {said}"
        return found[1]

    def image(self, name: str) -> DockerImage:
        images: list[DockerImage] = json.loads(self.program.run("image", "inspect", name))
        return images[0]

    def make_and_push(self, story: str, target: str) -> str:
        self.build(build_context(self.home.folder(), story), target)
        digest = self.push(target)
        self.forget(target)
        return digest

    def pull(self, source: str) -> Pulled:
        self.program.run("pull", source)
        image = self.image(source)
        return Pulled(image["RepoDigests"][0].rpartition("@")[2], image["Id"])

    def run(self, source: str, *command: str) -> str:
        return self.program.run("run", "--rm", "--network=none", source, *command)

    def story(self, source: str) -> str:
        return self.run(source)

    def forget(self, name: str) -> None:
        self.program.run("image", "rm", "--force", name)


class Podman:
    """podman as root, with its images in a folder of its own."""

    def __init__(self, home: Home) -> None:
        root = home.root / "podman"
        self.home = home
        self.images = root
        self.program = Program(
            *forgetful(home),
            "podman",
            f"--root={root / 'root'}",
            f"--runroot={root / 'run'}",
            f"--tmpdir={root / 'tmp'}",
            f"--network-config-dir={root / 'networks'}",
            "--cgroup-manager=cgroupfs",
            "--events-backend=none",
            environment=home.environment,
        )

    def build(self, context: Path, name: str) -> None:
        self.program.run("build", "--tag", name, context)

    def push(self, target: str, *flags: str) -> str:
        digest = self.home.root / "pushed"
        self.program.run("push", PLAIN_HTTP, f"--digestfile={digest}", *flags, target)
        return digest.read_text()

    def make_and_push(self, story: str, target: str) -> str:
        self.build(build_context(self.home.folder(), story), target)
        digest = self.push(target)
        self.forget(target)
        return digest

    def pull(self, source: str, *flags: str) -> Pulled:
        self.program.run("pull", PLAIN_HTTP, *flags, source)
        images: list[PodmanImage] = json.loads(self.program.run("image", "inspect", source))
        return Pulled(images[0]["Digest"], f"sha256:{images[0]['Id']}")

    def run(self, source: str, *command: str) -> str:
        return self.program.run("run", "--rm", "--network=none", *LOW_LIMITS, source, *command)

    def story(self, source: str) -> str:
        return self.run(source)

    def forget(self, name: str) -> None:
        self.program.run("image", "rm", "--force", name)


class Buildah:
    """buildah as root, with its images and working containers in a folder of its own, or in podman's."""

    def __init__(self, home: Home, images: Path | None = None) -> None:
        root = images or home.root / "buildah"
        self.home = home
        self.program = Program(
            *forgetful(home),
            "buildah",
            f"--root={root / 'root'}",
            f"--runroot={root / 'run'}",
            environment=home.environment,
        )

    def build(self, context: Path, name: str) -> None:
        self.program.run("build", "--isolation=chroot", PLAIN_HTTP, "--tag", name, context)

    def push(self, target: str, *flags: str) -> str:
        digest = self.home.root / "pushed"
        self.program.run("push", PLAIN_HTTP, f"--digestfile={digest}", *flags, target, f"docker://{target}")
        return digest.read_text()

    def make_and_push(self, story: str, target: str) -> str:
        self.build(build_context(self.home.folder(), story), target)
        digest = self.push(target)
        self.forget(target)
        return digest

    def pull(self, source: str) -> Pulled:
        self.program.run("pull", PLAIN_HTTP, "--policy=always", source)
        image = self.image(source)
        return Pulled(image["FromImageDigest"], f"sha256:{image['FromImageID']}")

    def story(self, source: str) -> str:
        """What a container of buildah's own prints is lost now and then on a busy machine."""
        folder = self.home.folder()
        self.program.run("push", source, f"dir:{folder}")
        return story_in_dir(folder)

    def image(self, name: str) -> BuildahImage:
        image: BuildahImage = json.loads(self.program.run("inspect", "--type=image", name))
        return image

    @contextmanager
    def container(self, image: str) -> Iterator[str]:
        container = self.program.run("from", PLAIN_HTTP, image).strip()
        try:
            yield container
        finally:
            self.program.run("rm", container)

    def forget(self, name: str) -> None:
        self.program.run("rmi", "--force", name)


class Skopeo:
    """skopeo, which holds no images: it carries them between registries and folders."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.program = Program(*forgetful(home), "skopeo", environment=home.environment)

    def push(self, source: object, target: str, *flags: str) -> str:
        digest = self.home.root / "pushed"
        self.program.run(
            "copy", "--dest-tls-verify=false", f"--digestfile={digest}", *flags, str(source), f"docker://{target}"
        )
        return digest.read_text()

    def fetch(self, source: str, target: str, *flags: str) -> None:
        self.program.run("copy", "--src-tls-verify=false", *flags, f"docker://{source}", target)

    def copy(self, source: str, target: str, *flags: str) -> None:
        both = ("--src-tls-verify=false", "--dest-tls-verify=false")
        self.program.run("copy", *both, *flags, f"docker://{source}", f"docker://{target}")

    def inspect(self, source: str) -> SkopeoImage:
        image: SkopeoImage = json.loads(self.program.run("inspect", PLAIN_HTTP, f"docker://{source}"))
        return image

    def make_and_push(self, story: str, target: str) -> str:
        return self.push(small_image(self.home.folder(), story), target)

    def pull(self, source: str) -> Pulled:
        folder = self.home.folder()
        self.fetch(source, f"dir:{folder}")
        return Pulled(self.inspect(source)["Digest"], str(dir_manifest(folder)["config"]["digest"]))

    def story(self, source: str) -> str:
        folder = self.home.folder()
        self.fetch(source, f"dir:{folder}")
        return story_in_dir(folder)


def dir_manifest(folder: Path) -> DirManifest:
    """The manifest of an image in skopeo's plain `dir:` form."""
    manifest: DirManifest = json.loads((folder / "manifest.json").read_bytes())
    return manifest


def story_in_dir(folder: Path) -> str:
    """The story in the last layer of an image in `dir:` form that holds it: the one that a container would show."""
    for layer in reversed(dir_manifest(folder)["layers"]):
        with tarfile.open(folder / str(layer["digest"]).partition(":")[2]) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.name.lstrip("/") == STORY else None
                if content is not None:
                    return content.read().decode()
    raise AssertionError(f"no layer in {folder} holds {STORY}")
