"""Where a check puts its image: `REGISTRY[/NAMESPACE]/wharf-check`, under a tag that no other run has."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from wharf.oci.digest import Digest
from wharf.oci.reference import DOCKER_HUB, Reference, RepositoryName, Tag

NAME: Final = "wharf-check"
GITHUB: Final = "ghcr.io"
_NAMESPACE_VARIABLES: Final = {
    GITHUB: ("GITHUB_ORG", "GITHUB_REPOSITORY_OWNER", "GITHUB_USERNAME", "GITHUB_ACTOR"),
    DOCKER_HUB: ("DOCKERHUB_USERNAME", "DOCKER_USERNAME", "WHARF_USERNAME"),
}
_TIME: Final = "%Y%m%d-%H%M%S"
_is_of_a_check: Final = re.compile(r"check-(?P<time>[0-9]{8}-[0-9]{6})-[0-9a-f]{8}").fullmatch
_A_RUN_TAKES_LESS: Final = timedelta(hours=1)
_OF_GITLAB: Final = ("CI_REGISTRY", "CI_PROJECT_PATH")


@dataclass(frozen=True, slots=True)
class Berth:
    registry: str
    repository: RepositoryName
    tag: Tag

    @classmethod
    def new(cls, registry: str, namespace: str, now: datetime) -> Self:
        """The tag names the time for people, and a number that two runs at once do not share."""
        name = f"{namespace}/{NAME}" if namespace else NAME
        tag = Tag(f"check-{now.strftime(_TIME)}-{secrets.token_hex(4)}")
        return cls(registry, RepositoryName.parse(name), tag)

    @property
    def reference(self) -> Reference:
        return Reference(self.registry, self.repository, self.tag)

    def at(self, digest: Digest) -> Reference:
        return Reference(self.registry, self.repository, None, digest)

    @property
    def namespace(self) -> str:
        return str(self.repository).rpartition("/")[0]

    @property
    def line(self) -> str:
        """What the program of this run prints."""
        return f"wharf check {self.tag}: it runs."


def made_at(tag: str) -> datetime | None:
    """When the check that made this tag began; None for tags of others."""
    found = _is_of_a_check(tag)
    try:
        return datetime.strptime(found["time"], _TIME).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def earlier_tags(tags: Iterable[Tag], own: Tag) -> tuple[Tag, ...]:
    """Left by checks that ended long before this one began: killed, kept on purpose, or not allowed to delete."""
    now = made_at(str(own))
    if now is None:
        return ()
    times = [(made_at(str(tag)), tag) for tag in tags]
    return tuple(tag for made, tag in times if made is not None and now - made > _A_RUN_TAKES_LESS)


def usual_namespace(registry: str, environ: Mapping[str, str], username: str = "") -> str:
    """Where images of this account lie, for those who named the registry alone; nothing where nothing says it.

    Names of accounts may have capitals, names of repositories never do.
    """
    ci_registry, project = (environ.get(name, "") for name in _OF_GITLAB)
    if project and ci_registry.lower() == registry:
        return project.lower()
    found = next((environ[name] for name in _NAMESPACE_VARIABLES.get(registry, ()) if environ.get(name)), "")
    needs_one = registry in _NAMESPACE_VARIABLES
    return (found or (username if needs_one else "")).lower()
