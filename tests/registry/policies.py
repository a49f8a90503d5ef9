"""A policy that is one rule, for tests that need no accounts."""

from collections.abc import Callable

from wharf.access.login import Login
from wharf.access.rights import ALLOWED, Lack, Verdict
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Action, Caller

Rule = Callable[[Caller, Action, RepositoryName], bool]


class Allowing:
    """What the rule lets through is allowed; nothing concerns whole owners."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    async def verdict(self, caller: Caller, action: Action, name: RepositoryName) -> Verdict:
        return ALLOWED if self._rule(caller, action, name) else _refused(caller)

    async def verdict_over(self, caller: Caller, action: Action, owner: Login) -> Verdict:
        return _refused(caller)

    async def verdict_over_all(self, caller: Caller) -> Verdict:
        return _refused(caller)

    def owners(self, caller: Caller) -> None:
        return None

    def may_read(self, caller: Caller, name: RepositoryName, *, is_public: bool) -> bool:
        return self._rule(caller, Action.PULL, name)


def _refused(caller: Caller) -> Verdict:
    return Verdict(Lack.LOGIN if caller.name is None else Lack.ROLE)
