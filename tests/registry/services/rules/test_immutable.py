"""Of two pushes at once, to two workers, one sets the tag."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path

from wharf.access.limits import Pattern
from wharf.errors import TagImmutable
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import ANYBODY, Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.publishing import Published, Publishing, Submission
from wharf.registry.services.rules.rulebook import Rulebook
from wharf.registry.services.rules.terms import Immutable

NAME = RepositoryName("crew/app")


def push(metadata: MetadataStore, number: int, tag: str = "v1") -> Coroutine[object, object, Published]:
    document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [], "annotations": {"number": str(number)}}
    submission = Submission(NAME, Tag(tag), (), OCI_INDEX, json.dumps(document).encode())
    return Publishing(metadata, Gate(OpenToAll()), system_clock).publish(ANYBODY, submission)


def test_of_two_pushes_at_once_one_sets_the_tag(tmp_path: Path) -> None:
    async def story() -> None:
        workers = [SqliteMetadata(tmp_path, forced=False) for _ in range(2)]
        rulebook = Rulebook(workers[0], Gate(OpenToAll()), system_clock)
        await rulebook.add(ANYBODY, None, Immutable(tags=(Pattern("v*"),)))
        pushes = (push(workers[number % 2], number) for number in range(20))
        ended = await asyncio.gather(*pushes, return_exceptions=True)
        assert 19 == sum(isinstance(end, TagImmutable) for end in ended)
        for worker in workers:
            worker.close()

    asyncio.run(story())
