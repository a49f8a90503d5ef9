"""What somebody meets who starts the registry for the first time, and who starts it wrongly."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.journeys.crew import wharf
from wharf.testing.registry_process import RegistryProcess, free_port, without_settings

PATIENCE_SECONDS = 240


@pytest.fixture
def first_run(tmp_path: Path) -> list[str]:
    return ["bash", str(ROOT / "scripts" / "run"), f"127.0.0.1:{free_port()}", str(tmp_path / "data")]


def started_and_stopped(command: list[str], **environ: str) -> tuple[int, str]:
    """What `make run` says until it stays in the foreground, and how it ends at Ctrl-C."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**without_settings(os.environ), **environ},
    )
    said = ""
    try:
        assert process.stdout
        for line in process.stdout:
            said += line
            if "what may go" in line:
                break
        process.send_signal(signal.SIGINT)
        return process.wait(PATIENCE_SECONDS), said
    finally:
        process.kill()
        process.communicate()


def test_the_first_run_pushes_a_sample_and_says_what_to_type_next(first_run: list[str]) -> None:
    code, said = started_and_stopped(first_run)
    assert 0 == code
    assert "pushed 127.0.0.1:" in said
    assert f"{first_run[2]}/sample/greeter is public" in said
    assert f"wharf login {first_run[2]} -u admin" in said


def test_what_to_type_next_fits_a_terminal(first_run: list[str]) -> None:
    told = started_and_stopped(first_run)[1].partition("A registry is running")[2].splitlines()
    assert [] == [line for line in told if len(line) > 80 and first_run[3] not in line]


def test_the_first_run_shows_a_password_once(first_run: list[str]) -> None:
    assert "(it is not shown again)" in started_and_stopped(first_run)[1]
    assert "(it is not shown again)" not in started_and_stopped(first_run)[1]


def test_a_run_with_a_password_of_ones_own_does_not_show_it(first_run: list[str]) -> None:
    code, said = started_and_stopped(first_run, WHARF_ADMIN_PASSWORD="correct horse")
    assert 0 == code
    assert "pushed 127.0.0.1:" in said
    assert "correct horse" not in said


def test_a_second_run_goes_on_with_the_same_folder(first_run: list[str]) -> None:
    first = started_and_stopped(first_run, WHARF_ADMIN_PASSWORD="correct horse")
    assert first == started_and_stopped(first_run, WHARF_ADMIN_PASSWORD="correct horse")


def test_a_registry_whose_address_is_taken_says_so(registry: RegistryProcess, tmp_path: Path) -> None:
    ended = wharf("serve", "--data", tmp_path / "other", "--listen", registry.host)
    assert 3 == ended.code
    assert f"{registry.host} is in use by another program" in ended.complaint
    assert "--listen" in ended.complaint


def test_an_open_registry_is_not_served_to_other_machines(tmp_path: Path) -> None:
    ended = wharf("serve", "--data", tmp_path / "data", "--listen", "0.0.0.0:5000", "--open")
    assert 3 == ended.code
    assert "anybody" in ended.complaint


def test_a_wrong_setting_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "wharf.toml").write_text('data = "data"\nworkers = "many"\n')
    ended = wharf("serve", "--config", tmp_path / "wharf.toml")
    assert 3 == ended.code
    assert "workers" in ended.complaint
    assert "line 2" in ended.complaint
