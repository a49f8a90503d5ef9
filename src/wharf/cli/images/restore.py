"""`wharf restore`: brings back what was deleted from a wharf registry, as long as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.images.words import REFERENCE
from wharf.cli.moments import ago, moment_of
from wharf.cli.output import Output
from wharf.errors import CannotRestore, NotThere
from wharf.oci.digest import Digest
from wharf.oci.members import Members
from wharf.oci.reference import Reference, RepositoryName, Tag
from wharf.protocol.api_paths import github, own

if TYPE_CHECKING:
    from wharf.client.wharf_api import WharfApi

_INSTANCE: Final = "-"
_ABOUT: Final = """\
Bring back what was deleted from a wharf registry: a manifest by its digest, a tag with what it led to, or, by the name
of the repository alone, all that was deleted together with it. Tags come back where they lead nowhere else by then.

What is deleted is kept for a while, 30 days unless the registry says otherwise.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf restore registry.example/crew/app --list
  wharf restore registry.example/crew/app:1.0
  wharf restore registry.example/crew/app
"""


@dataclass(frozen=True, slots=True)
class DeletedVersion:
    id: int
    digest: str
    tags: tuple[str, ...]
    deleted: datetime | None

    @classmethod
    def read(cls, row: Members) -> Self:
        tags = row.inner("metadata").inner("container").texts("tags")
        return cls(row.number("id"), row.text("name"), tags, moment_of(row.text("deleted_at")))

    def answers_to(self, reference: Reference) -> bool:
        if reference.digest is not None:
            return self.digest == str(reference.digest)
        return str(reference.tag) in self.tags


@dataclass(frozen=True, slots=True)
class TagMove:
    """`digest` is empty where the tag was taken away."""

    digest: str
    previous: str

    @classmethod
    def read(cls, row: Members) -> Self:
        return cls(row.text("digest"), row.text("previous"))


async def _restore(errand: ApiErrand, reference: Reference, *, only_list: bool) -> None:
    api = errand.api(reference.registry)
    if only_list:
        _tell_deleted(errand, reference, await _deleted(api, reference))
        return
    if reference.tag is None and reference.digest is None:
        path, did = await _package(api, reference.repository), f"restore {reference.repository}"
        await api.post(f"{path}/restore", did, _nothing, {})
        errand.tell({"restored": str(reference)}, lambda: errand.output.line(f"restored {reference}"))
        return
    deleted = await _deleted(api, reference)
    if reference.tag is None or any(version.answers_to(reference) for version in deleted):
        version = _newest(reference, deleted)
        await _bring_back(api, reference, version)
        _tell_restored(errand, reference, version.digest, version.tags)
    else:
        digest = await _where_it_led(api, reference, reference.tag)
        await _set_again(errand, replace(reference, digest=digest), reference.tag, deleted)
        _tell_restored(errand, reference, str(digest), [str(reference.tag)])


async def _bring_back(api: "WharfApi", reference: Reference, version: DeletedVersion) -> None:
    path = await _package(api, reference.repository)
    await api.post(f"{path}/versions/{version.id}/restore", f"restore {reference}", _nothing, {})


async def _where_it_led(api: "WharfApi", reference: Reference, tag: Tag) -> Digest:
    """For a tag that was taken away by itself, or before its manifest was: its history knows."""
    path = own("packages", str(reference.repository), "tags", str(tag), "history")
    try:
        latest = await api.every(path, f"tell where {reference} led", TagMove.read, most_pages=1)
    except NotThere:
        latest = ()
    if not latest:
        raise _nothing_kept(reference)
    if latest[0].digest:
        raise CannotRestore(
            str(reference),
            f"it is there, and leads to {latest[0].digest}",
            next_step=f"look at what it is: wharf inspect {reference}",
        )
    return Digest.parse(latest[0].previous)


async def _set_again(errand: ApiErrand, reference: Reference, tag: Tag, deleted: Sequence[DeletedVersion]) -> None:
    """`reference`: by digest. Its manifest may have been deleted after the tag was."""
    gone = [version for version in deleted if version.answers_to(reference)]
    if gone:
        await _bring_back(errand.api(reference.registry), reference, gone[0])
    client = errand.remotes.client(reference.registry)
    manifest = await client.manifest(reference.repository, Digest.parse(str(reference.digest)))
    await client.put_manifest(reference.repository, manifest, [tag])


async def _deleted(api: "WharfApi", reference: Reference) -> tuple[DeletedVersion, ...]:
    path = await _package(api, reference.repository)
    did = f"list what was deleted of {reference.repository}"
    return await api.every(f"{path}/versions", did, DeletedVersion.read, {"state": "deleted"})


async def _package(api: "WharfApi", repository: RepositoryName) -> str:
    """GitHub's address of it: an organisation's and a user's differ."""
    owner, slash, name = str(repository).partition("/")
    if not slash:
        return github("orgs", _INSTANCE, "packages", "container", owner)
    holder = "users" if await _is_user(api, owner) else "orgs"
    return github(holder, owner, "packages", "container", name)


async def _is_user(api: "WharfApi", owner: str) -> bool:
    """A name that nobody has stands before the repositories of the administrators."""
    try:
        return await api.get(github("users", owner), f"tell who {owner} is", _kind) == "User"
    except NotThere:
        return False


def _kind(answer: Members) -> str:
    return answer.text("type")


def _nothing(answer: Members) -> None:
    return None


def _newest(reference: Reference, versions: Sequence[DeletedVersion]) -> DeletedVersion:
    """A tag may have led to several that were deleted one after the other."""
    found = [version for version in versions if version.answers_to(reference)]
    if not found:
        raise _nothing_kept(reference)
    return max(found, key=lambda version: version.deleted or datetime.min.replace(tzinfo=UTC))


def _nothing_kept(reference: Reference) -> NotThere:
    repository = f"{reference.registry}/{reference.repository}"
    return NotThere(
        f"nothing that was deleted from {repository} and is kept is called {reference.digest or reference.tag}",
        next_step=f"look at what is kept: wharf restore {repository} --list",
    )


def _tell_restored(errand: ApiErrand, reference: Reference, digest: str, tags: Sequence[str]) -> None:
    said = {"restored": str(reference), "digest": digest, "tags": list(tags)}
    errand.tell(said, lambda: errand.output.line(f"restored {reference} ({_short(digest)})"))


def _tell_deleted(errand: ApiErrand, reference: Reference, versions: Sequence[DeletedVersion]) -> None:
    rows = [
        {
            "digest": version.digest,
            "tags": list(version.tags),
            "deleted": version.deleted.isoformat() if version.deleted else None,
        }
        for version in versions
    ]
    errand.tell({"repository": str(reference), "deleted": rows}, lambda: _show(errand.output, versions))


def _show(output: Output, versions: Sequence[DeletedVersion]) -> None:
    if not versions:
        output.note("nothing that was deleted is kept")
        return
    now = datetime.now(UTC)
    rows = [
        (_short(each.digest), ago(each.deleted, now) if each.deleted else "", " ".join(each.tags)) for each in versions
    ]
    output.table([("DIGEST", "DELETED", "TAGS"), *rows], "<<<")


def _short(digest: str) -> str:
    return digest[: len("sha256:") + 12]


restore: Final = api_command(
    "restore",
    _restore,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["reference"], type=REFERENCE),
        click.Option(["only_list", "--list"], is_flag=True, help="Only list what can be brought back."),
    ],
)
