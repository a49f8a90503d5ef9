"""What a check has left somewhere and has to take away: written down before it is made."""

from dataclasses import dataclass, field

from wharf.oci.digest import Digest


@dataclass(slots=True)
class Traces:
    """`manifests`: in the order in which they were put; what names others comes last, and goes first."""

    has_tag: bool = False
    manifests: list[Digest] = field(default_factory=list)
    engine_images: list[str] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)

    @property
    def in_registry(self) -> bool:
        return self.has_tag or bool(self.manifests)

    @property
    def in_engine(self) -> bool:
        return bool(self.engine_images or self.containers)

    def will_put(self, digest: Digest) -> None:
        if digest not in self.manifests:
            self.manifests.append(digest)

    def was_not_taken(self, digest: Digest, *, tagged: bool = False) -> None:
        """The registry said no: of this nothing is there."""
        self.manifests.remove(digest)
        self.has_tag = self.has_tag and not tagged
