"""Releases of the action: `v5`, `v5.6.1`, `master`, or a commit of which nobody knows the release."""

import re
from dataclasses import dataclass
from typing import Final

_NEWEST: Final = (999, 0)
_MAJOR_ENDS_WITH: Final = {1: 7, 2: 6, 3: 8, 4: 6, 5: 10}
"""`v4` moves with its releases, and has stopped at v4.6."""
_COMMITS: Final = {
    "818d4b7b91585d195f67373fd9cb0332e31a7175": (4, 6),
    "96383f45573cb7f253c731d3b3ab81c87ef81934": (5, 0),
    "dbef88086f6cef02e264edb7dbf63250c17cef6c": (5, 5),
    "8e5442c4ef9f78752691e2d8f8d19755c6f78e81": (5, 5),
    "369eb591f429131d6889c46b94e711f089e6ca96": (5, 6),
    "902fa8ec7d6ecbf8d84d538b9b233a880e428804": (5, 7),
    "c1e51972afc2121e065aed6d45c65596fe445f3f": (5, 8),
    "318604b99e75e41977312d83839a89be02ca4893": (5, 9),
    "c299e40c65443455700f0fdfc63efafe5b349051": (5, 10),
    "030e881283bb7a6894de51c315a6bfe6a94e05cf": (6, 0),
}
"""Those that workflows name most, for safety's sake; any other is taken for the newest."""
_written = re.compile(r"v?([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:\.[0-9]+)*(?:[^0-9.].*)?").fullmatch


@dataclass(frozen=True)
class Release:
    number: tuple[int, int]

    @classmethod
    def parse(cls, written: str) -> "Release":
        match = _written(written) if len(written) < 30 else None
        if match is None:
            return cls(_COMMITS.get(written.lower(), _NEWEST))
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
