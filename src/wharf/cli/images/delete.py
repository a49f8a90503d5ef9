"""`wharf delete`: takes tags or manifests out of a registry, and says first what else that takes away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import click

from wharf.cli.exit_codes import FAILED
from wharf.cli.images.errand import Errand, image_command, quiet_option
from wharf.cli.images.words import REFERENCE
from wharf.cli.output import Json
from wharf.client.client import RegistryClient
from wharf.client.leading import Tags
from wharf.client.untag import remove_tag
from wharf.errors import Refused
from wharf.oci.digest import Digest
from wharf.oci.reference import Reference, Tag

_MOST_TAGS_LOOKED_AT: Final = 500
_ABOUT: Final = """\
Delete tags or manifests from a registry. It says what will go and asks; --yes answers, for scripts.

REGISTRY/NAME:TAG takes one tag away. Its manifest stays under its other tags and its digest. REGISTRY/NAME@sha256:...
takes the manifest away, and with it every tag that leads to it; what a tagged image for several platforms lists is
deleted only together with that image.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf delete registry.example/team/app:1.0-rc1
  wharf delete reg.example/team/app:old reg.example/team/app:older --yes
  wharf delete registry.example/team/app@sha256:9f86d0...
"""


@dataclass(frozen=True, slots=True)
class Doomed:
    """One of the things that shall go. `others` are the other tags of its digest, where they could be looked for."""

    reference: Reference
    digest: Digest
    others: tuple[Tag, ...]
    others_known: bool
    subject: Digest | None = None

    @property
    def which(self) -> Tag | Digest:
        return self.reference.digest or self.reference.tag or self.digest

    @property
    def is_tag(self) -> bool:
        return isinstance(self.which, Tag)

    def in_words(self) -> list[str]:
        others = ", ".join(map(str, self.others))
        if not self.is_tag:
            tags = f"and with it its tags: {others}" if others else "and no tag leads to it"
            return [f"{self.reference}: the manifest goes, {tags}"]
        return [f"{self.reference}: the tag goes, and {self.digest} stays", f"  {self._fate_of_others(others)}"]

    def _fate_of_others(self, others: str) -> str:
        if not self.others_known:
            return "other tags may lead there; they stay"
        if others:
            return f"other tags lead there and stay: {others}"
        return "no other tag leads there: only its digest will, until the registry clears it away"

    def as_json(self) -> Json:
        tags: list[Json] = [str(tag) for tag in self.others]
        return {
            "reference": str(self.reference),
            "digest": str(self.digest),
            "manifestDeleted": not self.is_tag,
            "tagsDeleted": [str(self.reference.tag)] if self.is_tag else tags,
            "tagsKept": (tags if self.others_known else None) if self.is_tag else [],
        }


async def _delete(errand: Errand, references: tuple[Reference, ...], *, yes: bool) -> int | None:
    for reference in references:
        _refuse_whole_repository(reference)
    _refuse_where_nobody_answers(errand, yes=yes)
    doomed = [await _looked_up(errand, reference, references) for reference in dict.fromkeys(references)]
    if not (errand.for_machines or errand.quiet):
        for line in (line for each in doomed for line in each.in_words()):
            errand.output.note(line)
    if not (yes or _confirmed(errand)):
        errand.output.note("nothing was deleted")
        return FAILED.code
    for each in doomed:
        await _carry_out(errand.remotes.client(each.reference.registry), each)
    brief = [f"deleted {each.reference}" for each in doomed]
    errand.tell({"deleted": [each.as_json() for each in doomed]}, lambda: errand.output.lines(brief))
    return None


def _refuse_whole_repository(reference: Reference) -> None:
    if reference.tag is None and reference.digest is None:
        raise click.UsageError(f"{reference} is a whole repository: name a tag or a digest of it")


def _refuse_where_nobody_answers(errand: Errand, *, yes: bool) -> None:
    if not yes and (errand.for_machines or not errand.surroundings.typed.isatty()):
        raise click.UsageError("nobody is here to be asked whether to delete: say so with --yes")


async def _looked_up(errand: Errand, reference: Reference, all_going: Sequence[Reference]) -> Doomed:
    """A digest beside a tag says which manifest is meant: what goes then is the manifest."""
    client, name = errand.remotes.client(reference.registry), reference.repository
    which = reference.digest or reference.tag
    assert which is not None  # a whole repository was refused
    manifest = await client.manifest(name, which)
    digest = which if isinstance(which, Digest) else manifest.digest()
    subject = manifest.subject.digest if manifest.subject else None
    if isinstance(which, Tag) and len(await client.tags(name)) > _MOST_TAGS_LOOKED_AT:
        return Doomed(reference, digest, (), others_known=False, subject=subject)
    going = [each for each in all_going if _is_of(reference, each)]
    tags = await Tags.read(client, name)
    if isinstance(which, Digest):
        await _refuse_part(reference, tags, which, frozenset(each.digest for each in going if each.digest))
        return Doomed(reference, digest, tags.of(digest), others_known=True, subject=subject)
    tags_going = {each.tag for each in going if each.digest is None}
    others = tuple(tag for tag in tags.of(digest) if tag not in tags_going)
    return Doomed(reference, digest, others, others_known=True, subject=subject)


async def _refuse_part(reference: Reference, tags: Tags, digest: Digest, going: frozenset[Digest]) -> None:
    """Without one of the manifests that it lists, an image for several platforms cannot be copied any more."""
    broken = await tags.of_indexes_with(digest, besides=going)
    if broken:
        index = f"{reference.registry}/{reference.repository}@{tags.led[broken[0]].digest}"
        raise Refused(
            "it is part of an image for several platforms, which would be broken without it",
            evidence=[f"to be deleted: {reference}", f"listed under: {', '.join(map(str, broken))}"],
            next_step=f"delete the whole image, together with it or first: wharf delete {index}",
        )


def _is_of(reference: Reference, other: Reference) -> bool:
    return (reference.registry, reference.repository) == (other.registry, other.repository)


def _confirmed(errand: Errand) -> bool:
    errand.output.ask("Delete? [y/N] ")
    return errand.surroundings.typed.readline().strip().casefold() in {"y", "yes"}


async def _carry_out(client: RegistryClient, doomed: Doomed) -> None:
    name, which = doomed.reference.repository, doomed.which
    if isinstance(which, Tag):
        await remove_tag(client, name, which)
        return
    await client.delete_manifest(name, which)
    if doomed.subject is not None:
        await client.referrers(name, doomed.subject)  # tells whether the registry keeps the list itself
        if not client.habits.lists_referrers:
            await client.unlist_referrer(name, doomed.subject, which)


delete: Final = image_command(
    "delete",
    _delete,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["references"], type=REFERENCE, nargs=-1, required=True, metavar="REFERENCE..."),
        click.Option(["-y", "--yes"], is_flag=True, help="Do not ask."),
        quiet_option("errors"),
    ],
)
