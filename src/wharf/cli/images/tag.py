"""`wharf tag`: gives an image that is in a registry more names there. No byte of it travels."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import click

from wharf.cli.images.errand import Errand, image_command, quiet_option
from wharf.cli.images.words import REFERENCE
from wharf.errors import MalformedReference
from wharf.images.copy import Wishes, copy_image
from wharf.images.progress import Unwatched
from wharf.images.sink import Origin
from wharf.oci.digest import Digest
from wharf.oci.reference import Reference, RepositoryName, Tag

_ABOUT: Final = """\
Give an image in a registry more names there. Nothing is pulled or pushed.

A new name is a tag, or a whole reference in the same registry. In another repository the registry links the layers.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf tag registry.example/team/app:1.4.2 1.4 1 latest
  wharf tag registry.example/team/app@sha256:9f86d0... stable
  wharf tag registry.example/dev/app:1.4.2 registry.example/prod/app:1.4.2
"""


async def _tag(errand: Errand, source: Reference, names: tuple[str, ...]) -> None:
    source = source.with_default_tag()
    targets = [_target(source, name) for name in names]
    which = source.digest or source.tag
    origin = Origin(source.registry, source.repository)
    wishes = Wishes(all_platforms=True, called=str(source))
    for repository in dict.fromkeys(target.repository for target in targets):
        tags = _tags_in(repository, targets)
        sink = errand.remotes.repository(replace(source, repository=repository))
        if repository == source.repository:
            digest = await _retag(errand, source, tags)
        else:
            reader = errand.remotes.repository(source)
            digest = (await copy_image(reader, which, sink, tags, wishes, Unwatched(), origin)).digest
    done = [str(target) for target in targets]
    document = {"source": str(source), "digest": str(digest), "names": done}
    errand.tell(document, lambda: errand.output.lines(f"{name} -> {digest}" for name in done), [str(digest)])


def _target(source: Reference, name: str) -> Reference:
    """A word alone is a tag. As a reference it would be a repository of Docker Hub, which nobody means here."""
    if not set(name.removeprefix(":")) & set("/:@"):
        return replace(source, tag=Tag(name.removeprefix(":")), digest=None)
    target = Reference.parse(name).with_default_tag()
    if target.registry != source.registry:
        step = f"copy it there: wharf copy {source} {target}"
        raise MalformedReference(name, f"this is in another registry than {source.registry}", next_step=step)
    if target.digest is not None:
        raise MalformedReference(name, "an image cannot be given a digest: its content has it", next_step="name a tag")
    return target


def _tags_in(repository: RepositoryName, targets: Sequence[Reference]) -> list[Tag]:
    return list(dict.fromkeys(each.tag for each in targets if each.repository == repository and each.tag))


async def _retag(errand: Errand, source: Reference, tags: Sequence[Tag]) -> Digest:
    client = errand.remotes.client(source.registry)
    which = source.digest or source.tag
    assert which is not None  # without either it is the default tag
    return await client.put_manifest(source.repository, await client.manifest(source.repository, which), tags)


tag: Final = image_command(
    "tag",
    _tag,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["source"], type=REFERENCE),
        click.Argument(["names"], nargs=-1, required=True, metavar="NAME..."),
        quiet_option(),
    ],
)
