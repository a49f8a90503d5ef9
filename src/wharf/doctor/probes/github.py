"""GitHub, by its REST interface and the surroundings of a job: the token's scopes, the job's rights, the package."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from wharf.client.clouds.cloud import host_of
from wharf.client.connect import open_session
from wharf.client.message import Request, Response
from wharf.client.session import Session
from wharf.client.settings import Retries, Timeouts
from wharf.credentials.credential import Password
from wharf.credentials.keychain import Anonymous
from wharf.credentials.secret import Secret
from wharf.doctor.checkout import Checkout
from wharf.doctor.folder.folder import Folder
from wharf.doctor.folder.git_history import history_in
from wharf.doctor.ground.small_file import beginning_of
from wharf.doctor.looks.image_jobs import ImageJob, image_jobs
from wharf.doctor.probes.checkout import is_repository
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import RateLimited, WharfError
from wharf.oci.reference import RepositoryName

_HOSTS: Final = frozenset({"ghcr.io", "docker.pkg.github.com"})
_HOST: Final = "ghcr.io"
_API: Final = "https://api.github.com"
_TOKENS: Final = ("GITHUB_TOKEN", "GH_TOKEN", "GHCR_TOKEN", "CR_PAT")
_IMPLIED: Final = {"write:packages": ("read:packages",), "delete:packages": ()}
_LARGEST: Final = 1 << 20
_ONLY_GITHUB_SAYS: Final = ("write_package", "read_package")
_OF_A_JOB: Final = (
    "##[",
    "refs/pull/",
    "GITHUB_",
    "actions/checkout",
    "docker/build-push-action",
    "docker/login-action",
)
"""A text with one of these comes from a job elsewhere, of which nothing is known here."""


async def look(scene: Scene) -> Seen:
    sighting = Sighting("github")
    in_actions = scene.environ.get("GITHUB_ACTIONS") == "true"
    registry = scene.aim.registry
    is_here = host_of(registry) in _HOSTS if registry else any(mark in scene.aim.log for mark in _ONLY_GITHUB_SAYS)
    if in_actions:
        await asyncio.to_thread(_see_event, scene, sighting)
    elif is_here and not any(mark in scene.aim.log for mark in _OF_A_JOB):
        sighting.saw("from_fork", value=False)
    if not is_here:
        return sighting.done()
    repository = await asyncio.to_thread(_see_folder, scene, sighting)
    _see_owner(scene.aim.repository, repository, sighting)
    token = await asyncio.to_thread(_token, scene)
    if token is None:
        sighting.saw("api", "not-asked")
    else:
        await _see_api(scene, token, repository, sighting)
    return sighting.done()


def _token(scene: Scene) -> Secret | None:
    """What is sent to the registry; else what is there to be sent."""
    stored = scene.keychain.find(_HOST).credential
    if isinstance(stored, Password):
        return stored.password
    return next((Secret(scene.environ[name]) for name in _TOKENS if scene.environ.get(name)), None)


# --- the job and its repository ------------------------------------------------------------------------------------


def _see_event(scene: Scene, sighting: Sighting) -> None:
    """A pull request of a fork has no secrets, and a token that only reads."""
    if event := scene.environ.get("GITHUB_EVENT_NAME"):
        sighting.saw("event", event)
    payload = _json(beginning_of(Path(scene.environ.get("GITHUB_EVENT_PATH") or "/nonexistent")) or "")
    pull = _within(payload, "pull_request")
    head, base = _within(pull, "head", "repo").get("full_name"), _within(pull, "base", "repo").get("full_name")
    is_fork = bool(pull) and head != base
    sighting.saw(
        "from_fork",
        is_fork,
        "This run belongs to a pull request from a fork." if is_fork else "",
        "포크에서 온 풀 리퀘스트의 실행입니다." if is_fork else "",
    )


def _see_folder(scene: Scene, sighting: Sighting) -> str:
    """The repository of this folder, and whether its workflows let jobs write packages that push there."""
    named = scene.environ.get("GITHUB_REPOSITORY", "")
    if not is_repository(scene):
        return named
    history = history_in(scene.folder)
    jobs = list(_pushing(Checkout(Folder(scene.folder), history), scene.environ.get("GITHUB_JOB", "")))
    rights = [_right(job) for job in jobs]
    if rights and None not in rights:
        without = next((job for job, right in zip(jobs, rights, strict=True) if right != "write"), None)
        place = _place(without or jobs[0])
        english = "the job may not write packages" if without else "the job may write packages"
        korean = "작업에 패키지 쓰기 권한이 없습니다" if without else "작업에 패키지 쓰기 권한이 있습니다"
        sighting.saw("job_may_write", without is None, f"{place}: {english}.", f"{place}: {korean}.")
    return named or history.repository


def _pushing(checkout: Checkout, job_called: str) -> Iterator[ImageJob]:
    """The jobs that push to GitHub's registry."""
    for job in checkout.once(image_jobs):
        pushes = any(push.registry == _HOST for push in job.pushes)
        if pushes and job_called in {"", str(job.run.job)}:
            yield job


def _place(job: ImageJob) -> str:
    written = job.workflow.job(job.run.job)
    return f"{job.workflow.file}:{written.span.line}" if written is not None else job.workflow.file


def _right(job: ImageJob) -> str | None:
    """Without a word of its workflow, the organisation decides."""
    written = job.workflow.job(job.run.job)
    permissions = job.workflow.permissions_of(written) if written is not None else None
    return permissions.of("packages") if permissions is not None else None


