"""The smallest program that proves that a container runs: it prints one line and ends. Written without a compiler.

It is an executable of Linux in the form ELF, for one processor: one segment of code, with the line behind the code.
It needs no library, no shell and no file beside itself, so an image can hold it alone.
"""

import struct
from typing import Final

_BASE: Final = 0x400000
_ELF_HEADER: Final = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT: Final = struct.Struct("<IIQQQQQQ")
_CODE_AT: Final = _ELF_HEADER.size + _SEGMENT.size
_IDENT: Final = b"\x7fELF" + bytes([2, 1, 1, 0]) + bytes(8)  # 64 bits, little end first, version 1, System V
_EXECUTABLE: Final = 2
_LOAD: Final = 1
_READ_AND_RUN: Final = 5
_PAGE: Final = 0x10000
_LONGEST_LINE: Final = 1024

AMD64: Final = "amd64"
ARM64: Final = "arm64"
ARCHITECTURES: Final = (AMD64, ARM64)
_MACHINE: Final = {AMD64: 62, ARM64: 183}


def program_that_says(line: str, architecture: str) -> bytes:
    """`line` comes with its line break, if one is wanted. `architecture`: one of ARCHITECTURES."""
    said = line.encode()
    if len(said) > _LONGEST_LINE:
        raise ValueError(line)
    code = _code_of_amd64(len(said)) if architecture == AMD64 else _code_of_arm64(len(said))
    whole = _CODE_AT + len(code) + len(said)
    header = _ELF_HEADER.pack(
        _IDENT, _EXECUTABLE, _MACHINE[architecture], 1, _BASE + _CODE_AT, _ELF_HEADER.size, 0, 0,
        _ELF_HEADER.size, _SEGMENT.size, 1, 0, 0, 0,
    )  # fmt: skip
    segment = _SEGMENT.pack(_LOAD, _READ_AND_RUN, 0, _BASE, _BASE, whole, whole, _PAGE)
    return header + segment + code + said


def _code_of_amd64(length: int) -> bytes:
    """write(1, line, length); exit(0)"""
    after_address = b"\xba" + struct.pack("<I", length) + bytes.fromhex("0f05 b83c000000 31ff 0f05")
    return bytes.fromhex("b801000000 bf01000000 488d35") + struct.pack("<i", len(after_address)) + after_address


def _code_of_arm64(length: int) -> bytes:
    """The same. Each instruction has four bytes; the line stands behind the eighth, seven away from the second."""
    instructions = (
        0xD2800020,  # mov x0, 1
        0x10000001 | 7 << 5,  # adr x1, line
        0xD2800002 | length << 5,  # mov x2, length
        0xD2800808,  # mov x8, 64: write
        0xD4000001,  # svc 0
        0xD2800000,  # mov x0, 0
        0xD2800BA8,  # mov x8, 93: exit
        0xD4000001,  # svc 0
    )
    return struct.pack("<8I", *instructions)
