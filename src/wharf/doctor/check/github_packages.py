"""GitHub's API of packages: which packages an owner has, which versions a package has, and taking versions away.

It answers at api.github.com for ghcr.io, and under `/api/v3/` at a server of one's own, which may be a registry too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

from wharf.client.login.proof import to_api
from wharf.client.message import Request, Response
from wharf.client.refusals import refusal, told
from wharf.client.session import Session
from wharf.credentials.credential import Credential, secret_of
from wharf.doctor.check.berth import GITHUB
from wharf.doctor.check.voyage import Voyage
from wharf.errors import RateLimited, RemoteAnswered, RemoteMisbehaved, WharfError, counted

_PUBLIC: Final = "https://api.github.com"
_UNDER: Final = "/api/v3"
_MARK_OF_GITHUB: Final = "current_user_url"
_PAGE: Final = 100
_NEXT: Final = 'rel="next"'
_MOST_PAGES: Final = 5
_ORGANISATION: Final = "orgs/{}"
_USER: Final = "users/{}"
_ONESELF: Final = "user"
_LEFT: Final = "x-ratelimit-remaining"
_RESET: Final = "x-ratelimit-reset"
_SSO: Final = "x-github-sso"
_AUTHORISE: Final = "on the page of the token choose Configure SSO, and authorise it for the organisation"
_MAY_NOT: Final = (
    "the API wants a classic token with read:packages (delete:packages to delete); a fine-grained token is answered "
    "so, and a job's without `packages: write`"
)


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    visibility: str


@dataclass(frozen=True, slots=True)
class Version:
    id: int
    digest: str
    tags: tuple[str, ...]


@dataclass(slots=True)
class GitHubPackages:
    """`package`: as GitHub calls it, what stands behind the owner's name in a repository's."""

    session: Session
    address: str
    owner: str
    package: str
    authorization: str = field(repr=False)
    host: str
    """As people call it: that of its address."""
    _holder: str = ""

    async def packages(self) -> tuple[Package, ...]:
        listed = await self._listed(f"{await self._path()}/packages", "package_type=container")
        return tuple(Package(str(each.get("name", "")), str(each.get("visibility", ""))) for each in listed)

    async def versions(self) -> tuple[Version, ...]:
        return tuple(map(_version, await self._listed(f"{await self._path()}/{self._package_path}/versions", "")))

    async def delete_version(self, version: Version) -> None:
        await self._delete(f"{await self._path(to_change=True)}/{self._package_path}/versions/{version.id}")

    async def delete_package(self) -> None:
        await self._delete(f"{await self._path(to_change=True)}/{self._package_path}")

    async def command_to_delete(self) -> str:
        """The whole package, which is the check's alone. `gh` has a login of its own."""
        elsewhere = f" --hostname {self.host}" if self.address == _UNDER else ""
        return f"gh api{elsewhere} -X DELETE /{await self._path(to_change=True)}/{self._package_path}"

    @property
    def _package_path(self) -> str:
        return f"packages/container/{quote(self.package, safe='')}"

    async def _path(self, *, to_change: bool = False) -> str:
        """An organisation and a user have different addresses; a user's own packages have a third one for changes."""
        if not self._holder:
            answer = await self._ask("GET", f"{_ORGANISATION.format(quote(self.owner))}")
            self._holder = _ORGANISATION if answer.status == 200 else _USER
        is_own = to_change and self._holder == _USER
        return _ONESELF if is_own else self._holder.format(quote(self.owner))

    async def _listed(self, path: str, query: str) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for page in range(1, _MOST_PAGES + 1):
            answer = await self._ask("GET", f"{path}?per_page={_PAGE}&page={page}{f'&{query}' if query else ''}")
            new = list(self._entries(path, answer))
            found += new
            if not new or (len(new) < _PAGE and _NEXT not in (answer.headers.first("link") or "")):
                break
        return found

    def _entries(self, path: str, answer: Response) -> Iterator[Mapping[str, Any]]:
        if answer.status != 200:
            raise self._refusal(f"list /{path}", answer)
        document = _json(answer)
        if not isinstance(document, list):
            raise RemoteMisbehaved(self.host, "its answer is no list", [f"GET {answer.shown_url}"])
        yield from (each for each in document if isinstance(each, dict))

    async def _delete(self, path: str) -> None:
        answer = await self._ask("DELETE", path)
        if answer.status not in {200, 204, 404}:
            raise self._refusal(f"delete /{path}", answer)

    def _refusal(self, did: str, answer: Response) -> RemoteAnswered:
        """GitHub says 403 to those who have asked too often, and 404 for what a token may not even know of."""
        if answer.status == 403 and answer.headers.first(_LEFT) == "0":
            said = [*told(answer).lines, f"{_LEFT}: 0", f"{_RESET}: {answer.headers.first(_RESET) or ''}"]
            return RateLimited(self.host, did, answer.status, said)
        if answer.headers.first(_SSO):
            return refusal(self.host, did, answer, _AUTHORISE)
        return refusal(self.host, did, answer, _MAY_NOT if answer.status in {401, 403, 404} else "")

    async def _ask(self, method: str, path: str) -> Response:
        headers = {
            "authorization": self.authorization,
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        }
        return await self.session.send(Request(method, f"{self.address}/{path}", headers))


async def packages_api(voyage: Voyage) -> GitHubPackages | None:
    """None where there is no such API, or nobody in particular asks: it answers nobody."""
    address = await _address(voyage)
    owner, _, package = str(voyage.berth.repository).partition("/")
    if address is None or voyage.credential is None or not package:
        return None
    authorization = _shown(voyage.credential, address)
    host = voyage.berth.registry if address == _UNDER else urlsplit(address).netloc.rpartition("@")[2]
    return GitHubPackages(voyage.session, address, owner, package, authorization, host)


def _shown(credential: Credential, address: str) -> str:
    """GitHub wants a token in any case; a server of one's own may have been logged in to with a password."""
    return to_api(credential) if address == _UNDER else f"Bearer {secret_of(credential).reveal()}"


async def _address(voyage: Voyage) -> str | None:
    if voyage.berth.registry == GITHUB:
        return voyage.scene.environ.get("GITHUB_API_URL", "").rstrip("/") or _PUBLIC
    try:
        answer = await voyage.session.send(Request("GET", f"{_UNDER}/"))
    except WharfError:
        return None
    document = _json(answer) if answer.status == 200 else None
    return _UNDER if isinstance(document, dict) and _MARK_OF_GITHUB in document else None


async def delete_versions(api: GitHubPackages, digests: Sequence[str]) -> None:
    """Those with these digests. The last version of a package goes only together with the package."""
    versions = await api.versions()
    ours = [version for version in versions if version.digest in digests]
    if not ours:
        evidence = [f"{counted(len(versions), 'version')} of {api.owner}/{api.package}"]
        raise RemoteMisbehaved(api.host, "its list of versions does not have what was pushed", evidence)
    if ours and len(ours) == len(versions):
        await api.delete_package()
        return
    for version in ours:
        await api.delete_version(version)


def _version(entry: Mapping[str, Any]) -> Version:
    """GitHub calls a version by its digest, and keeps the tags among what it knows of it."""
    metadata = entry.get("metadata")
    container = metadata.get("container") if isinstance(metadata, dict) else None
    tags = container.get("tags") if isinstance(container, dict) else None
    number = entry.get("id")
    return Version(
        number if isinstance(number, int) else 0,
        str(entry.get("name", "")),
        tuple(map(str, tags)) if isinstance(tags, list) else (),
    )


def _json(answer: Response) -> object:
    try:
        document: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return document
