from pathlib import Path

import pytest

from tests.client.raw_server import RawServer
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.shelf import Entry, Shelf

SHELL = {"bin/sh": Entry(b"\x7fELF" + b"\x02\x01\x01" + bytes(11) + b"\x3e\x00" + bytes(44))}


def elf(machine: int, interpreter: str = "") -> bytes:
    """A program of 64 bits, as little as there can be of one."""
    head = bytearray(64)
    head[:7] = b"\x7fELF\x02\x01\x01"
    head[18:20] = machine.to_bytes(2, "little")
    head[32:40], head[54:56] = (64).to_bytes(8, "little"), (56).to_bytes(2, "little")
    if not interpreter:
        return bytes(head)
    head[56:58] = (1).to_bytes(2, "little")
    segment = bytearray(56)
    segment[:4], segment[8:16] = (3).to_bytes(4, "little"), (120).to_bytes(8, "little")
    segment[32:40] = (len(interpreter) + 1).to_bytes(8, "little")
    return bytes(head + segment) + interpreter.encode() + b"\0"


def form(home: Path, files: dict[str, Entry], *entrypoint: str, platform: str = "linux/amd64") -> object:
    shelf = Shelf()
    shelf.image("team/app", "1.0", files=files, entrypoint=entrypoint, platform=platform)
    with RawServer(shelf.behave) as server:
        world = world_about(home, f"{server.host}/team/app:1.0", platform="linux/amd64")
        return known(world, "entrypoint").get("form")


@pytest.mark.parametrize(
    ("expected", "program"),
    [
        ("fine", b"#!/bin/sh\necho ready\n"),
        ("script-with-crlf", b"#!/bin/sh\r\necho ready\r\n"),
        ("script-without-interpreter", b"echo ready\n"),
        ("interpreter-missing", b"#!/bin/bash\necho ready\n"),
        ("fine", elf(62)),
        ("other-architecture", elf(183)),
        ("interpreter-missing", elf(62, "/lib64/ld-linux-x86-64.so.2")),
        ("fine", elf(62, "/bin/sh")),
    ],
)
def test_what_is_started(tmp_path: Path, expected: str, program: bytes) -> None:
    assert expected == form(tmp_path, {"app/start": Entry(program), **SHELL}, "/app/start")


def test_a_program_that_may_not_be_executed(tmp_path: Path) -> None:
    assert "not-executable" == form(tmp_path, {"start.sh": Entry(b"#!/bin/sh\n", 0o644), **SHELL}, "/start.sh")


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    assert "absent" == form(tmp_path, SHELL, "/start.sh")


def test_a_program_is_looked_for_along_path(tmp_path: Path) -> None:
    assert "fine" == form(tmp_path, {"usr/local/bin/app": Entry(elf(62))}, "app")


def test_a_script_that_a_shell_is_told_to_read_is_what_is_looked_at(tmp_path: Path) -> None:
    files = {"start.sh": Entry(b"#!/bin/sh\r\n"), **SHELL}

    assert "script-with-crlf" == form(tmp_path, files, "/bin/sh", "/start.sh")


def test_an_image_that_starts_nothing(tmp_path: Path) -> None:
    assert form(tmp_path, SHELL) is None
