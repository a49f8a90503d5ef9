import platform
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from wharf.doctor.check.program import AMD64, ARCHITECTURES, ARM64, program_that_says

HEADERS = 64 + 56
HERE = {"x86_64": AMD64, "aarch64": ARM64}.get(platform.machine(), "")


@pytest.mark.skipif(not (HERE and sys.platform == "linux"), reason="not a Linux of one of these processors")
@pytest.mark.parametrize("line", ["hello\n", "", "안녕하십니까\n", "x" * 1000])
def test_the_program_of_this_machine_runs_and_says_its_line(line: str, tmp_path: Path) -> None:
    program = tmp_path / "check"
    program.write_bytes(program_that_says(line, HERE))
    program.chmod(0o700)
    done = subprocess.run([program], capture_output=True, timeout=60, check=False, env={})
    assert (0, line.encode(), b"") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(("architecture", "machine"), [(AMD64, 62), (ARM64, 183)])
def test_it_is_an_executable_for_its_processor(architecture: str, machine: int) -> None:
    program = program_that_says("hello\n", architecture)
    assert b"\x7fELF\x02\x01\x01" == program[:7]
    kind, for_machine, _, entry = struct.unpack_from("<HHIQ", program, 16)
    assert (2, machine, 0x400000 + HEADERS) == (kind, for_machine, entry)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_all_of_it_is_loaded(architecture: str) -> None:
    program = program_that_says("hello\n", architecture)
    assert (len(program), len(program)) == struct.unpack_from("<QQ", program, 64 + 32)


def test_on_arm64_the_address_of_the_line_is_right() -> None:
    """There is no such processor here to run it on: its eight instructions are read."""
    program = program_that_says("hello\n", ARM64)
    instructions = struct.unpack_from("<8I", program, HEADERS)
    address = instructions[1]
    distance = (address >> 5 & 0x7FFFF) << 2 | address >> 29 & 3
    assert b"hello\n" == program[HEADERS + 4 + distance :]
    assert len("hello\n") == instructions[2] >> 5 & 0xFFFF
    assert [1, 64, 0, 93] == [instructions[index] >> 5 & 0xFFFF for index in (0, 3, 5, 6)]


def test_a_line_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="xxx"):
        program_that_says("x" * 2000, AMD64)
