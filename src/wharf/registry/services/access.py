"""Who asks, and may they.

Every use case names the caller and asks the gate first. What the caller may not see looks as if it were not there.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from wharf.errors import Denied, NotAuthenticated, RepositoryUnknown
from wharf.oci.reference import RepositoryName


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind a request; without a name it is anybody."""

    name: str | None = None

    @property
    def actor(self) -> str:
        return self.name or "anonymous"


ANYBODY = Caller()


class Action(Enum):
    PULL = "pull"
    PUSH = "push"
    DELETE = "delete"


class AccessPolicy(Protocol):
    def allows(self, caller: Caller, action: Action, name: RepositoryName) -> bool: ...


class OpenToAll:
    """Anybody may do anything: for a registry that only this machine can reach."""

    def allows(self, caller: Caller, action: Action, name: RepositoryName) -> bool:
        return True


class Gate:
    """Asks the policy, and refuses in the way that tells the caller neither too little nor too much."""

    def __init__(self, policy: AccessPolicy) -> None:
        self._policy = policy

    def may(self, caller: Caller, action: Action, name: RepositoryName) -> bool:
        return self._policy.allows(caller, action, name)

    def require(self, caller: Caller, action: Action, name: RepositoryName) -> None:
        if self._policy.allows(caller, action, name):
            return
        if caller.name is None:
            raise NotAuthenticated(action.value, str(name))
        if not self._policy.allows(caller, Action.PULL, name):
            raise RepositoryUnknown(str(name))
        raise Denied(action.value, str(name))
