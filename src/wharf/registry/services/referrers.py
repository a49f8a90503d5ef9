"""Referrers: the manifests that speak about another one, walked in small steps.

Each carries annotations, as many as a manifest may hold: a thousand referrers can weigh gigabytes. Whoever collects
them keeps an eye on their weight.
"""

from collections.abc import Iterator

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import ReferrerRecord, RepositoryId
from wharf.oci.digest import Digest

_STEP = 16
_WEIGHT_OF_A_DESCRIPTOR = 400


def walked(
    ledger: Ledger, repository: RepositoryId, subject: Digest, artifact_type: str | None = None, after: str = ""
) -> Iterator[ReferrerRecord]:
    """All of them in the order of their digests, as far as the caller goes on asking."""
    while step := ledger.manifests.referrers(repository, subject, artifact_type, after, _STEP):
        yield from step
        after = str(step[-1].digest)


def weight(referrer: ReferrerRecord) -> int:
    """About as many bytes as it takes in a list."""
    return _WEIGHT_OF_A_DESCRIPTOR + sum(len(name) + len(text) for name, text in referrer.annotations.items())
