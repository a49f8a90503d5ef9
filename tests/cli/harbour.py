"""A registry for the verbs, and images put into it without them."""

import http.client
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from examples.push_sample import Repository
from tests.cli.stage import Outcome, Terminal, run
from wharf.cli.main import main
from wharf.cli.surroundings import Surroundings
from wharf.testing.random_image import RandomImage, random_image
from wharf.testing.registry_process import RegistryProcess

PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Harbour:
    """One repository of a running registry, and a folder to work in."""

    registry: RegistryProcess
    name: str
    folder: Path

    @property
    def host(self) -> str:
        return self.registry.host

    def at(self, tag: str = "", name: str = "") -> str:
        return f"{self.host}/{name or self.name}" + (f":{tag}" if tag else "")

    def put(self, image: RandomImage, *tags: str, name: str = "") -> RandomImage:
        with closing(http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)) as connection:
            target = Repository(connection, name or self.name)
            for part in image.walk():
                for blob in part.manifest.required_blobs:
                    target.push_blob(part.blobs[blob.digest], blob.media_type)
                for tag in (tags or ("",)) if part is image else ("",):
                    target.push_manifest(json.loads(part.manifest.raw), tag)
        return image

    def put_new(self, seed: int, *tags: str) -> RandomImage:
        return self.put(random_image(seed, layers=1, layer_size=500), *tags)

    def wharf(self, *words: str, **environ: str) -> Outcome:
        return run(self.folder, words, {"HOME": str(self.folder), **environ})

    def wharf_json(self, *words: str) -> Any:
        outcome = self.wharf(*words, "--json")
        assert outcome.code == 0, outcome
        return json.loads(outcome.out)

    def asked(self, answer: str, *words: str) -> Outcome:
        """With a person in front, who types this when asked."""
        typed, out, err = Terminal(answer), StringIO(), Terminal()
        code = main(words, Surroundings({"TERM": "dumb"}, out, err, self.folder, typed, self.folder))
        return Outcome(code, out.getvalue(), err.getvalue())

    def tags(self) -> Sequence[str]:
        with closing(http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)) as connection:
            connection.request("GET", f"/v2/{self.name}/tags/list")
            listed: Sequence[str] = json.loads(connection.getresponse().read())["tags"]
            return listed

    def holds(self, reference: str) -> bool:
        with closing(http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)) as connection:
            connection.request("HEAD", f"/v2/{self.name}/manifests/{reference}")
            return connection.getresponse().status == 200
