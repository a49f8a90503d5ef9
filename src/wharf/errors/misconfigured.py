"""wharf was told something that cannot be."""

from wharf.errors.root import Diagnostics, WharfError, shown


class Misconfigured(WharfError):
    code = "misconfigured"


class SettingRefused(Misconfigured):
    code = "setting-refused"

    def __init__(self, name: str, value: str, place: str, reason: str, next_step: str = "") -> None:
        self.name = name
        self.place = place
        super().__init__(
            f"setting {name}: {reason}",
            evidence=[f"value: {shown(value)}", f"from: {place}"],
            next_step=next_step or f"correct {name} there",
        )


class AddressTaken(Misconfigured):
    code = "address-taken"

    def __init__(self, address: str, option: str = "--listen") -> None:
        super().__init__(
            f"{address} is in use by another program",
            next_step=f"stop the other program, or choose another address with {option}",
        )


class StartFailed(Misconfigured):
    """Of a registry none of whose worker processes could ever serve."""

    code = "start-failed"

    def __init__(self, why: Diagnostics) -> None:
        super().__init__(
            f"the registry cannot start: {why.cause}",
            evidence=["no worker process could serve", *why.evidence],
            next_step=why.next_step or "mend that, and start it again",
        )
