"""A rule: one thing that can be wrong with the files of a repository, and how to see it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` is the name of its page, docs/rules/<id>.md, and of its module with `_` for `-`."""

    id: str
    severity: Severity
    title: Words
    check: Callable[[Checkout], Iterable[Finding]]
    runs_last: bool = False
    """It tells of what the other rules met, such as files that cannot be read."""
    asks_registry: bool = False
    """It has something to say only where somebody looked into the registry."""
