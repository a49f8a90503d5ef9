"""Issuers that all the world shares: what they sign is true of strangers too, so a rule must say whose jobs it means.

A star that stands where an owner's name goes on (`repo:crew*`) means every owner whose name begins so, and anybody may
take such a name. A word that is no name (`ref_protected`, `environment`) is true of somebody's jobs anywhere.
"""

import re
from collections.abc import Mapping
from typing import Final

_SHARED: Final = frozenset({"https://token.actions.githubusercontent.com", "https://gitlab.com"})
_OWNERS: Final = frozenset(
    {"repository_owner", "repository_owner_id", "repository_id", "project_id", "namespace_id", "namespace_path"}
)
_PLACES: Final = frozenset(
    {"repo", "repository", "job_workflow_ref", "workflow_ref", "project_path", "ci_config_ref_uri"}
)
_before_a_sign: Final = re.compile(r"[^*?]*").match
_signs: Final = re.compile(r"[*?]").search


def is_too_generous(issuer: str, subject: str, claims: Mapping[str, str]) -> bool:
    """Whether a rule with these patterns would believe strangers."""
    return issuer.rstrip("/") in _SHARED and not (
        _subject_says_whose(subject) or any(_says_whose(name, pattern) for name, pattern in claims.items())
    )


def _subject_says_whose(subject: str) -> bool:
    """By the word that it begins with: whoever runs jobs there may choose which words theirs is made of."""
    kind, _, rest = subject.partition(":")
    return _says_whose(kind, rest) or (kind in _OWNERS and ":" in _front(rest))


def _says_whose(name: str, pattern: str) -> bool:
    if name in _PLACES:
        owner, slash, _ = _front(pattern).removeprefix("gitlab.com//").partition("/")
        return bool(owner and slash)
    return name in _OWNERS and not _signs(pattern)


def _front(pattern: str) -> str:
    found = _before_a_sign(pattern)
    return found[0] if found else ""
