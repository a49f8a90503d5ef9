"""The rights that a request needs, asked for as scopes. A token may grant less: then the registry says so itself."""

from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope

CATALOG = Scope("registry", "catalog", frozenset({"*"}))


def to_pull(repository: RepositoryName) -> Scope:
    return _right(repository, "pull")


def to_push(repository: RepositoryName) -> Scope:
    return _right(repository, "pull", "push")


def to_delete(repository: RepositoryName) -> Scope:
    """Registries differ in which of the three they want for it."""
    return _right(repository, "pull", "push", "delete")


def _right(repository: RepositoryName, *actions: str) -> Scope:
    return Scope("repository", str(repository), frozenset(actions))
