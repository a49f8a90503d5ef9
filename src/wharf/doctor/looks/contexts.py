"""What really goes into a build: the files of its context that the ignore file leaves in, and what each COPY brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit
from wharf.doctor.looks.dockerfiles import dockerfile_at
from wharf.doctor.looks.image_builds import ImageBuild, image_builds
from wharf.formats.dockerfile.ignore import IgnoreFile, parse_ignore
from wharf.formats.dockerfile.ignore_walk import Decision, IgnoreWalk
from wharf.formats.dockerfile.scopes import Scopes
from wharf.formats.dockerfile.sources import FileTree, Source, sources
from wharf.formats.dockerfile.tree import Dockerfile, Stage
from wharf.formats.span import Span


@dataclass(frozen=True)
class Context:
    """A folder that is sent to a build. `ignore_path` is the file that is asked; None, where there is none."""

    folder: str
    ignore_path: str | None
    ignore: IgnoreFile
    tree: FileTree
    """What lies in the folder, by paths relative to it."""

    @cached_property
    def _walk(self) -> IgnoreWalk:
        return IgnoreWalk(self.ignore)

    def decision(self, path: str) -> Decision:
        return self._walk.decision(path)

    def added(self, pattern: str) -> tuple[Edit, ...]:
        """What puts a pattern behind all others, in a file of its own if there is none."""
        lines = self.ignore.lines
        if not lines:
            return () if self.ignore_path else (Edit(Span.at(self.in_repository(".dockerignore")), f"{pattern}\n"),)
        last = max(line.span for line in lines)
        end = Span(last.file, last.end_line, last.end_column, last.end_line, last.end_column)
        return (Edit(end, f"\n{pattern}"),)

    def path_of(self, path: str) -> str | None:
        """What a file of the repository is called in the context; None, if it is not in it."""
        prefix = f"{self.folder}/" if self.folder else ""
        return path.removeprefix(prefix) if path.startswith(prefix) else None

    def in_repository(self, path: str) -> str:
        return f"{self.folder}/{path}" if self.folder else path


@dataclass(frozen=True)
class Copied:
    """One source of one COPY, in one way of building it."""

    build: ImageBuild
    dockerfile: Dockerfile
    context: Context
    source: Source
    is_in_image: bool
    """Its stage is part of the image that is made, and not only built beside it."""

    @cached_property
    def there(self) -> tuple[str, ...]:
        """Files of the repository that it means, by their paths in the context."""
        return self.context.tree.meant(self.source.path)

    @cached_property
    def brings_something(self) -> bool:
        return any(self.context.decision(path).is_sent for path in self.there)

    def brings(self, path: str) -> bool:
        """Whether this file of the context is among what it brings."""
        is_meant = path in self._meant if self.source.has_wildcards else self._is_below(path)
        return is_meant and self.context.decision(path).is_sent

    def _is_below(self, path: str) -> bool:
        return path in self.context.tree.files and f"{path}/".startswith(
            f"{self.source.path}/" if self.source.path else ""
        )

    @cached_property
    def _meant(self) -> frozenset[str]:
        return frozenset(self.there)


class Contexts:
    """Each folder and ignore file is looked at once."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._trees: dict[str, FileTree] = {}
        self._known: dict[tuple[str, str | None], Context] = {}

    def of(self, build: ImageBuild) -> Context:
        path = self._ignore_path(build)
        key = (build.context, path)
        if key not in self._known:
            ignore = self._checkout.parsed(path, parse_ignore) if path else None
            self._known[key] = Context(build.context, path, ignore or IgnoreFile(), self._tree(build.context))
        return self._known[key]

    def _ignore_path(self, build: ImageBuild) -> str | None:
        """The Dockerfile's own one, or that of the folder. A context from git has none."""
        prefix = f"{build.context}/" if build.context else ""
        wanted = (f"{build.dockerfile}.dockerignore", f"{prefix}.dockerignore") if build.uses_ignore_file else ()
        return next((path for path in wanted if path in self._checkout.files.paths()), None)

    def _tree(self, folder: str) -> FileTree:
        if folder not in self._trees:
            prefix = f"{folder}/" if folder else ""
            paths = self._checkout.files.paths()
            self._trees[folder] = FileTree(path[len(prefix) :] for path in paths if path.startswith(prefix))
        return self._trees[folder]


def contexts(checkout: Checkout) -> Contexts:
    return Contexts(checkout)


def copied(checkout: Checkout) -> tuple[Copied, ...]:
    """For every way in which something is built."""
    return tuple(each for build in checkout.once(image_builds) for each in _copied_by(checkout, build))


def _copied_by(checkout: Checkout, build: ImageBuild) -> Iterator[Copied]:
    dockerfile = dockerfile_at(checkout, build.dockerfile)
    if dockerfile is None:
        return
    context = checkout.once(contexts).of(build)
    scopes = Scopes(dockerfile, build.arguments)
    made, used = made_stages(scopes, build)
    for seen in scopes.seen():
        if seen.stage.index in used:
            for source in sources(seen, dockerfile.escape):
                yield Copied(build, dockerfile, context, source, seen.stage.index in made)


def made_stages(scopes: Scopes, build: ImageBuild | None = None) -> tuple[frozenset[int], frozenset[int]]:
    """Stages that the image consists of, and all stages that are built for it."""
    wanted = build.target.value if build and build.target else None
    target = scopes.dockerfile.stage(wanted) if wanted else scopes.dockerfile.stages[-1]
    if target is None or (build and build.target and wanted is None):
        return frozenset(), frozenset(stage.index for stage in scopes.dockerfile.stages)
    made = _chain(scopes, target)
    used: set[int] = set()
    waiting = list(made)
    while waiting:
        if (index := waiting.pop()) not in used:
            used.add(index)
            waiting += _taken_from(scopes, scopes.dockerfile.stages[index])
    return frozenset(made), frozenset(used)


def _chain(scopes: Scopes, stage: Stage | None) -> list[int]:
    found: list[int] = []
    while stage is not None:
        found.append(stage.index)
        stage = scopes.below(stage)
    return found


def _taken_from(scopes: Scopes, stage: Stage) -> Iterator[int]:
    below = scopes.below(stage)
    yield from [below.index] if below else []
    for instruction in stage.instructions:
        names = [flag.value.flat for flag in instruction.flags if flag.name == "from" and flag.value]
        names += [
            part.partition("=")[2]
            for flag in instruction.flags
            if flag.name == "mount" and flag.value
            for part in flag.value.flat.split(",")
            if part.startswith("from=")
        ]
        for other in filter(None, map(scopes.dockerfile.stage, names)):
            yield other.index
