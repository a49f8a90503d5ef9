"""Tags that stay where they are: whoever would move one, or take one away, is told which rule forbids it.

It is asked within the change that would do it, so that of two pushes at once the second one already finds the tag set.
"""

from collections.abc import Iterable, Sequence

from wharf.errors import TagImmutable
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import RepositoryId, RuleKind, RuleRecord
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.rules.terms import Immutable, read


def hold_still(
    ledger: Ledger, repository: RepositoryId, name: RepositoryName, tags: Iterable[Tag], digest: Digest
) -> None:
    """Raises TagImmutable if one of these tags stands, by a rule, at another digest than this one."""
    moving = [tag for tag in tags if ledger.tags.find(repository, tag) not in {None, digest}]
    _refuse(ledger, name, moving)


def hold_fast(ledger: Ledger, name: RepositoryName, tags: Sequence[Tag]) -> None:
    """Raises TagImmutable if, by a rule, one of these tags may not go."""
    _refuse(ledger, name, tags)


def hold_all_fast(ledger: Ledger, repository: RepositoryId, name: RepositoryName) -> None:
    """Raises TagImmutable if, by a rule, one of all tags there may not go."""
    if immutable_rules(ledger, name):
        hold_fast(ledger, name, ledger.tags.of_repository(repository))


def immutable_rules(ledger: Ledger, name: RepositoryName) -> list[tuple[RuleRecord, Immutable]]:
    found = ledger.rules.concerning(name.owner or "", RuleKind.IMMUTABLE)
    rules = ((record, read(record.kind, record.terms)) for record in found)
    return [(record, terms) for record, terms in rules if isinstance(terms, Immutable)]


def _refuse(ledger: Ledger, name: RepositoryName, tags: Sequence[Tag]) -> None:
    if not tags:
        return
    for record, terms in immutable_rules(ledger, name):
        for tag in tags:
            if terms.holds(name, tag):
                raise TagImmutable(str(name), str(tag), f"{record.id}: {terms}")
