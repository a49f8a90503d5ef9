"""How the Dockerfiles of a repository are built: from which folder, with which arguments, because of which line.

Workflows, GitLab's pipelines, scripts in them, and compose files say so. A Dockerfile at the top of which nobody
speaks is taken to be built from where it lies, as everybody would.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.looks.dockerfiles import dockerfiles
from wharf.doctor.looks.doings import events_of
from wharf.doctor.looks.gitlab import jobs as gitlab_jobs
from wharf.doctor.looks.workflows import workflow_runs, workflows
from wharf.doctor.way.tools.known import unwrapped
from wharf.doctor.way.tools.options import all_valued_but, sorted_words
from wharf.formats.compose.service import Build
from wharf.formats.hole import Unknown
from wharf.formats.pipeline import ActionRun, JobRun, StepRun
from wharf.formats.shell.ran import Followed, Ran
from wharf.formats.span import Span
from wharf.formats.text import HOLE, Text

_FLAGS: Final = all_valued_but(
    *("-q", "--quiet", "--push", "--load", "--pull", "--no-cache", "--force-rm", "--rm", "--squash", "--compress"),
    *("--check", "--disable-content-trust", "-D", "--debug", "--help", "--layers", "--squash-all", "--no-hosts"),
)
_PROGRAMS: Final = frozenset({"docker", "podman", "nerdctl", "buildah"})
_BUILDING: Final = (["build"], ["buildx", "build"], ["image", "build"], ["builder", "build"], ["bud"])
_HARMLESS: Final = frozenset(
    {"docker", "echo", "printf", "export", "set", "true", ":", "date", "test", "[", "[[", "exit", "ls", "cat", "pwd"}
)
_MAKES_NO_DOCKERFILE: Final = _HARMLESS | frozenset(
    {
        "npm",
        "npx",
        "yarn",
        "pnpm",
        "node",
        "pip",
        "pip3",
        "uv",
        "poetry",
        "pytest",
        "go",
        "cargo",
        "mvn",
        "mvnw",
        "gradle",
    }
    | {
        "gradlew",
        "dotnet",
        "bundle",
        "chmod",
        "mkdir",
        "rm",
        "sudo",
        "apt-get",
        "tsc",
        "composer",
        "php",
        "ruff",
        "mypy",
    }
)
_is_remote = re.compile(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|-$").match
ANY_ARGUMENT: Final = "*"
"""Some are passed, and it is not known which."""
_GIT: Final = "{{defaultContext}}"


@dataclass(frozen=True)
class ImageBuild:
    """One way in which one Dockerfile is built."""

    span: Span
    """Where it is said."""
    by: str
    dockerfile: str
    """Relative to the root of the repository, as the next one."""
    context: str
    file: Text | None = None
    """The Dockerfile as it is named there."""
    folder: Text | None = None
    """The context as it is named there."""
    target: Text | None = None
    arguments: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    is_said: bool = True
    """Not, where it is only supposed."""
    uses_ignore_file: bool = True
    """Not, where the builder fetches the repository from git by itself."""
    is_pristine: bool = False
    """Nothing can have made files in the repository before."""
    is_plain: bool = False
    """Nothing can have made a Dockerfile before, though perhaps other files."""
    is_checked_out: bool = True
    """Not, where it is clear that no step has fetched the repository."""
    others: frozenset[str] = frozenset()
    """Names of further contexts, from which `COPY --from` can take."""


def image_builds(checkout: Checkout) -> tuple[ImageBuild, ...]:
    said: dict[tuple[object, ...], ImageBuild] = {}
    for build in (*_in_jobs(checkout), *_in_compose_files(checkout)):
        key = (build.span, build.dockerfile, build.context, build.target)
        said[key] = (
            replace(said[key], is_pristine=said[key].is_pristine and build.is_pristine) if key in said else build
        )
    named = {build.dockerfile for build in said.values()}
    supposed = (
        ImageBuild(Span.at(each.file), "docker build", each.file, "", is_said=False)
        for each in checkout.once(dockerfiles)
        if each.file not in named and "/" not in each.file
    )
    return (*said.values(), *supposed)


def builds_of(checkout: Checkout, dockerfile: str) -> tuple[ImageBuild, ...]:
    return tuple(build for build in checkout.once(image_builds) if build.dockerfile == dockerfile)


def _in_jobs(checkout: Checkout) -> Iterator[ImageBuild]:
    for job in _jobs(checkout):
        yield from _Job(job).builds()


def _jobs(checkout: Checkout) -> Iterator[JobRun]:
    runs = checkout.once(workflow_runs)
    for event in events_of(checkout):
        for workflow in checkout.once(workflows):
            yield from runs.of(workflow, event)
    yield from (seen.acting.run for seen in checkout.once(gitlab_jobs))


class _Job:
    """The steps of a job, one after the other."""

    def __init__(self, job: JobRun) -> None:
        self._job = job
        self._is_pristine = True
        self._is_plain = True
        is_kept = any("self-hosted" in label.flat for label in job.machine)
        self._is_checked_out = self._has_something = is_kept or "/workflows/" not in job.file
        self._lies_elsewhere = False

    def builds(self) -> Iterator[ImageBuild]:
        for step in self._job.steps:
            if isinstance(step.deed, Followed):
                yield from self._by_commands(step.deed)
            else:
                yield from self._placed(_by_action(step, step.deed))
                self._after_action(step.deed)

    def _by_commands(self, followed: Followed) -> Iterator[ImageBuild]:
        for ran in followed.ran:
            yield from self._placed(command_builds(ran))
            self._note_files(makes_some=ran.program not in _HARMLESS)
            self._is_plain = self._is_plain and ran.program in _MAKES_NO_DOCKERFILE
        self._note_files(makes_some=bool(followed.written))
        self._is_plain = self._is_plain and not followed.written

    def _placed(self, builds: Iterable[ImageBuild]) -> Iterator[ImageBuild]:
        for build in () if self._lies_elsewhere else builds:
            is_there = self._is_checked_out or self._has_something or not build.uses_ignore_file
            yield replace(build, is_pristine=self._is_pristine, is_plain=self._is_plain, is_checked_out=is_there)

    def _note_files(self, *, makes_some: bool) -> None:
        self._is_pristine = self._is_pristine and not makes_some
        self._has_something = self._has_something or makes_some

    def _after_action(self, used: ActionRun) -> None:
        if used.name == "actions/checkout":
            self._is_checked_out = True
            self._lies_elsewhere = bool({"path", "repository"} & used.inputs.keys())
        elif used.name.startswith("actions/cache"):
            self._has_something = True
        elif not used.name.startswith(("docker/", "actions/setup-")):
            self._note_files(makes_some=True)
            self._is_plain = False


def _by_action(step: StepRun, used: ActionRun) -> Iterator[ImageBuild]:
    if used.name != "docker/build-push-action":
        return
    written = (used.inputs.get("context") or Text.known(_GIT)).stripped()
    is_git = written.flat.startswith(_GIT)
    context = written.flat.removeprefix(_GIT).removeprefix(":") if is_git else written.flat
    file = (used.inputs.get("file") or Text()).stripped() or None
    if written.holes or (file and file.holes) or _is_remote(context):
        return
    folder = posixpath.normpath(context or ".")
    path = posixpath.normpath(
        posixpath.join(folder if is_git or not file else ".", file.flat if file else "Dockerfile")
    )
    yield from _within_repository(
        ImageBuild(
            (file or used.inputs.get("context") or Text()).span or step.span,
            "docker/build-push-action",
            path,
            folder,
            file,
            used.inputs.get("context"),
            used.inputs.get("target") or None,
            _assignments(used.inputs.get("build-args")),
            uses_ignore_file=not is_git,
            others=frozenset(_names(used.inputs.get("build-contexts"))),
        )
    )


def command_builds(ran: Ran) -> Iterator[ImageBuild]:
    """What `docker build …` builds."""
    words = unwrapped(ran.words)
    if not words or ran.host is not None or ran.is_elsewhere or HOLE in ran.folder:
        return
    if words[0].flat.rsplit("/", 1)[-1] not in _PROGRAMS:
        return
    flat = [word.flat for word in words[1:3]]
    beginning = next((each for each in _BUILDING if flat[: len(each)] == each), None)
    if beginning is None:
        return
    given = sorted_words(words[1 + len(beginning) :], _FLAGS)
    file = given.last("-f", "--file", "--dockerfile")
    folder = given.operands[0] if len(given.operands) == 1 else None
    if folder is None or folder.holes or (file and (file.holes or _is_remote(file.flat))) or _is_remote(folder.flat):
        return
    named = posixpath.join(ran.folder, file.flat) if file else posixpath.join(ran.folder, folder.flat, "Dockerfile")
    yield from _within_repository(
        ImageBuild(
            (file or folder).span or ran.span,
            f"{words[0].flat.rsplit('/', 1)[-1]} build",
            posixpath.normpath(named),
            posixpath.normpath(posixpath.join(ran.folder, folder.flat)),
            file,
            folder,
            given.last("--target"),
            _given_arguments(given.values("--build-arg"), ran.environment),
            others=frozenset(value.flat.partition("=")[0] for value in given.values("--build-context")),
        )
    )


def _within_repository(build: ImageBuild) -> Iterator[ImageBuild]:
    """The root is the empty text. What lies elsewhere is left out."""
    context = "" if build.context == "." else build.context
    if not any(path.startswith(("/", "..", "~")) or ":" in path for path in (context, build.dockerfile)):
        yield replace(build, context=context)


def _in_compose_files(checkout: Checkout) -> Iterator[ImageBuild]:
    for project in checkout.once(compose_projects):
        for service in project.services:
            if service.build and service.build.inline is None:
                yield from _of_service(service.build)


def _of_service(build: Build) -> Iterator[ImageBuild]:
    context, dockerfile = build.context.path, build.dockerfile.path
    if context is None or dockerfile is None:
        return
    named = build.dockerfile.written if "dockerfile" in build.says else None
    folder = build.context.written
    span = (named or folder).span or build.span
    yield ImageBuild(
        span,
        "compose",
        dockerfile,
        context,
        named,
        folder,
        build.target,
        build.arguments,
        is_plain=True,
        others=_compose_contexts(build),
    )


def _compose_contexts(build: Build) -> frozenset[str]:
    """What they are called is not read there; any name may be one."""
    return frozenset({"*"}) if "additional_contexts" in build.says else frozenset()


def _assignments(lines: Text | None) -> Mapping[str, Text]:
    found: dict[str, Text] = {}
    for line in (lines or Text()).split("\n"):
        name, equals, _ = line.stripped().flat.partition("=")
        if HOLE in name:
            found[ANY_ARGUMENT] = line
        elif equals:
            found[name] = line.stripped()[len(name) + 1 :]
        elif name:
            found[name] = _from_environment(name, line)
    return MappingProxyType(found)


def _given_arguments(values: Sequence[Text], environment: Mapping[str, Text]) -> Mapping[str, Text]:
    found: dict[str, Text] = {}
    for value in values:
        name, equals, _ = value.flat.partition("=")
        if HOLE in name:
            found[ANY_ARGUMENT] = value
        elif equals:
            found[name] = value[len(name) + 1 :]
        else:
            found[name] = environment[name] if name in environment else _from_environment(name, value)
    return MappingProxyType(found)


def _from_environment(name: str, written: Text) -> Text:
    """A name alone takes its value from where the builder is started; settings of CI and machines may give it."""
    return Text.unknown(Unknown.ENVIRONMENT, name, written.span)


def _names(lines: Text | None) -> Iterable[str]:
    return (line.flat.strip().partition("=")[0] for line in (lines or Text()).split("\n") if line)
