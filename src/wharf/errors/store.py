"""The place where bytes lie does not do its part."""

from wharf.errors.root import WharfError


class StoreProblem(WharfError):
    code = "store-problem"


class StoreFull(StoreProblem):
    code = "store-full"

    def __init__(self, place: str) -> None:
        super().__init__(
            "the registry's disk is full",
            evidence=[f"while writing to: {place}"],
            next_step="free space or run `wharf admin gc`; reading still works",
        )


class StoreBusy(StoreProblem):
    code = "store-busy"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is held by another process", next_step="try again when the other one has finished")


class StoreTooNew(StoreProblem):
    code = "store-too-new"

    def __init__(self, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            "this store was written by a newer wharf",
            evidence=[f"schema of the store: {found}", f"newest schema known here: {known}"],
            next_step="install the newer wharf again; an older one would damage the store",
        )
