"""Who asks, and may they.

Every use case names the caller and asks the gate first. What the caller may not see looks as if it were not there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeVar

from wharf.access.action import Action
from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.access.rights import ADMINISTRATOR, ALLOWED, NOBODY, Lack, Rights, Verdict
from wharf.errors import Denied, GrantMissing, NotAuthenticated, RepositoryUnknown
from wharf.metadata.records import AccountId, Moment, TokenId
from wharf.oci.reference import RepositoryName

__all__ = ["ANYBODY", "AccessPolicy", "Action", "Caller", "Doorkeeper", "Gate", "OpenDoor", "OpenToAll", "refusal"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind a request; without a name it is anybody. `credential` is what they came with, for the audit.

    `token`: the one that they came with, or that their short-lived token was bought with; None for a password, of which
    `password_since` says since when it is theirs. `as_of`: the number of access for which all this was found.
    """

    name: str | None = None
    account: AccountId | None = None
    rights: Rights = NOBODY
    credential: str = "none"
    address: str = "-"
    token: TokenId | None = None
    password_since: Moment | None = None
    as_of: int = field(default=0, compare=False)

    @property
    def actor(self) -> str:
        return self.name or "anonymous"


ANYBODY = Caller()


class Doorkeeper(Protocol):
    async def identify(self, authorization: str | None, address: str) -> Caller:
        """Who comes with this header from this address. Raises CredentialRefused or TooManyAttempts."""


class OpenDoor:
    """Whoever comes is anybody, whatever they say."""

    async def identify(self, authorization: str | None, address: str) -> Caller:
        return Caller(address=address)


_FOR_ADMINISTRATORS: Final = "ask an administrator of this registry"
_MADE_FOR_IT: Final = "use a token that is made for it (wharf token create); wharf whoami tells what this one is for"
_KEEPS_FROM_LISTS: Final = {Lack.LOGIN, Lack.PERMISSION, Lack.GRANT}


class AccessPolicy(Protocol):
    async def verdict(self, caller: Caller, action: Action, name: RepositoryName) -> Verdict: ...

    async def verdict_over(self, caller: Caller, action: Action, owner: Login) -> Verdict:
        """On an action that concerns the owner as a whole."""

    async def verdict_over_all(self, caller: Caller) -> Verdict:
        """On what concerns the whole registry."""

    def owners(self, caller: Caller) -> Collection[str] | None:
        """Whose repositories the caller may perhaps read, besides public ones; None for anybody's."""

    def may_read(self, caller: Caller, name: RepositoryName, *, is_public: bool) -> bool:
        """Asked of each entry of a list, which tells already whether it is public."""


class OpenToAll:
    """Anybody may do anything: for a registry that only this machine can reach."""

    async def verdict(self, caller: Caller, action: Action, name: RepositoryName) -> Verdict:
        return ALLOWED

    async def verdict_over(self, caller: Caller, action: Action, owner: Login) -> Verdict:
        return ALLOWED

    async def verdict_over_all(self, caller: Caller) -> Verdict:
        return ALLOWED

    def owners(self, caller: Caller) -> Collection[str] | None:
        return None

    def may_read(self, caller: Caller, name: RepositoryName, *, is_public: bool) -> bool:
        return True


class Listed(Protocol):
    """A repository as a list tells of it."""

    @property
    def name(self) -> RepositoryName: ...

    @property
    def is_public(self) -> bool: ...


Entry = TypeVar("Entry", bound=Listed)


class Gate:
    """Asks the policy, and refuses in the way that tells the caller neither too little nor too much."""

    def __init__(self, policy: AccessPolicy) -> None:
        self._policy = policy

    async def may(self, caller: Caller, action: Action, name: RepositoryName) -> bool:
        return (await self._policy.verdict(caller, action, name)).is_allowed

    def readable(self, caller: Caller, entries: Iterable[Entry]) -> list[Entry]:
        return [each for each in entries if self._policy.may_read(caller, each.name, is_public=each.is_public)]

    def owners(self, caller: Caller) -> Collection[str] | None:
        """Whose repositories to look through for this caller: how long it takes tells nothing of those of others."""
        return self._policy.owners(caller)

    def lister(self, caller: Caller) -> Caller:
        """Who asks for the list, when it comes to its entries: a grant for the list is one for what it shows."""
        verdict = caller.rights.listing()
        if not verdict.is_allowed:
            raise refusal(verdict, "listing", "this registry")
        return replace(caller, rights=replace(caller.rights, grants=None))

    async def require(self, caller: Caller, action: Action, name: RepositoryName) -> None:
        verdict = await self._policy.verdict(caller, action, name)
        if verdict.is_allowed:
            return
        if verdict.lack in {Lack.ROLE, Lack.LIMIT} and action is not Action.PUSH:
            await self._hide(caller, name)
        raise refusal(verdict, action.in_a_sentence, str(name))

    async def require_reader(self, caller: Caller, owner: Login | None) -> None:
        """For lists of what an owner has: anybody who is somebody gets one, of what they may read, maybe an empty one.

        None is the instance, whose repositories have names of one segment.
        """
        if owner is None:
            verdict, refused = await self._policy.verdict_over_all(caller), {Lack.LOGIN}
        else:
            verdict, refused = await self._policy.verdict_over(caller, Action.PULL, owner), _KEEPS_FROM_LISTS
        if verdict.lack in refused:
            raise refusal(verdict, "list", str(owner or "this registry"))

    async def may_over(self, caller: Caller, action: Action, owner: Login) -> bool:
        return (await self._policy.verdict_over(caller, action, owner)).is_allowed

    async def require_over(self, caller: Caller, action: Action, owner: Login) -> None:
        verdict = await self._policy.verdict_over(caller, action, owner)
        if not verdict.is_allowed:
            raise refusal(verdict, action.in_a_sentence, str(owner))

    async def require_over_all(self, caller: Caller) -> None:
        verdict = await self._policy.verdict_over_all(caller)
        if not verdict.is_allowed:
            raise refusal(verdict, "administration", "this registry")

    async def _hide(self, caller: Caller, name: RepositoryName) -> None:
        """Who may not read it is told what is told of a repository that does not exist."""
        if not await self.may(caller, Action.PULL, name):
            raise RepositoryUnknown(str(name))


def refusal(verdict: Verdict, action: str, name: str) -> Denied | GrantMissing | NotAuthenticated:
    """The error that a verdict other than `allowed` is."""
    match verdict.lack:
        case Lack.LOGIN | None:
            return NotAuthenticated(action, name)
        case Lack.GRANT:
            return GrantMissing(action, name)
        case Lack.ROLE:
            step = _FOR_ADMINISTRATORS if verdict.needed == ADMINISTRATOR else ""
            return Denied(action, name, f"the role {verdict.needed}", step)
        case Lack.PERMISSION:
            return Denied(action, name, f"a token with the scope {Permission(verdict.needed).value}", _MADE_FOR_IT)
        case Lack.LIMIT:
            lacking = f"a token for {verdict.needed}, and this one is for other repositories alone"
            return Denied(action, name, lacking, _MADE_FOR_IT)
