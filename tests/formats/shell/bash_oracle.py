"""Runs small scripts in bash, with a `docker` that writes down its words."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

_DOCKER = """#!/bin/sh
{ printf '%s\\037' "$@"; printf '\\036'; } >> "$LOG"
"""


def calls_in_bash(
    scripts: Iterable[str], variables: Mapping[str, str], files: Mapping[str, str], folder: Path
) -> list[list[list[str]]]:
    """For each script the words of each call of `docker`."""
    programs = folder / "programs"
    programs.mkdir()
    (programs / "docker").write_text(_DOCKER)
    (programs / "docker").chmod(0o755)
    return [
        _calls(script, variables, files, folder / f"run{number}", programs) for number, script in enumerate(scripts)
    ]


def _calls(
    script: str, variables: Mapping[str, str], files: Mapping[str, str], folder: Path, programs: Path
) -> list[list[str]]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
        (folder / name).chmod(0o755)
    log = folder.with_suffix(".log")
    log.touch()
    environment = {**variables, "PATH": f"{programs}:/usr/bin:/bin", "LOG": str(log), "LC_ALL": "C.UTF-8"}
    subprocess.run(
        ["bash", "-c", script, "bash"], env=environment, cwd=folder, capture_output=True, timeout=20, check=False
    )
    return [call.split("\x1f")[:-1] for call in log.read_text().split("\x1e")[:-1]]
