"""What is said about an image by others: signatures, lists of contents, attestations.

They name the digest they are about: in their `subject`, by which registries list them, or, as cosign has done it from
the beginning, in their own tag.
"""

from collections.abc import Collection
from typing import Final

from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import Tag

_COSIGN_ENDINGS: Final = ("sig", "att", "sbom")


def cosign_tags(subject: Digest, tags: Collection[Tag]) -> tuple[Tag, ...]:
    """Those of the tags under which cosign keeps what it says about this digest."""
    if subject.algorithm is not Algorithm.SHA256:  # cosign knows no other, and such a tag would be too long
        return ()
    possible = (Tag(f"{subject.algorithm}-{subject.hex}.{ending}") for ending in _COSIGN_ENDINGS)
    return tuple(tag for tag in possible if tag in tags)
