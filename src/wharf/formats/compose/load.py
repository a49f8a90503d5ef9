"""From compose files to the project that they make, as `docker compose -f … -f …` does it."""

from collections.abc import Sequence

from wharf.formats.compose.project import Project, Surroundings
from wharf.formats.files import Files


def load_project(
    files: Files,
    paths: Sequence[str],
    surroundings: Surroundings = Surroundings(),  # noqa: B008 - a value that cannot change
    *,
    env_files: Sequence[str] | None = None,
    folder: str | None = None,
) -> Project:
    """`env_files`: as `--env-file` names them; None: `.env` beside the first file, if there is one."""
    return Project(tuple(paths), folder or "")
