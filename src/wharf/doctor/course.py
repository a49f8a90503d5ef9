"""The course of a job, as its log tells it: where it ended in failure, where something was tried again, what went well.

Of several failures the one before the end decides; and one that was tried again and then went well stopped nobody.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from wharf.doctor.pattern import Pattern


class Mark(Enum):
    END = "end"
    RETRY = "retry"
    SUCCESS = "success"


_TEXTS: Final[Mapping[Mark, tuple[str, ...]]] = {
    Mark.END: (
        "##[error]Process completed with exit code",
        "##[error]The process",
        "##[error]buildx failed with",
        "##[error]Error: buildx failed",
        "ERROR: Job failed",
        "Job failed: exit",
        "Finished: FAILURE",
        "Exited with code exit status",
        "##[error]Bash exited with code",
        "Build step 'Execute shell' marked build as failure",
        "script returned exit code",
        "The command … exited with",
        "make: *** [",
        "Cleaning up project directory and file based variables",
    ),
    Mark.RETRY: (
        "Retrying in",
        "retrying",
        "will retry",
        "try again",
        "Trying again",
        "Attempt {number} of",
        "attempt {number} failed",
        "attempt {number}/",
        "Command failed, retry",
        "seconds before retry",
        "trying next endpoint",
        "Attempting next endpoint",
        "trying next host",
    ),
    Mark.SUCCESS: (
        "Login Succeeded",
        "Login succeeded",
        "Status: Downloaded newer image",
        "Status: Image is up to date",
        "digest: sha256:",
        "pushing manifest for … done",
        "exporting to image … done",
        "naming to … done",
        "Successfully tagged",
        "Successfully built",
        "Writing manifest to image destination",
        "Storing signatures",
        "Job succeeded",
        "Finished: SUCCESS",
    ),
}


def marks() -> Iterable[tuple[Pattern, Mark]]:
    unique = dict.fromkeys((text.lower(), mark) for mark, texts in _TEXTS.items() for text in texts)
    return [(Pattern.parse(text, frozenset()), mark) for text, mark in unique]


class Course:
    """The lines on which each kind of mark stands. Of very many, the first and the last are kept."""

    _MOST: Final = 4000

    def __init__(self) -> None:
        self._lines: dict[Mark, list[int]] = {mark: [] for mark in Mark}

    def add(self, mark: Mark, line: int) -> None:
        lines = self._lines[mark]
        if len(lines) >= self._MOST:
            lines.pop()
        lines.append(line)

    def ended(self) -> list[int]:
        return sorted(self._lines[Mark.END])

    def went_well_after(self, line: int, within: int) -> bool:
        """It was tried again near a line, and something then went well."""
        tried_again = any(-2 <= tried - line <= within for tried in self._lines[Mark.RETRY])
        return tried_again and any(well > line for well in self._lines[Mark.SUCCESS])
