"""Whose affairs: those of one owner, or of the whole registry, which are its administrators'."""

from wharf.access.login import Login
from wharf.errors import Refused
from wharf.registry.services.access import Action, Caller, Gate


async def require_governor(gate: Gate, caller: Caller, owner: Login | None) -> None:
    """`owner`: None for the whole registry."""
    if owner is None:
        await gate.require_over_all(caller)
    else:
        await gate.require_over(caller, Action.GOVERN, owner)


async def is_administrator(gate: Gate, caller: Caller) -> bool:
    try:
        await gate.require_over_all(caller)
    except Refused:
        return False
    return True
