"""The programs of Windows are played by scripts that write what these programs are documented to write."""

from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.scene import Scene

STATE = (
    "SERVICE_NAME: VaultSvc\n        TYPE               : 20  WIN32_SHARE_PROCESS\n        STATE              : {}\n"
)
START = "SERVICE_NAME: VaultSvc\n        START_TYPE         : {}\n"
POLICY = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa\n    DisableDomainCreds    REG_DWORD    {}\n"


def windows(
    folder: Path, *, state: str = "4  RUNNING", start: str = "3   DEMAND_START", policy: str | None = None
) -> Scene:
    programs = folder / "programs"
    programs.mkdir()
    answers = {"query": STATE.format(state), "qc": START.format(start)}
    script_in(
        programs / "sc.exe",
        f"case $1 in query) cat <<'E'\n{answers['query']}E\n;; qc) cat <<'E'\n{answers['qc']}E\n;; esac",
    )
    script_in(programs / "reg.exe", f"cat <<'E'\n{POLICY.format(policy)}E" if policy else "exit 1")
    return scene_in(folder, platform="win32", PATH=f"{programs}")


def script_in(place: Path, lines: str) -> None:
    place.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{lines}\n")
    place.chmod(0o755)


def test_all_is_well(tmp_path: Path) -> None:
    assert {"service": "running", "storing_forbidden": False} == facts_of("windows-vault", windows(tmp_path))


@pytest.mark.parametrize(("start", "word"), [("3   DEMAND_START", "stopped"), ("4   DISABLED", "disabled")])
def test_the_service_does_not_run(tmp_path: Path, start: str, word: str) -> None:
    assert word == facts_of("windows-vault", windows(tmp_path, state="1  STOPPED", start=start))["service"]


@pytest.mark.parametrize(("value", "forbidden"), [("0x1", True), ("0x0", False)])
def test_the_policy_forbids_storing(tmp_path: Path, value: str, *, forbidden: bool) -> None:
    assert forbidden == facts_of("windows-vault", windows(tmp_path, policy=value))["storing_forbidden"]


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    assert {} == facts_of("windows-vault", scene_in(tmp_path))


def test_without_its_programs_nothing_is_known(tmp_path: Path) -> None:
    assert {} == facts_of("windows-vault", scene_in(tmp_path, platform="win32"))
