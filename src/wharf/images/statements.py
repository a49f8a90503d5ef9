"""What is said about an image by others: signatures, lists of contents, attestations.

They name the digest they are about: in their `subject`, by which registries list them, or, as cosign has done it from
the beginning, in their own tag.
"""

import re
from enum import Enum
from functools import partial
from typing import Final, Protocol, runtime_checkable

from wharf.images.source import ImageSource
from wharf.images.together import together
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import Tag

_COSIGN_ENDINGS: Final = ("sig", "att", "sbom")
_cosign_tag: Final = re.compile(r"sha256-[0-9a-f]{64}[.](?:sig|att|sbom)").fullmatch


class StatementKind(Enum):
    COSIGN_SIGNATURE = "cosign signature"
    SIGSTORE_BUNDLE = "sigstore bundle"
    NOTATION_SIGNATURE = "notation signature"
    CONTENTS = "list of contents"
    ATTESTATION = "attestation"
    OTHER = "artifact"


_KINDS: Final = (
    ("application/vnd.dev.cosign.artifact.sig.", StatementKind.COSIGN_SIGNATURE),
    ("application/vnd.dev.cosign.simplesigning.", StatementKind.COSIGN_SIGNATURE),
    ("application/vnd.dev.cosign.artifact.sbom.", StatementKind.CONTENTS),
    ("application/vnd.dev.sigstore.bundle", StatementKind.SIGSTORE_BUNDLE),
    ("application/vnd.cncf.notary.", StatementKind.NOTATION_SIGNATURE),
    ("application/vnd.in-toto", StatementKind.ATTESTATION),
    ("application/vnd.dsse.envelope", StatementKind.ATTESTATION),
    ("application/vnd.cyclonedx", StatementKind.CONTENTS),
    ("application/spdx", StatementKind.CONTENTS),
    ("text/spdx", StatementKind.CONTENTS),
)
_KINDS_BY_ENDING: Final = {
    "sig": StatementKind.COSIGN_SIGNATURE,
    "att": StatementKind.ATTESTATION,
    "sbom": StatementKind.CONTENTS,
}


@runtime_checkable
class Answering(Protocol):
    """A source that says whether a name stands for something, without handing it over."""

    async def has(self, tag: Tag) -> bool: ...


def kind_of_statement(artifact_type: str | None) -> StatementKind:
    known = (kind for start, kind in _KINDS if (artifact_type or "").startswith(start))
    return next(known, StatementKind.OTHER)


def kind_by_tag(tag: Tag) -> StatementKind:
    return _KINDS_BY_ENDING.get(tag.value.rpartition(".")[2], StatementKind.OTHER)


def is_cosign_tag(tag: Tag) -> bool:
    return _cosign_tag(tag.value) is not None


async def cosign_tags(source: ImageSource, subject: Digest) -> tuple[Tag, ...]:
    """Those that are there. A repository may have thousands of tags, so asking for three is quicker than a list."""
    if subject.algorithm is not Algorithm.SHA256:  # cosign knows no other, and such a tag would be too long
        return ()
    possible = [Tag(f"{subject.algorithm}-{subject.hex}.{ending}") for ending in _COSIGN_ENDINGS]
    if not isinstance(source, Answering):
        present = frozenset(await source.tags())
        return tuple(tag for tag in possible if tag in present)
    answers = await together((partial(source.has, tag) for tag in possible), len(possible))
    return tuple(tag for tag, is_there in zip(possible, answers, strict=True) if is_there)
