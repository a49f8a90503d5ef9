"""What arrived is not what was announced."""

from collections.abc import Sequence

from wharf.errors.root import WharfError, counted, shown


class Untrue(WharfError):
    code = "untrue"


class DigestMismatch(Untrue):
    code = "digest-mismatch"

    def __init__(self, announced: str, computed: str) -> None:
        self.announced = announced
        self.computed = computed
        super().__init__(
            "the content does not have the announced digest",
            evidence=[f"announced: {announced}", f"computed: {computed}"],
            next_step="send it again; if it happens again, the sender computes over other bytes than it sends",
        )


class SizeMismatch(Untrue):
    code = "size-mismatch"

    def __init__(self, announced: int, received: int) -> None:
        self.announced = announced
        self.received = received
        super().__init__(
            "the content does not have the announced length",
            evidence=[f"announced: {announced} bytes", f"received: {received} bytes"],
            next_step="send it again from where it stopped",
        )


class ChunkOutOfOrder(Untrue):
    code = "chunk-out-of-order"

    def __init__(self, expected: int, given: int) -> None:
        self.expected = expected
        self.given = given
        super().__init__(
            "this chunk does not follow the bytes that were received",
            evidence=[f"received so far: {expected} bytes", f"chunk starts at: {given}"],
            next_step=f"ask for the status of the upload and go on at byte {expected}",
        )


class RangeNotSatisfiable(Untrue):
    code = "range-not-satisfiable"

    def __init__(self, header: str, size: int) -> None:
        self.size = size
        super().__init__(
            "the range lies outside the content",
            evidence=[f"asked for: {shown(header)}", f"size: {size} bytes"],
            next_step="ask for a range within the size",
        )


class ClientStopped(Untrue):
    """The peer hung up or fell silent; what it had sent is kept for a resumed upload."""

    code = "client-stopped"

    def __init__(self, received: int, why: str) -> None:
        self.received = received
        super().__init__(
            f"the request body ended early: {why}",
            evidence=[f"received: {received} bytes"],
            next_step="ask for the status of the upload and go on from there",
        )


class PartsMissing(Untrue):
    """A manifest names blobs or manifests that its repository does not hold."""

    code = "parts-missing"

    def __init__(self, name: str, digests: Sequence[str]) -> None:
        self.name = name
        self.digests = tuple(digests)
        super().__init__(
            f"the manifest names {counted(len(digests), 'part')} that {shown(name)} does not hold",
            evidence=[f"missing: {digest}" for digest in digests],
            next_step="push the missing parts into this repository first, then the manifest",
        )


class ImageBroken(Untrue):
    """An image whose parts contradict each other."""

    code = "image-broken"

    def __init__(self, image: str, flaws: Sequence[str]) -> None:
        self.image = image
        self.flaws = tuple(flaws)
        super().__init__(
            f"{shown(image)} contradicts itself in {counted(len(flaws), 'place')}",
            evidence=[shown(flaw) for flaw in flaws],
            next_step="build it again; whatever wrote it cannot be trusted to have written the rest",
        )
