"""The text that is to be explained: typed behind the verb, standing in a file, or coming through a pipe."""

from contextlib import AbstractContextManager, nullcontext
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final

import click

from wharf.cli.surroundings import Surroundings
from wharf.errors import UnreadableFile

_PIPE: Final = "-"
_NOTHING: Final = "nothing to explain: give the error text, -f FILE, or pipe a log into it"


def opened(here: Surroundings, words: tuple[str, ...], file: Path | None) -> AbstractContextManager[BinaryIO]:
    """To be read once, piece by piece: a whole log may be large."""
    if words and file:
        raise click.UsageError("a text and a file: which of them?")
    if words and words != (_PIPE,):
        return BytesIO(" ".join(words).encode("utf-8", "surrogateescape"))
    if file is not None and str(file) != _PIPE:
        return _open(here.folder / file)
    if here.typed.isatty():
        raise click.UsageError(_NOTHING)
    typed = here.typed
    return nullcontext(typed.buffer if isinstance(typed, TextIOWrapper) else BytesIO(typed.read().encode()))


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as problem:
        raise UnreadableFile(str(path), problem.strerror or "it cannot be read") from problem
