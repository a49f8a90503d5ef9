"""A log, read piece by piece: fifty megabytes never lie in memory at once.

Pieces end where lines end, as long as lines do, and overlap: what stands on a seam stands whole in one of them. What
Windows writes in two bytes a character, and what JSON escaped, is made plain on the way.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

PIECE: Final = 256 * 1024
OVERLAP: Final = 4096
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ESCAPED: Final = (
    (b"\\x1b", b"\x1b"),
    (b"\\033", b"\x1b"),
    (b"^[[", b"\x1b["),
)
_OF_A_PAGE: Final = (
    (b"&quot;", b'"'),
    (b"&#34;", b'"'),
    (b"&#39;", b"'"),
    (b"&#x27;", b"'"),
    (b"&apos;", b"'"),
    (b"&#96;", b"`"),
    (b"&#x60;", b"`"),
    (b"&#47;", b"/"),
    (b"&#x2F;", b"/"),
    (b"&nbsp;", b" "),
    (b"&lt;", b"<"),
    (b"&gt;", b">"),
    (b"&amp;", b"&"),
)
"""As a web page writes them, of which somebody copied the source."""
_colour_without_escape = re.compile(rb"\[(?:[0-9]{1,3}(?:;[0-9]{1,3}){0,4})?m")
_COLOURS_END: Final = b"[0m"
"""What is left of a colour where its first, invisible character was lost."""
_escape = re.compile(rb"\\(?:r\\n|n|t)")
_drive = re.compile(rb"\b[A-Za-z]:\\")
"""After which a path of Windows has letters behind its backslashes that mean themselves."""
_LONGEST_PATH: Final = 300
_envelope = re.compile(rb'\{"log":\s?"|(?:\\r)?(?:\\n)?",\s?"stream":[^\n]{0,200}\}')
"""In which Docker keeps what a container says."""
_number = re.compile(rb"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class LogPiece:
    """Some lines, as UTF-8 that may be broken. `first_line` counts from one."""

    text: bytes
    first_line: int


def pieces_of(log: BinaryIO) -> Iterator[LogPiece]:
    held, line = b"", 1
    for chunk in _chunks(log):
        whole, rest = _cut_after_a_line(held + chunk)
        if not whole:
            held = rest
            continue
        yield LogPiece(whole, line)
        overlap = _from_a_line(whole)
        line += whole.count(b"\n", 0, len(whole) - len(overlap))
        held = overlap + rest
    if held:
        yield LogPiece(held, line)


def _chunks(log: BinaryIO) -> Iterator[bytes]:
    first = log.read(PIECE)
    wide = first.startswith(_WIDE)
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    chunk = first
    while chunk:
        yield _plain(decoder.decode(chunk).encode("utf-8", "replace") if wide else chunk)
        chunk = log.read(PIECE)


def _plain(chunk: bytes) -> bytes:
    """An escape that lies across two chunks stays as it is: a colour more or less."""
    if b"\0" in chunk:
        chunk = chunk.replace(b"\0", b"")
    if b'{"log":' in chunk:
        chunk = _envelope.sub(b"", chunk)
    if b";" in chunk and b"&" in chunk:
        chunk = _as_a_page_shows_it(chunk)
    if b"^[[" in chunk or b"\\" in chunk:
        if b"\\u" in chunk:
            chunk = _number.sub(_character, chunk)
        for escaped, character in _ESCAPED:
            chunk = chunk.replace(escaped, character)
        if b"\\n" in chunk or b"\\t" in chunk:
            chunk = _escape.sub(_as_a_space, chunk)
    return _colour_without_escape.sub(b"", chunk) if _lost_escapes(chunk) else chunk


def _lost_escapes(chunk: bytes) -> bool:
    return _COLOURS_END in chunk and b"\x1b" not in chunk


def _as_a_page_shows_it(chunk: bytes) -> bytes:
    for written, character in _OF_A_PAGE:
        if written in chunk:
            chunk = chunk.replace(written, character)
    return chunk


def _character(found: re.Match[bytes]) -> bytes:
    return chr(int(found[1], 16)).encode("utf-8", "replace")


def _as_a_space(found: re.Match[bytes]) -> bytes:
    before = found.string[max(found.start() - _LONGEST_PATH, 0) : found.start() + 1]
    word = before.rpartition(b" ")[2].rpartition(b'"')[2]
    return found[0] if _drive.search(word) else b" " * len(found[0])


def _cut_after_a_line(text: bytes) -> tuple[bytes, bytes]:
    """Lines that are whole, and the beginning of the next; a line without an end is cut wherever it is."""
    if len(text) < PIECE:
        return b"", text
    end = text.rfind(b"\n", OVERLAP * 2) + 1 or len(text)
    return text[:end], text[end:]


def _from_a_line(whole: bytes) -> bytes:
    """The last lines of a piece, with which the next one begins; of one enormous line its end."""
    begin = max(len(whole) - OVERLAP * 2, 0)
    return whole[whole.rfind(b"\n", begin, len(whole) - OVERLAP) + 1 or len(whole) - OVERLAP :]
