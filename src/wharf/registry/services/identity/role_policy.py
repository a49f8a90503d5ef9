"""The policy of a registry with accounts: what the caller's rights say, and whether the repository is public."""

from collections.abc import Collection
from typing import Final

from wharf.access.login import Login
from wharf.access.rights import ALLOWED, Verdict
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Action, Caller
from wharf.registry.services.identity.findings import Memory

_MOST_REMEMBERED: Final = 50_000


class RolePolicy:
    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata
        self._visibility = Visibility(metadata)

    async def verdict(self, caller: Caller, action: Action, name: RepositoryName) -> Verdict:
        verdict = caller.rights.on(action, name, is_public=False)
        if verdict.is_allowed or action is not Action.PULL:
            return verdict
        return ALLOWED if await self._visibility.is_public(name) else verdict

    async def verdict_over(self, caller: Caller, action: Action, owner: Login) -> Verdict:
        return caller.rights.over(owner, action)

    async def verdict_over_all(self, caller: Caller) -> Verdict:
        return caller.rights.over_all()

    def owners(self, caller: Caller) -> Collection[str] | None:
        return None if caller.rights.is_administrator else caller.rights.roles.keys()

    def may_read(self, caller: Caller, name: RepositoryName, *, is_public: bool) -> bool:
        return caller.rights.on(Action.PULL, name, is_public=is_public).is_allowed


class Visibility:
    """Remembers which repositories are public, for as long as nobody's access has changed."""

    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata
        self._memory: Memory[RepositoryName, bool] = Memory(metadata, _MOST_REMEMBERED)

    async def is_public(self, name: RepositoryName) -> bool:
        known = (await self._memory.findings()).known
        if name not in known:
            known[name] = await self._metadata.read(lambda ledger: ledger.repositories.is_public(name))
        return known[name]
