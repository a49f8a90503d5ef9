"""A large store, made once and used by every row that needs one."""

from pathlib import Path

from bench.conditions import Conditions
from bench.contestants import Launcher
from bench.seeding import seed_repositories, seed_small_repositories, seed_tags

SMALL_REPOSITORIES = 60


def large_store(conditions: Conditions, launch: Launcher) -> Path:
    """A folder whose store holds one repository of very many tags, very many of one, and some of ten."""
    folder = conditions.scratch / "large"
    if not folder.exists():
        folder.mkdir()
        with launch(folder) as server:
            seed_tags(server, conditions.sizes.tags)
            seed_repositories(server, conditions.sizes.repositories)
            seed_small_repositories(server, SMALL_REPOSITORIES)
    return folder
