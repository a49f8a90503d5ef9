"""It could be done, and may not."""

from collections.abc import Sequence

from wharf.errors.root import WharfError, shown


class Refused(WharfError):
    code = "refused"


class NotAuthenticated(Refused):
    code = "not-authenticated"

    def __init__(self, action: str, name: str) -> None:
        self.action = action
        self.name = name
        super().__init__("authentication required", next_step="log in to this registry")


class Denied(Refused):
    code = "denied"

    def __init__(self, action: str, name: str) -> None:
        self.action = action
        self.name = name
        super().__init__(f"{action} is not allowed on {shown(name)}", next_step="ask an owner for this right")


class TooLarge(Refused):
    code = "too-large"

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"the {what} is larger than {limit} bytes", next_step=f"send a {what} within the limit")


class TooMany(Refused):
    code = "too-many"

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"more than {limit} {what} at once", next_step=f"send at most {limit} {what}")


class TooBusy(Refused):
    """For the moment there is no room for one more."""

    code = "too-busy"

    def __init__(self, what: str) -> None:
        super().__init__(f"too many {what}", next_step="try again in a moment")


class NotSupported(Refused):
    code = "not-supported"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"{shown(method)} cannot be done here", next_step=f"possible here: {', '.join(allowed)}")


class StillInUse(Refused):
    """A blob that a live manifest names cannot be taken away from under it."""

    code = "still-in-use"

    def __init__(self, digest: str, users: Sequence[str]) -> None:
        self.digest = digest
        self.users = tuple(users)
        super().__init__(
            f"{digest} is still in use",
            evidence=[f"named by: {user}" for user in users],
            next_step="delete the manifests that name it first",
        )
