"""A Docker Engine on this machine or another does not do its part."""

from collections.abc import Sequence

from wharf.errors.root import WharfError, shown


class EngineProblem(WharfError):
    code = "engine-problem"


class EngineUnreachable(EngineProblem):
    code = "engine-unreachable"

    def __init__(self, address: str, reason: str, *, next_step: str = "") -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"no container engine answers at {shown(address)}: {reason}",
            next_step=next_step or "start it, or name another one in DOCKER_HOST",
        )


class EngineRefused(EngineProblem):
    code = "engine-refused"

    def __init__(self, action: str, reason: str, evidence: Sequence[str] = ()) -> None:
        super().__init__(
            f"the container engine did not {action}: {shown(reason)}",
            evidence=evidence,
            next_step="look at the engine's log",
        )
