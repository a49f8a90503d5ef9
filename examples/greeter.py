"""A greeter is the smallest thing that a machine can run: a Linux program of eight instructions that says one line.

Written down here byte by byte, since an example must work where there is no compiler and no base image to start from.
Its file is an ELF header, one segment header, the instructions, and the line.
"""

import struct
from collections.abc import Callable
from typing import Final

_ADDRESS: Final = 0x400000
_PAGE: Final = 0x10000  # the largest page that a Linux kernel uses
_HEADERS: Final = struct.Struct("<16s HHIQQQIHHHHHH IIQQQQQQ")
_MAGIC: Final = b"\x7fELF\x02\x01\x01"  # 64 bits, little end first, version 1


def greeter(architecture: str, line: bytes) -> bytes:
    """A program that writes the line to its output and ends well."""
    machine, instructions = _PROCESSORS[architecture]
    code = instructions(len(line))
    size = _HEADERS.size + len(code) + len(line)
    file = (_MAGIC, 2, machine, 1, _ADDRESS + _HEADERS.size, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = (1, 5, 0, _ADDRESS, _ADDRESS, size, size, _PAGE)
    return _HEADERS.pack(*file, *segment) + code + line


def _amd64(length: int) -> bytes:
    """The line lies right behind the code: 16 bytes after the instruction that asks where."""
    return b"".join(
        (
            b"\xb8\x01\x00\x00\x00",  # mov eax, 1          write
            b"\xbf\x01\x00\x00\x00",  # mov edi, 1          to standard output
            b"\x48\x8d\x35" + struct.pack("<I", 16),  # lea rsi, [rip + 16]
            b"\xba" + struct.pack("<I", length),  # mov edx, length
            b"\x0f\x05",  # syscall
            b"\xb8\x3c\x00\x00\x00",  # mov eax, 60         exit
            b"\x31\xff",  # xor edi, edi        with 0
            b"\x0f\x05",  # syscall
        )
    )


def _arm64(length: int) -> bytes:
    return struct.pack(
        "<8I",
        0xD2800808,  # mov x8, 64          write
        0xD2800020,  # mov x0, 1           to standard output
        0x100000C1,  # adr x1, . + 24
        0xD2800002 | length << 5,  # mov x2, length
        0xD4000001,  # svc 0
        0xD2800BA8,  # mov x8, 93          exit
        0xD2800000,  # mov x0, 0           with 0
        0xD4000001,  # svc 0
    )


_PROCESSORS: Final[dict[str, tuple[int, Callable[[int], bytes]]]] = {"amd64": (62, _amd64), "arm64": (183, _arm64)}
ARCHITECTURES: Final = tuple(_PROCESSORS)
