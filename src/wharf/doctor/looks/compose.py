"""The compose projects of a repository, and which images they ask a registry for.

A folder has one project that is started without naming files: `compose.yaml` or a sister of it, with its override.
Any other file that is called like a compose file is a project of its own, if it says for each service what it runs;
otherwise it is meant to be laid over the folder's first one.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.way.reference import Asked
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.compose.load import load_project
from wharf.formats.compose.place import within_repository
from wharf.formats.compose.project import Project, Wrong
from wharf.formats.compose.service import Service

FIRST_NAMES: Final = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The first one that is there is taken."""
OVERRIDE_NAMES: Final = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_LONGEST_SCALE: Final = 5
_LOSING: Final = frozenset({Wrong.INCLUDED_FILE_NOT_THERE, Wrong.EXTENDED_FILE_NOT_THERE, Wrong.TOO_DEEP})
"""What is missing then may be what is asked for."""
_MOST_READ: Final = 200
_tells_of_deployment = re.compile(r".*\.(?:sh|md|ya?ml|mk)|[Mm]akefile|[Jj]ustfile").fullmatch
_is_compose_name = re.compile(
    r"(?:docker-)?(?:compose|stack)(?:[._-][\w.-]+)?\.ya?ml|[\w.-]+[._-](?:docker-)?compose\.ya?ml"
).fullmatch
_has_services = re.compile(r"^(?:services|include)\s*:", re.MULTILINE).search
_is_template = re.compile(r"\{\{|\{%|<%").search


def compose_projects(checkout: Checkout) -> tuple[Project, ...]:
    """Each with nothing but its `.env` around it."""
    found: list[Project] = []
    for folder, names in sorted(_by_folder(checkout).items()):
        found += _projects_of(checkout, folder, names)
    parts = {part for project in found for part in project.parts - set(project.files)}
    return tuple(project for project in found if is_first(project) or not parts & set(project.files))


def compose_asked(project: Project) -> tuple[Asked, ...]:
    """What its services are started from, where that comes from a registry."""
    return tuple(_asked(service) for service in project.services if service.asks_a_registry)


def is_first(project: Project) -> bool:
    """Whether it is the one that is started where no file is named."""
    return bool(project.files) and posixpath.basename(project.files[0]) in FIRST_NAMES


def stands_alone(project: Project) -> bool:
    """Whether it can be judged as a whole: otherwise it may be laid over a file of another folder."""
    is_whole = not project.is_partly_unknown and not any(problem.wrong in _LOSING for problem in project.problems)
    return is_whole and (is_first(project) or all(runs_something(service) for service in project.services))


def laid_together(checkout: Checkout, project: Project) -> tuple[Project, ...]:
    """Those that may be started as one with it: of its folder; for a file that has to be named, of any folder."""
    projects = checkout.once(compose_projects)
    return tuple(other for other in projects if other.folder == project.folder or not is_first(project))


def copies(checkout: Checkout, project: Project, service: Service) -> int | None:
    """How many containers Compose starts of it on one host; None, where that is not known or a swarm decides."""
    scale = service.scale.value if service.scale else "1"
    name = posixpath.basename(project.files[0]) if project.files else ""
    if service.is_for_swarm or "stack" in name or "swarm" in name or checkout.once(speaks_of_a_swarm):
        return None
    return int(scale) if scale and scale.isascii() and scale.isdigit() and len(scale) < _LONGEST_SCALE else None


def speaks_of_a_swarm(checkout: Checkout) -> bool:
    """Whether a script, a workflow or a page deploys a stack: a swarm reads compose files in its own way."""
    told = [path for path in checkout.files.paths() if _tells_of_deployment(posixpath.basename(path))]
    texts = (checkout.parsed(path, lambda text: text) for path in sorted(told)[:_MOST_READ])
    return any("stack deploy" in text.flat for text in texts if text is not None)


def compose_files(checkout: Checkout) -> tuple[str, ...]:
    return tuple(sorted(path for path in checkout.files.paths() if _is_compose_name(posixpath.basename(path))))


def _by_folder(checkout: Checkout) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in checkout.once(compose_files):
        if _looks_like_compose(checkout, path):
            folders.setdefault(posixpath.dirname(path), []).append(posixpath.basename(path))
    return folders


def _looks_like_compose(checkout: Checkout, path: str) -> bool:
    text = checkout.parsed(path, lambda text: text)
    return text is not None and bool(_has_services(text.flat))


def _projects_of(checkout: Checkout, folder: str, names: list[str]) -> Iterator[Project]:
    first, override = _first_of(FIRST_NAMES, names), _first_of(OVERRIDE_NAMES, names)
    started = [name for name in (first, override) if name]
    if first:
        yield from _loaded(checkout, folder, started)
    for name in names:
        if name not in started and name not in FIRST_NAMES:
            alone = _loaded(checkout, folder, [name])
            yield from _loaded(checkout, folder, [first, name]) if first and _is_meant_over(alone) else alone


def _first_of(wanted: Iterable[str], names: list[str]) -> str | None:
    return next((name for name in wanted if name in names), None)


def _is_meant_over(projects: list[Project]) -> bool:
    """Some service does not say what it runs."""
    return any(not runs_something(service) for project in projects for service in project.services)


def runs_something(service: Service) -> bool:
    return service.image is not None or service.build is not None or service.has_provider


def _loaded(checkout: Checkout, folder: str, names: list[str]) -> list[Project]:
    paths = [posixpath.join(folder, name) for name in names]
    try:
        return [load_project(checkout.files, paths)]
    except MalformedFile as problem:
        if not _is_made_by_a_template(checkout, problem.file):
            checkout.note(problem)
    except UnreadableFile as problem:
        checkout.note(problem)
    except FileNotThere:
        pass
    return []


def _is_made_by_a_template(checkout: Checkout, path: str) -> bool:
    """Such a file is no YAML before something has filled it in."""
    known = within_repository(path)
    return known in checkout.files.paths() and bool(_is_template(checkout.files.read(known or "").flat))


def _asked(service: Service) -> Asked:
    assert service.image is not None
    platforms = (service.platform,) if service.platform else ()
    return Asked(service.image, service.image_span or service.span, "compose", platforms=platforms)
