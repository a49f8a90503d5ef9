"""From compose files to the project that they make, as `docker compose -f … -f …` does it."""

import posixpath
from collections.abc import Sequence
from typing import Final

from wharf.errors import FileNotThere
from wharf.formats.compose.assemble import Assembling
from wharf.formats.compose.env_file import read_env_file
from wharf.formats.compose.project import Project, Surroundings
from wharf.formats.files import Files
from wharf.formats.text import Text

ENV_FILE: Final = ".env"


def load_project(
    files: Files,
    paths: Sequence[str],
    surroundings: Surroundings = Surroundings(),  # noqa: B008 - a value that cannot change
    *,
    env_files: Sequence[str] | None = None,
    folder: str | None = None,
) -> Project:
    """What its files say together; FileNotThere, UnreadableFile or MalformedFile for those that cannot be read.

    `env_files`: as `--env-file` names them; None: `.env` in the folder of the project, if there is one. The folder is
    that of the first file, if no other is named.
    """
    folder = posixpath.dirname(paths[0]) if folder is None and paths else folder or ""
    around = with_env_files(files, surroundings, _env_files(files, folder) if env_files is None else env_files)
    assembling = Assembling(files, around)
    for path in paths:
        assembling.lay(path, folder)
    return assembling.project(tuple(paths), folder)


def with_env_files(files: Files, surroundings: Surroundings, paths: Sequence[str]) -> Surroundings:
    """The surroundings, and under them what these files say; of two files, the later one counts."""
    found: dict[str, Text] = {}
    for path in paths:
        known = Surroundings({**found, **surroundings.variables}, surroundings.others)
        found |= read_env_file(files.read(path), known)
    return Surroundings({**found, **surroundings.variables}, surroundings.others)


def _env_files(files: Files, folder: str) -> tuple[str, ...]:
    try:
        files.read(path := posixpath.join(folder, ENV_FILE))
    except FileNotThere:
        return ()
    return (path,)
