"""What `docker compose up` and its sisters do with images: it stands in files, which a script may have written."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import ComposeCall, Deed, Doing
from wharf.doctor.way.laid_files import LaidFiles, SeenFiles, normal
from wharf.doctor.way.places import place_of
from wharf.doctor.way.reference import Asked
from wharf.formats.compose.load import load_project
from wharf.formats.compose.project import Project, Surroundings
from wharf.formats.compose.service import Service
from wharf.formats.shell.ran import Certainty, Given, Ran
from wharf.formats.text import HOLE, Text

_USUAL: Final = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_ASKING: Final = frozenset({"up", "pull", "run", "create"})
_FILES: Final = "COMPOSE_FILE"


def composed(call: ComposeCall, ran: Ran, files: LaidFiles) -> Iterator[Deed | Asked]:
    if call.command not in {*_ASKING, "push", "build"}:
        return
    seen = files.seen(ran.host)
    paths, is_guessed = _paths(call, ran, seen)
    if not paths:
        return
    for state in range(max(files.is_written(paths, ran.host), 1)):
        project = _project(call, ran, files.seen(ran.host, state), paths)
        for service in _wanted(project, call, ran):
            yield from _done(service, call, is_fallback=state > 0, is_guessed=is_guessed)


def _project(call: ComposeCall, ran: Ran, files: SeenFiles, paths: Sequence[str]) -> Project:
    others = Given.UNKNOWN if ran.host is not None else Given.UNSET
    environment_files = [normal(ran.folder, file.flat) for file in call.environment_files]
    folder = normal(ran.folder, call.folder.flat) if call.folder is not None else None
    return load_project(
        files,
        paths,
        Surroundings(ran.environment, others),
        env_files=environment_files or None,
        folder=folder if folder != "." else "",
    )


def _done(service: Service, call: ComposeCall, *, is_fallback: bool, is_guessed: bool) -> Iterator[Deed | Asked]:
    if service.image is None:
        return
    platforms = (service.platform,) if service.platform else ()
    if call.command == "push":
        if service.build is not None:
            yield Deed(Doing.PUSHES, service.image, "docker compose push", service.build.platforms or platforms)
    elif call.command == "build" or (service.build is not None and call.command != "pull"):
        if service.build is not None:
            yield Deed(Doing.MAKES, service.image, "docker compose build")
    elif service.asks_a_registry:
        certainty = Certainty.PERHAPS if is_fallback or is_guessed else Certainty.ALWAYS
        yield Asked(
            service.image,
            place_of(service.image, service.image_span or service.span),
            "docker compose",
            None,
            certainty,
            is_fallback,
            platforms,
        )


def _wanted(project: Project, call: ComposeCall, ran: Ran) -> Iterator[Service]:
    """Services that are named, or all that belong to a profile that is on."""
    named = {service.flat for service in call.services}
    told = ran.environment.get("COMPOSE_PROFILES")
    active = {profile.flat for profile in call.profiles} | set(told.flat.split(",") if told else ())
    for service in project.services:
        profiles = {profile.flat for profile in service.profiles}
        if service.name in named or (not named and (not profiles or "*" in active or profiles & active)):
            yield service


def _paths(call: ComposeCall, ran: Ran, seen: SeenFiles) -> tuple[tuple[str, ...], bool]:
    """The files that are read, and whether it is only likely that it is these: a folder elsewhere may have copies."""
    there = set(seen.paths())
    told = ran.environment.get(_FILES)
    written = call.files or (tuple(told.split(":")) if told else ())
    if any(HOLE in file.flat for file in written):
        return (), True
    folder = normal(ran.folder, call.folder.flat) if call.folder is not None and call.folder.value else ran.folder
    if not written:
        usual = next((name for name in _USUAL if normal(folder, name) in there), None)
        written = (Text.known(usual or ""),)
        override = f"{usual.rsplit('.', 1)[0]}.override.{usual.rsplit('.', 1)[1]}" if usual else ""
        if override and normal(folder, override) in there:
            written = (*written, Text.known(override))
    paths = tuple(normal(folder if not call.files else ran.folder, file.flat) for file in written)
    if all(path in there for path in paths):
        return paths, False
    copies = tuple(_copy(path, there) for path in paths)
    return (tuple(copy for copy in copies if copy), True) if all(copies) else ((), True)


def _copy(path: str, there: set[str]) -> str | None:
    """The one file of the repository that has this name, or the one of the usual names."""
    name = path.rsplit("/", 1)[-1]
    named = [known for known in there if known.rsplit("/", 1)[-1] == name]
    return name if name in there else named[0] if len(named) == 1 else None