def _see_owner(package: RepositoryName | None, repository: str, sighting: Sighting) -> None:
    if package is not None and repository:
        owner, other = str(package).partition("/")[0].lower(), repository.partition("/")[0].lower()
        sighting.saw(
            "same_owner",
            owner == other,
            f"The package belongs to {owner}, and the repository to {other}.",
            f"패키지의 소유자는 {owner}이고 저장소의 소유자는 {other}입니다.",
        )


# --- the interface -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Api:
    session: Session
    address: str
    token: Secret

    async def get(self, path: str) -> Response:
        headers = {
            "authorization": f"Bearer {self.token.reveal()}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        }
        return await self.session.send(Request("GET", f"{self.address}{path}", headers), _LARGEST)


async def _see_api(scene: Scene, token: Secret, repository: str, sighting: Sighting) -> None:
    address = (scene.environ.get("GITHUB_API_URL") or _API).rstrip("/")
    host = address.partition("://")[2].partition("/")[0]
    timeouts = Timeouts(scene.patience / 2, scene.patience / 2, scene.patience / 2)
    session = open_session(host, replace(scene.settings, timeouts=timeouts, retries=Retries(0)), Anonymous())
    api = _Api(session, address, token)
    try:
        async with asyncio.timeout(scene.patience):
            await _ask(api, scene, repository, sighting)
    except RateLimited:
        sighting.saw("api", "rate-limited")
    except (WharfError, TimeoutError):
        sighting.saw(
            "api", "unreachable", "GitHub's REST interface does not answer.", "GitHub REST API가 응답하지 않습니다."
        )
    finally:
        await session.close()


async def _ask(api: _Api, scene: Scene, repository: str, sighting: Sighting) -> None:
    """The token of a job is no user's, and asks for its limits in place of its name."""
    answer = await api.get("/rate_limit" if api.token.reveal().startswith("ghs_") else "/user")
    outcome = _outcome(answer)
    sighting.saw("api", outcome, *_SAID.get(outcome, ("", "")))
    if outcome != "answers":
        return
    if (said := answer.headers.first("x-oauth-scopes")) is not None:
        _see_scopes(said, sighting)
    if scene.aim.repository is not None:
        await _see_package(api, scene.aim.repository, repository, sighting)


_SAID: Final = {
    "refuses-token": (
        "GitHub does not know this token, or no longer.",
        "GitHub가 이 토큰을 인식하지 못하거나 더 이상 유효하지 않습니다.",
    ),
    "rate-limited": ("GitHub's limit for requests is reached.", "GitHub의 요청 한도에 도달했습니다."),
}


def _outcome(answer: Response) -> str:
    if answer.status == 401:
        return "refuses-token"
    if answer.status == 429 or (answer.status == 403 and answer.headers.first("x-ratelimit-remaining") == "0"):
        return "rate-limited"
    return "answers" if answer.status < 500 else "unreachable"


def _see_scopes(said: str, sighting: Sighting) -> None:
    scopes = frozenset(scope.strip() for scope in said.split(",") if scope.strip())
    every = scopes.union(*(_IMPLIED.get(scope, ()) for scope in scopes))
    words = ", ".join(sorted(scopes)) or "-"
    sighting.saw("scopes", every, f"The scopes of the token: {words}.", f"토큰의 범위: {words}.")


async def _see_package(api: _Api, package: RepositoryName, repository: str, sighting: Sighting) -> None:
    owner, _, name = str(package).partition("/")
    for kind in ("orgs", "users"):
        answer = await api.get(f"/{kind}/{quote(owner)}/packages/container/{quote(name, safe='')}")
        if sign_on := answer.headers.first("x-github-sso"):
            is_missing = sign_on.startswith("required")
            sighting.saw("single_sign_on", "missing" if is_missing else "authorised", *_sign_on(is_missing=is_missing))
            return
        if answer.status == 200:
            sighting.saw("single_sign_on", "not-needed")
            sighting.saw("package", "present")
            _see_link(_json(answer.body.decode("utf-8", "replace")), repository, sighting)
            return
    if answer.status == 404:
        sighting.saw(
            "package",
            "absent",
            f"GitHub shows this token no package {package}.",
            f"이 토큰으로는 {package} 패키지가 보이지 않습니다.",
        )


def _sign_on(*, is_missing: bool) -> tuple[str, str]:
    if not is_missing:
        return "", ""
    return (
        "The organisation asks for single sign-on, and the token is not authorised for it.",
        "조직이 SSO를 요구하지만 이 토큰은 승인되지 않았습니다.",
    )


def _see_link(package: Mapping[str, object], repository: str, sighting: Sighting) -> None:
    linked = _within(package, "repository").get("full_name")
    if repository:
        is_linked = isinstance(linked, str) and linked.lower() == repository.lower()
        sighting.saw(
            "package_linked",
            is_linked,
            f"The package is linked to {linked or 'no repository'}.",
            f"패키지가 {linked}에 연결되어 있습니다." if linked else "패키지가 어떤 저장소에도 연결되어 있지 않습니다.",
        )


def _json(text: str) -> Mapping[str, object]:
    with suppress(ValueError, RecursionError):
        value: object = json.loads(text)
        return value if isinstance(value, dict) else {}
    return {}


def _within(value: Mapping[str, object], *names: str) -> Mapping[str, object]:
    for name in names:
        inner = value.get(name)
        value = inner if isinstance(inner, dict) else {}
    return value
