"""wharf as a client, spoken to as the other tools are: a command from a clean home, and what it says it has done."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from tests.clients.layouts import small_image
from tests.clients.programs import DEADLINE, Home, Program
from tests.clients.tools import Pulled, story_in_dir

LOOK_EVERY = 0.02


class BlobsDocument(TypedDict):
    sent: int
    sentBytes: int
    mounted: int
    present: int


class ImageDocument(TypedDict):
    digest: str
    mediaType: str
    blobs: BlobsDocument
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: its exit code, what it said, and the most memory it held at once."""

    code: int
    said: str
    megabytes: float


class Wharf:
    """The command line of this project. `variables` are added to those of the clean home."""

    def __init__(self, home: Home, **variables: str) -> None:
        self.home = home
        self.environment: Mapping[str, str] = {**home.environment, **variables}
        self.program = Program(sys.executable, "-m", "wharf", environment=self.environment)

    def copy(self, source: object, target: object, *flags: str) -> ImageDocument:
        images: list[ImageDocument] = json.loads(self.program.run("copy", "--json", *flags, str(source), str(target)))[
            "images"
        ]
        return images[0]

    def push(self, source: object, target: str, *flags: str) -> str:
        return self.copy(source, target, *flags)["digest"]

    def make_and_push(self, story: str, target: str) -> str:
        return self.push(small_image(self.home.folder(), story), target)

    def pull(self, source: str) -> Pulled:
        folder = self.home.folder()
        digest = self.copy(source, f"oci:{folder}:pulled")["digest"]
        manifest = json.loads((folder / "blobs" / "sha256" / digest.removeprefix("sha256:")).read_bytes())
        return Pulled(digest, manifest["config"]["digest"])

    def story(self, source: str) -> str:
        """As it is in a folder that wharf has made, read by skopeo."""
        layout, plain = self.home.folder(), self.home.folder()
        self.copy(source, f"oci:{layout}:told")
        Program("skopeo", environment=self.environment).run("copy", f"oci:{layout}:told", f"dir:{plain}")
        return story_in_dir(plain)

    def validate(self, place: object, *flags: str) -> str:
        """Every size, digest and statement of the image is held against its bytes."""
        return self.program.run("inspect", "--validate", *flags, str(place))

    def measured(self, *arguments: object) -> Cost:
        """Run it and look, again and again, at the most that it has held in memory so far."""
        output, most = self.home.folder() / "said", 0.0
        command = [*self.program.command, *map(str, arguments)]
        with (
            output.open("wb") as said,
            subprocess.Popen(command, env=self.environment, stdout=said, stderr=said) as run,
        ):
            while run.poll() is None:
                most = max(most, most_megabytes_of(run.pid))
                time.sleep(LOOK_EVERY)
        return Cost(run.returncode, output.read_text(), most)


def most_megabytes_of(pid: int) -> float:
    """What the kernel remembers as its peak. (What it reports at the end also counts who started it.)"""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), 0.0)


def typed_in(wharf: Wharf, text: str, *arguments: str | Path) -> str:
    """Run it with this text on its standard input, and expect success."""
    done = subprocess.run(
        [*wharf.program.command, *map(str, arguments)],
        input=text, env=wharf.environment, capture_output=True, text=True, timeout=DEADLINE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
