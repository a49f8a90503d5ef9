"""Releases of the action: `v5`, `v5.6.1`, `master`, or a commit of which nobody knows the release."""

import re
from dataclasses import dataclass
from typing import Final

_NEWEST: Final = (999, 0)
_MAJOR_ENDS_WITH: Final = {1: 7, 2: 6, 3: 8, 4: 6, 5: 10}
"""`v4` moves with its releases, and has stopped at v4.6."""
_written = re.compile(r"v?([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:\.[0-9]+)*(?:[^0-9.].*)?").fullmatch


@dataclass(frozen=True)
class Release:
    number: tuple[int, int]

    @classmethod
    def parse(cls, written: str) -> "Release":
        match = _written(written) if len(written) < 30 else None
        if match is None:
            return cls(_NEWEST)
        major = int(match[1])
        return cls((major, int(match[2]) if match[2] else _MAJOR_ENDS_WITH.get(major, _NEWEST[0])))

    @property
    def comments_only_lines(self) -> bool:
        """Before, a `#` anywhere began a comment."""
        return self.number >= (6, 0)

    @property
    def has_short_sha_length(self) -> bool:
        return self.number >= (5, 6)

    @property
    def has_commit_date(self) -> bool:
        return self.number >= (5, 6)

    @property
    def may_keep_outputs_to_itself(self) -> bool:
        return self.number >= (5, 7)

    @property
    def has_not_default_branch(self) -> bool:
        return self.number >= (5, 8)

    @property
    def has_match_of_versions(self) -> bool:
        return self.number >= (5, 8)

    @property
    def has_tag_names(self) -> bool:
        return self.number >= (5, 9)
