"""Rights: all that decides what a credential may do, and the verdict on one action.

A role says what an account is to an owner; permissions and limits say what this token of it was made for; grants say
what this short-lived Docker token was asked for. All that are there must agree. What is public may be read by anybody,
with whatever credential they come, as long as it is a good one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from wharf.access.action import TAKES, Action
from wharf.access.limits import NO_LIMITS, Limits
from wharf.access.login import Login
from wharf.access.permission import ALL, Permission, includes
from wharf.access.role import Role
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import ANY_ACTION, Scope

ADMINISTRATOR: Final = "administrator"
CATALOG: Final = Scope("registry", "catalog", frozenset({ANY_ACTION}))
SEARCH: Final = Scope("registry", "catalog", frozenset({"search"}))  # what docker asks for before it searches
_MOST_REMEMBERED: Final = 4096
_NO_ROLES: Final[Mapping[str, Role]] = MappingProxyType({})


class Lack(Enum):
    """What is missing. GRANT: the short-lived token does not hold it, and a new one might."""

    LOGIN = "login"
    ROLE = "role"
    PERMISSION = "scope"
    LIMIT = "limit"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lack` is None where the action is allowed; `needed` names the role, scope or repositories that it would take."""

    lack: Lack | None = None
    needed: str = ""

    @property
    def is_allowed(self) -> bool:
        return self.lack is None


ALLOWED: Final = Verdict()


@dataclass(frozen=True, slots=True)
class Rights:
    is_known: bool = False
    is_administrator: bool = False
    roles: Mapping[str, Role] = field(default_factory=lambda: _NO_ROLES, hash=False)
    permissions: frozenset[Permission] = ALL
    limits: Limits = NO_LIMITS
    grants: tuple[Scope, ...] | None = None

    def role_in(self, owner: Login) -> Role | None:
        return Role.OWNER if self.is_administrator else self.roles.get(str(owner))

    def on(self, action: Action, name: RepositoryName, *, is_public: bool) -> Verdict:
        """The verdict on an action on a repository."""
        if action is Action.PULL and is_public:
            return ALLOWED
        standing = self._standing(action, owner_of(name))
        if standing is not ALLOWED:
            return standing
        if not self.limits.allow(name):
            return Verdict(Lack.LIMIT, str(name))
        return self._granted(action, name)

    def over(self, owner: Login, action: Action) -> Verdict:
        """The verdict on an action that concerns an owner as a whole."""
        standing = self._standing(action, owner)
        if standing is ALLOWED and not self.limits.allow_all_of(owner):
            return Verdict(Lack.LIMIT, f"all of {owner}")
        return self._beyond_repositories(str(owner)) if standing is ALLOWED else standing

    def over_all(self) -> Verdict:
        """The verdict on what concerns the whole registry."""
        if not self.is_known:
            return Verdict(Lack.LOGIN)
        if not self.is_administrator:
            return Verdict(Lack.ROLE, ADMINISTRATOR)
        if not self._permits(Permission.ADMIN):
            return Verdict(Lack.PERMISSION, Permission.ADMIN.value)
        if not self.limits.are_none:
            return Verdict(Lack.LIMIT, "all repositories")
        return self._beyond_repositories("this registry")

    def permits(self, permission: Permission) -> Verdict:
        """The verdict on what needs a scope and concerns nobody but the caller."""
        if not self.is_known:
            return Verdict(Lack.LOGIN)
        if not self._permits(permission):
            return Verdict(Lack.PERMISSION, permission.value)
        return self._beyond_repositories("your own account")

    def listing(self) -> Verdict:
        """The verdict on asking which repositories there are; each of them is judged by itself."""
        return ALLOWED if self.grants is None or SEARCH in self.grants else _covered(self.grants, CATALOG)

    def _beyond_repositories(self, what: str) -> Verdict:
        """A short-lived Docker token speaks of repositories alone: it buys no token, and governs nobody."""
        return ALLOWED if self.grants is None else Verdict(Lack.GRANT, what)

    def _standing(self, action: Action, owner: Login | None) -> Verdict:
        takes = TAKES[action]
        if not self.is_known:
            return Verdict(Lack.LOGIN)
        if not self._has(takes.role, owner):
            return Verdict(Lack.ROLE, takes.role.value if owner else ADMINISTRATOR)
        return ALLOWED if self._permits(takes.permission) else Verdict(Lack.PERMISSION, takes.permission.value)

    def _has(self, role: Role, owner: Login | None) -> bool:
        mine = self.role_in(owner) if owner else (Role.OWNER if self.is_administrator else None)
        return mine is not None and mine.includes(role)

    def _permits(self, permission: Permission) -> bool:
        return includes(self.permissions, permission)

    def _granted(self, action: Action, name: RepositoryName) -> Verdict:
        if self.grants is None:
            return ALLOWED
        return _covered(self.grants, _wanted(name, action))


def _covered(grants: tuple[Scope, ...], wanted: Scope) -> Verdict:
    return ALLOWED if any(grant.covers(wanted) for grant in grants) else Verdict(Lack.GRANT, str(wanted))


NOBODY: Final = Rights()


@lru_cache(maxsize=_MOST_REMEMBERED)
def _wanted(name: RepositoryName, action: Action) -> Scope:
    return Scope("repository", str(name), frozenset({action.value}))


@lru_cache(maxsize=_MOST_REMEMBERED)
def owner_of(name: RepositoryName) -> Login | None:
    """The first segment; None where there is only one: such a repository belongs to the instance."""
    first, slash, _ = str(name).partition("/")
    return Login(first) if slash else None
