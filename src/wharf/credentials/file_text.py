"""The bytes of a file of credentials, as text: what editors and shells put around it is taken away, and told.

Windows PowerShell writes UTF-16, or UTF-8 behind a byte order mark. Docker and Podman stumble over both.
"""

import codecs
from dataclasses import dataclass, field

_ADVICE = "write it as UTF-8 without a mark, in PowerShell: [IO.File]::WriteAllText(path, text)"


@dataclass(frozen=True, slots=True)
class FileText:
    text: str = field(repr=False)
    remark: str = ""
    """What is unusual, and what to do about it."""
    whole: bool = True
    """Not so where bytes are no characters."""


def file_text(raw: bytes) -> FileText:
    if raw.startswith(codecs.BOM_UTF8):
        return _read(raw[3:], "utf-8", "it begins with a byte order mark, which docker does not read")
    if raw.startswith(codecs.BOM_UTF16_LE) or raw[1:2] == b"\0":
        return _read(raw, "utf-16-le", "it is written in UTF-16, which docker does not read")
    if raw.startswith(codecs.BOM_UTF16_BE) or (raw[:1] == b"\0" and len(raw) > 1):
        return _read(raw, "utf-16-be", "it is written in UTF-16, which docker does not read")
    return _read(raw, "utf-8", "")


def _read(raw: bytes, encoding: str, remark: str) -> FileText:
    advice = f"{remark}; {_ADVICE}" if remark else ""
    try:
        return FileText(raw.decode(encoding).removeprefix("\ufeff"), advice)
    except UnicodeDecodeError as problem:
        remark = f"byte {problem.start + 1} is no character of {encoding}; {_ADVICE}"
    return FileText(raw.decode(encoding, "replace").removeprefix("\ufeff"), remark, whole=False)
