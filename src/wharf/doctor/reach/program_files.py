"""The program that a container starts, as it lies in the image: found as the kernel finds it, and looked into.

A program of the machine begins with a word of its own that names the processor; a script names who reads it on its
first line, and a line end of Windows there becomes part of that name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wharf.images.layer_files import Kind, LayerFile, normal_path
from wharf.oci.config import Runtime
from wharf.oci.platform import Platform

MOST_KEPT: Final = 32 * 1024 * 1024
_MOST_LINKS: Final = 40
_USUAL_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ELF: Final = b"\x7fELF"
_PROGRAM_INTERPRETER: Final = 3
_MOST_SEGMENTS: Final = 64
_SHELLS: Final = frozenset({"/bin/sh", "/bin/bash", "sh", "bash", "/bin/ash", "/usr/bin/env"})
_PROCESSORS: Final = {
    3: "386",
    8: "mips64le",
    21: "ppc64le",
    22: "s390x",
    40: "arm",
    62: "amd64",
    183: "arm64",
    243: "riscv64",
    258: "loong64",
}

Files = Mapping[str, LayerFile]


@dataclass(frozen=True, slots=True)
class Found:
    """`form`: what is wrong with it, or fine. `detail`: the interpreter or processor that it names."""

    form: str
    path: str
    detail: str = ""


def program_in(files: Files, runtime: Runtime, wanted: Platform) -> Found | None:
    """Nothing where the image starts nothing by itself, or what it starts cannot be looked into."""
    called = _called(runtime)
    if not called:
        return None
    path, file = _found(files, called, runtime)
    if file is None:
        return Found("absent", path)
    if file.kind is not Kind.FILE or file.content is None:
        return None
    if not file.mode & 0o111:
        return Found("not-executable", path)
    return _looked_into(files, path, file.content, wanted)


def _called(runtime: Runtime) -> str:
    """The first word; where that is a shell with a script for it, the script: it is what has the flaw."""
    words = (*runtime.entrypoint, *runtime.cmd)
    if len(words) > 1 and words[0] in _SHELLS and words[1].startswith(("/", "./")):
        return words[1]
    return words[0] if words else ""


def _found(files: Files, called: str, runtime: Runtime) -> tuple[str, LayerFile | None]:
    if "/" in called:
        path = normal_path(called if called.startswith("/") else f"{runtime.working_dir}/{called}")
        return f"/{path}", resolved(files, path)
    variables = dict(pair.split("=", 1) for pair in runtime.env if "=" in pair)
    for folder in (variables.get("PATH") or _USUAL_PATH).split(":"):
        path = normal_path(f"{folder}/{called}")
        if (file := resolved(files, path)) is not None:
            return f"/{path}", file
    return called, None


def resolved(files: Files, path: str) -> LayerFile | None:
    """The file behind a path, along symbolic links, also of folders on the way."""
    left, done, links = normal_path(path).split("/"), "", 0
    while left:
        done, left = (f"{done}/{left[0]}" if done else left[0]), left[1:]
        file = files.get(done)
        if file is not None and file.kind is Kind.SYMBOLIC:
            links += 1
            if links > _MOST_LINKS:
                return None
            folder = "" if file.target.startswith("/") else done.rpartition("/")[0]
            left, done = [*normal_path(f"{folder}/{file.target}").split("/"), *left], ""
    return files.get(done)


def _looked_into(files: Files, path: str, content: bytes, wanted: Platform) -> Found:
    if content.startswith(_ELF):
        return _of_program(files, path, content, wanted)
    if not content.startswith(b"#!"):
        return Found("script-without-interpreter", path)
    line = content.split(b"\n", 1)[0][2:]
    if line.endswith(b"\r"):
        return Found("script-with-crlf", path, line.decode("utf-8", "replace").strip())
    words = line.decode("utf-8", "replace").split()
    if not words:
        return Found("script-without-interpreter", path)
    return Found("fine" if resolved(files, words[0]) else "interpreter-missing", path, words[0])


def _of_program(files: Files, path: str, content: bytes, wanted: Platform) -> Found:
    order = "big" if content[5:6] == b"\x02" else "little"
    number = int.from_bytes(content[18:20], "big" if order == "big" else "little")
    processor = _PROCESSORS.get(number, str(number))
    if not Platform("linux", processor).matches(Platform("linux", wanted.architecture)) and not (
        processor == "386" and wanted.architecture == "amd64"
    ):
        return Found("other-architecture", path, processor)
    interpreter = _interpreter(content) if order == "little" else ""
    if interpreter and resolved(files, interpreter) is None:
        return Found("interpreter-missing", path, interpreter)
    return Found("fine", path, processor)


def _interpreter(content: bytes) -> str:
    """The loader of a program that is linked when it starts; nothing for one that is whole by itself."""

    def number(at: int, size: int) -> int:
        return int.from_bytes(content[at : at + size], "little")

    is_wide = content[4:5] == b"\x02"
    start, size, count = (number(32, 8), number(54, 2), number(56, 2)) if is_wide else (
        number(28, 4), number(42, 2), number(44, 2)
    )  # fmt: skip
    for index in range(min(count, _MOST_SEGMENTS)):
        at = start + index * size
        if number(at, 4) == _PROGRAM_INTERPRETER:
            place, length = (
                (number(at + 8, 8), number(at + 32, 8)) if is_wide else (number(at + 4, 4), number(at + 16, 4))
            )
            return content[place : place + min(length, 256)].rstrip(b"\0").decode("utf-8", "replace")
    return ""
