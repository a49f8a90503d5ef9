"""Commits and tags of a repository, as `git cat-file` gives them.

Git is asked in an empty repository that borrows the objects: settings of the one that is looked at, which may name
programs to run, do not reach it.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_PATIENCE_SECONDS: Final = 20
_LARGEST: Final = 64 << 20
_KINDS: Final = (b"commit", b"tag")
_MOST_DIGITS: Final = 5
"""Of the size of one object."""
_when = re.compile(rb"^(?:committer|tagger) .{0,1000}? ([0-9]{1,12}) [+-][0-9]{4}$", re.MULTILINE)
_object = re.compile(rb"^object ([0-9a-f]{40,64})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class GitObject:
    """`of`: for an annotated tag, what it is put on."""

    when: datetime | None
    of: str = ""


def objects_of(objects: Path, digests: Iterable[str]) -> Mapping[str, GitObject]:
    """Those that are there; none, where there is no git."""
    asked = "".join(f"{digest}\n" for digest in dict.fromkeys(digests))
    with (
        suppress(OSError, ValueError, RuntimeError, subprocess.SubprocessError),
        TemporaryDirectory(prefix="wharf-") as empty,
    ):
        git = partial(_answers, objects, Path(empty))
        small = _small(git("--batch-check", asked.encode()))
        return dict(_read(git("--batch", small))) if small else {}
    return {}


def _small(answers: bytes) -> bytes:
    """Those whose content may be asked for: anything can be named as a commit, and be larger than the memory."""
    rows = [line.split() for line in answers.splitlines()]
    kept = [row[0] for row in rows if len(row) == 3 and row[1] in _KINDS and len(row[2]) <= _MOST_DIGITS]
    return b"".join(digest + b"\n" for digest in kept)


def _answers(objects: Path, empty: Path, how: str, asked: bytes) -> bytes:
    (empty / "refs").mkdir(exist_ok=True)
    (empty / "objects").mkdir(exist_ok=True)
    (empty / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment = {
        **kept,
        "GIT_DIR": str(empty),
        "GIT_OBJECT_DIRECTORY": str(objects.resolve()),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
    done = subprocess.run(  # noqa: S603 - words of our own
        ["git", "cat-file", how],  # noqa: S607 - the git of the person who runs this
        input=asked,
        capture_output=True,
        env=environment,
        cwd=empty,
        timeout=_PATIENCE_SECONDS,
        check=True,
    )
    return done.stdout[:_LARGEST]


def _read(answers: bytes) -> Iterator[tuple[str, GitObject]]:
    at = 0
    while (end := answers.find(b"\n", at)) >= 0:
        digest, kind, *size = answers[at:end].decode("ascii", "replace").split(" ")
        at = end + 1
        if not size:  # "… missing"
            continue
        content, at = answers[at : at + int(size[0])], at + int(size[0]) + 1
        head = content.partition(b"\n\n")[0]
        tagged = _object.search(head) if kind == "tag" else None
        yield digest, GitObject(_moment(head), tagged[1].decode() if tagged else "")


def _moment(head: bytes) -> datetime | None:
    found = _when.search(head)
    with suppress(OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(int(found[1]), UTC) if found else None
    return None
