"""Text in the log of a CI system that takes some lines for commands: GitHub's Actions and Azure's Pipelines.

Theirs begin with `::`, or hold `##[` or `##vso[` anywhere. What is printed comes from files and registries that may be
anybody's, so a space without width is put where a command would begin: people see no difference.
"""

import re
from collections.abc import Mapping
from typing import Final

_READERS: Final = {"GITHUB_ACTIONS": "true", "TF_BUILD": "True"}
_BETWEEN: Final = "\u200b"
_begins = re.compile(r"^(?=\s*::)|(?<=#)(?=#(?:\[|vso\[))", re.MULTILINE | re.IGNORECASE)


def are_read(environ: Mapping[str, str]) -> bool:
    return any(environ.get(name, "").lower() == value.lower() for name, value in _READERS.items())


def without_commands(text: str) -> str:
    return _begins.sub(_BETWEEN, text)
